internal import Foundation
internal import NumPyFunctions

/// A file that is to be written: all of it, or nothing.
struct TargetFile {
  /// As the user names it.
  private let name: String
  private let path: FilePath
  private let replacesExisting: Bool

  /// A file that can be written, as far as that can be known before.
  ///
  /// - Throws: `Failure` when it exists and is not to be replaced, or its folder does not.
  init(_ name: String, replacesExisting: Bool) throws {
    self.name = name
    self.replacesExisting = replacesExisting
    // What a link points to is replaced, not the link.
    let path = try FilePath(name).absolute()
    self.path = replacesExisting ? path.followed : path
    let folder = self.path.folder
    guard let mode = folder.target, mode & S_IFMT == S_IFDIR else {
      throw Failure("\(name): there is no folder \(folder.text)")
    }
    guard unsafe folder.text.withSystemText({ unsafe access($0, W_OK) }) == 0 else {
      throw Failure("\(name): the folder \(folder.text) is not writable")
    }
    guard let entry = self.path.entry else { return }
    guard replacesExisting else {
      throw Failure("\(name) exists; add --force to replace it")
    }
    guard entry & S_IFMT == S_IFREG else {
      throw Failure("\(name) is no ordinary file, and is not replaced; name another")
    }
  }

  /// Has `body` write a file beside the target, and has that appear in its place at once.
  ///
  /// - Throws: `Failure`, and what `body` throws; then the target is what it was before.
  func write(_ body: (FilePath) throws -> Void) throws {
    let temporary = FilePath("\(path.folder.text)/.numpyfn-\(UUID().uuidString).tmp")
    let cleanup = SignalCleanup(removing: temporary)
    defer {
      _ = unsafe temporary.text.withSystemText { unsafe unlink($0) }
      cleanup.end()
    }
    try body(temporary)
    try unsafe temporary.text.withTwo(path.text) { source, target in
      replacesExisting ? try unsafe replace(source, target) : try unsafe link(source, target)
    }
  }

  /// Writes these bytes.
  ///
  /// - Throws: `Failure`; then the target is what it was before.
  func write(_ bytes: some Sequence<UInt8>) throws {
    try write { temporary in
      let flags = O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC
      let file = unsafe temporary.text.withSystemText { unsafe open($0, flags, 0o666) }
      guard file >= 0 else { throw failure() }
      let handle = FileHandle(fileDescriptor: file, closeOnDealloc: true)
      do {
        try handle.write(contentsOf: Data(bytes))
        try handle.close()
      } catch {
        throw Failure("\(name): \(error.reason)")
      }
    }
  }

  @unsafe private func replace(
    _ source: UnsafePointer<CChar>, _ target: UnsafePointer<CChar>
  ) throws {
    if let mode = path.target { _ = unsafe chmod(source, mode & 0o7777) }
    guard unsafe rename(source, target) == 0 else { throw failure() }
  }

  /// A link, unlike a renamed file, never takes the place of one that has appeared meanwhile.
  @unsafe private func link(
    _ source: UnsafePointer<CChar>, _ target: UnsafePointer<CChar>
  ) throws {
    guard unsafe Foundation.link(source, target) != 0 else { return }
    throw errno == EEXIST
      ? Failure("\(name): it has appeared meanwhile; add --force to replace it")
      : Failure("\(name): cannot be linked into place here (\(FilePath.reason)); add --force")
  }

  private func failure() -> Failure { Failure("\(name): \(FilePath.reason)") }
}

extension String {
  /// Calls `body` with both texts as the system's functions take them.
  @unsafe fileprivate func withTwo(
    _ other: String, _ body: (UnsafePointer<CChar>, UnsafePointer<CChar>) throws -> Void
  ) rethrows {
    try unsafe withSystemText { first in
      try unsafe other.withSystemText { second in try unsafe body(first, second) }
    }
  }
}
