internal import Foundation

/// Where results are printed.
enum StandardOutput {
  /// Writes one line, or several.
  ///
  /// A reader that has seen enough (`| head -1`) is no error: the rest is dropped.
  ///
  /// - Throws: `Failure`, as on a full disk.
  static func print(_ text: String) throws {
    var bytes = Array("\(text)\n".utf8)[...]
    while !bytes.isEmpty {
      let count = unsafe bytes.withUnsafeBytes { bytes in
        unsafe write(STDOUT_FILENO, bytes.baseAddress, bytes.count)
      }
      if count >= 0 {
        bytes.removeFirst(count)
      } else if errno == EPIPE {
        return
      } else if errno != EINTR {
        throw Failure("standard output: \(unsafe String(cString: strerror(errno)))")
      }
    }
  }
}

/// Where is said what is no result.
enum StandardError {
  /// Writes one line; that nobody can read it is no error.
  static func print(_ text: String) {
    try? FileHandle.standardError.write(contentsOf: Data("\(text)\n".utf8))
  }
}
