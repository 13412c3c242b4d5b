internal import Foundation
internal import NumPyFunctions

/// A file that is written completely or not at all.
struct TargetFile {
  /// The path as the user wrote it.
  private let name: String
  private let path: FilePath
  private let replacesExisting: Bool

  /// Checks in advance, as far as possible, that the file can be written.
  ///
  /// - Throws: `Failure` when the file exists and must not be replaced, or when its folder does not
  ///   exist.
  init(_ name: String, replacesExisting: Bool) throws {
    self.name = name
    self.replacesExisting = replacesExisting
    // The target of a link is replaced, not the link.
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

  /// Lets `body` write a temporary file next to the target, which then replaces the target
  /// atomically.
  ///
  /// - Throws: `Failure`, and what `body` throws; the target is then unchanged.
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
  /// - Throws: `Failure`; the target is then unchanged.
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

  /// Creates a hard link, which, unlike a rename, never replaces a file that was created in the
  /// meantime.
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
  /// Calls `body` with both texts as C strings for system calls.
  @unsafe fileprivate func withTwo(
    _ other: String, _ body: (UnsafePointer<CChar>, UnsafePointer<CChar>) throws -> Void
  ) rethrows {
    try unsafe withSystemText { first in
      try unsafe other.withSystemText { second in try unsafe body(first, second) }
    }
  }
}
