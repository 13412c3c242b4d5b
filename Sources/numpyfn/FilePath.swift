internal import Foundation
internal import NumPyFunctions

/// A path, which may contain any bytes.
struct FilePath {
  /// The path in the form of `String(systemBytes:)`.
  let text: String

  init(_ text: String) { self.text = text }

  /// The absolute path, since Python code may change the current directory.
  ///
  /// - Throws: `Failure` when the current folder is gone.
  func absolute() throws -> FilePath {
    if text.hasPrefix("/") { return self }
    guard let folder = unsafe getcwd(nil, 0) else {
      throw Failure("the current folder: \(FilePath.reason)")
    }
    defer { unsafe free(folder) }
    return FilePath("\(unsafe String(systemText: folder))/\(text)")
  }

  /// The folder that the file lies in.
  var folder: FilePath {
    guard let slash = text.utf8.lastIndex(of: UInt8(ascii: "/")) else { return FilePath(".") }
    return FilePath(slash == text.startIndex ? "/" : String(text[..<slash]))
  }

  /// The mode of the file, without following a link in the last component; nil if there is no file.
  var entry: mode_t? {
    var info = stat()
    let result = unsafe text.withSystemText { unsafe lstat($0, &info) }
    return result == 0 ? info.st_mode : nil
  }

  /// The mode of the file, following links; nil if there is no file.
  var target: mode_t? {
    var info = stat()
    let result = unsafe text.withSystemText { unsafe stat($0, &info) }
    return result == 0 ? info.st_mode : nil
  }

  /// The file that a link at the end of the path points to, which need not exist.
  var followed: FilePath {
    var path = self
    // The system's limit for links.
    for _ in 0..<40 {
      guard let mode = path.entry, mode & S_IFMT == S_IFLNK else { break }
      var buffer = [CChar](repeating: 0, count: Int(PATH_MAX) + 1)
      let count = unsafe path.text.withSystemText { unsafe readlink($0, &buffer, Int(PATH_MAX)) }
      guard count > 0 else { break }
      let next = String(systemBytes: buffer.prefix(count).map { UInt8(bitPattern: $0) })
      path = FilePath(next.hasPrefix("/") ? next : "\(path.folder.text)/\(next)")
    }
    return path
  }

  /// The bytes of the file, or of standard input.
  ///
  /// - Throws: `Failure` when it cannot be read, or holds more than `limit`.
  static func contents(of path: FilePath?, limit: Int) throws -> [UInt8] {
    let name = path?.text ?? "standard input"
    let file = unsafe path?.text.withSystemText { unsafe open($0, O_RDONLY | O_CLOEXEC) } ?? 0
    guard file >= 0 else { throw Failure("\(name): \(reason)") }
    defer { if path != nil { close(file) } }
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      let count = unsafe read(file, &buffer, buffer.count)
      if count < 0 && errno == EINTR { continue }
      guard count >= 0 else { throw Failure("\(name): \(reason)") }
      if count == 0 { return bytes }
      bytes += buffer.prefix(count)
      guard bytes.count <= limit else {
        throw Failure("\(name): it holds more than \(limit >> 20) MiB, which is the limit")
      }
    }
  }

  /// The system's error message for the last call.
  static var reason: String { unsafe String(cString: strerror(errno)) }
}
