package import Foundation
package import TensorCore

/// An .npz file of arrays that this package writes.
package enum ReferenceArrays {
  /// Held while a file is read, changed and written: tests run at the same time.
  private static let lock = Locked(())

  /// Writes arrays to an .npz file that `numpy.load` reads; there is never half a file.
  ///
  /// - Throws: what the system answers; `TensorError` when a tensor is symbolic or has strings.
  package static func write(_ arrays: [(key: String, value: Tensor)], to url: URL) throws {
    let members = try arrays.map { ("\($0.key).npy", try ArrayHeader.file(of: $0.value)) }
    try FileManager.default.createDirectory(
      at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
    try ZipArchive.file(of: members).write(to: url, options: .atomic)
  }

  /// Replaces the arrays of these keys in a file, which is made where there is none.
  ///
  /// - Throws: as ``write(_:to:)``, and `TensorError` when the file that is there cannot be read.
  package static func update(
    _ url: URL, with arrays: [(key: String, value: Tensor)],
    removing isOld: (String) -> Bool
  ) throws {
    try lock.withLock { _ in
      var all: [(key: String, value: Tensor)] = []
      if FileManager.default.fileExists(atPath: url.path) {
        all = try ArrayFile(contentsOf: url).tensors()
      }
      all.removeAll { entry in isOld(entry.key) || arrays.contains { $0.key == entry.key } }
      // The order does not depend on which test ran first, so that a file changes only where values do.
      try write((all + arrays).sorted { $0.key < $1.key }, to: url)
    }
  }
}
