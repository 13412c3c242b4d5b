internal import Foundation
internal import NumPyFunctions

/// Where results are printed.
enum StandardOutput {
  /// Writes one line, or several.
  ///
  /// A reader that has seen enough (`| head -1`) is no error: the rest is dropped.
  ///
  /// - Throws: `Failure`, as on a full disk.
  static func print(_ text: String) throws {
    try write(Array("\(text)\n".utf8))
  }

  /// Writes text with the system's paths in it, as they are.
  ///
  /// - Throws: `Failure`, as on a full disk.
  static func print(withPaths text: String) throws { try write("\(text)\n".systemBytes) }

  private static func write(_ bytes: [UInt8]) throws {
    var bytes = bytes[...]
    while !bytes.isEmpty {
      let count = unsafe bytes.withUnsafeBytes { bytes in
        unsafe Foundation.write(STDOUT_FILENO, bytes.baseAddress, bytes.count)
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
    try? FileHandle.standardError.write(contentsOf: Data("\(text)\n".systemBytes))
  }
}
