internal import Foundation
internal import NumPyFunctions

/// The output for results.
enum StandardOutput {
  /// Writes one line, or several.
  ///
  /// A closed pipe (`| head -1`) is no error: the rest of the output is discarded.
  ///
  /// - Throws: `Failure`, as on a full disk.
  static func print(_ text: String) throws {
    try write(Array("\(text)\n".utf8))
  }

  /// Writes text that contains system paths, without changing their bytes.
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

/// The output for messages.
enum StandardError {
  /// Writes one line.
  ///
  /// A failure to write is ignored.
  static func print(_ text: String) {
    try? FileHandle.standardError.write(contentsOf: Data("\(text)\n".systemBytes))
  }
}
