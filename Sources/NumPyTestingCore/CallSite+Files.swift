package import Foundation

extension CallSite {
  /// The folder of the source file.
  package var folder: URL { URL(filePath: "\(filePath)").deletingLastPathComponent() }

  /// The file of recorded reference values: `References/SoftmaxTests.npz` beside `SoftmaxTests.swift`.
  package var referenceFile: URL {
    let name = URL(filePath: "\(filePath)").deletingPathExtension().lastPathComponent
    return folder.appending(path: "References").appending(path: "\(name).npz")
  }
}

extension URL {
  /// The file at a path that may be relative to this folder.
  package func appending(relativeOrAbsolute path: String) -> URL {
    path.hasPrefix("/") ? URL(filePath: path) : appending(path: path)
  }
}
