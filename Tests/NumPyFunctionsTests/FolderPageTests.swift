import Foundation
import Testing

/// The pages that name the files of each folder.
@Suite struct FolderPageTests {
  private static let root = URL(filePath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent()

  private static let modules = ["Sources/GraphCore", "Sources/PythonBridge"]

  private static func names(in folder: String) throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: root.appending(path: folder).path).sorted()
  }

  private static func folders(of module: String) throws -> [String] {
    try names(in: module).map { "\(module)/\($0)" }
  }

  @Test(arguments: modules)
  func `a module has folders, each with a page, and no loose file`(module: String) throws {
    for folder in try Self.folders(of: module) {
      #expect(try Self.names(in: folder).contains("README.md"), "\(folder)")
    }
  }

  @Test func `each file that a page names is there`() throws {
    let pages =
      try ["CONTRIBUTING.md", "Sources/NumPyFunctions/README.md"]
      + Self.modules.flatMap(Self.folders).map { "\($0)/README.md" }
    for page in pages {
      let text = try String(contentsOf: Self.root.appending(path: page), encoding: .utf8)
      let folder = URL(filePath: page, relativeTo: Self.root).deletingLastPathComponent()
      let files = text.split(separator: "`").filter { $0.hasSuffix(".swift") || $0.hasSuffix(".c") }
      #expect(!files.isEmpty, "\(page)")
      for file in files {
        let places = [
          folder.appending(path: String(file)), Self.root.appending(path: String(file)),
        ]
        #expect(
          places.contains { FileManager.default.fileExists(atPath: $0.standardizedFileURL.path) },
          "\(page) names \(file)")
      }
    }
  }
}
