internal import Foundation

/// A file that is written without NumPy, such as a picture: all of it, or nothing.
struct TextFile {
  /// As the user names it.
  private let name: String
  private let target: URL
  private let replacesExisting: Bool

  /// A file that can be written, as far as that can be known before.
  ///
  /// - Throws: `Failure` when it exists and is not to be replaced, or its folder does not.
  init(_ name: String, replacesExisting: Bool) throws {
    self.name = name
    self.replacesExisting = replacesExisting
    // What a link points to is replaced, not the link.
    let url = URL(fileURLWithPath: name)
    target = replacesExisting ? url.resolvingSymlinksInPath() : url
    let (files, folder) = (FileManager.default, target.deletingLastPathComponent().path)
    var isFolder: ObjCBool = false
    guard unsafe files.fileExists(atPath: folder, isDirectory: &isFolder), isFolder.boolValue else {
      throw Failure("\(name): there is no folder \(folder)")
    }
    guard files.isWritableFile(atPath: folder) else {
      throw Failure("\(name): the folder \(folder) is not writable")
    }
    guard let type = try? files.attributesOfItem(atPath: target.path)[.type] else { return }
    guard replacesExisting else {
      throw Failure("\(name) exists; add --force to replace it")
    }
    guard type as? FileAttributeType == .typeRegular else {
      throw Failure("\(name) is no ordinary file, and is not replaced; name another")
    }
  }

  /// Writes beside the target, and has it appear there at once.
  ///
  /// - Throws: `Failure`; then the file is what it was before.
  func write(_ data: Data) throws {
    let temporary = target.deletingLastPathComponent().appendingPathComponent(
      ".numpyfn-\(UUID().uuidString).tmp")
    let cleanup = SignalCleanup(removing: temporary.path)
    defer {
      try? FileManager.default.removeItem(at: temporary)
      cleanup.end()
    }
    do {
      try data.write(to: temporary, options: .withoutOverwriting)
      if replacesExisting {
        try moveIntoPlace(temporary)
      } else {
        // A link, unlike a renamed file, never takes the place of one that has appeared meanwhile.
        try FileManager.default.linkItem(at: temporary, to: target)
      }
    } catch {
      throw Failure("\(name): \(error.reason)")
    }
  }

  private func moveIntoPlace(_ temporary: URL) throws {
    guard unsafe rename(temporary.path, target.path) == 0 else {
      throw POSIXError(POSIXErrorCode(rawValue: errno) ?? .EIO)
    }
  }
}
