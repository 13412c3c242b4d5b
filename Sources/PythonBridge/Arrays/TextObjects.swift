internal import CPython
internal import TensorCore

/// The bytes or str objects of a tensor's strings, as the elements of an array: where that array, or a
/// view of it, comes back, the strings are known.
///
/// It goes with the last array that has it, and so with the GIL held, which dropping the objects needs.
///
/// `@unchecked Sendable`: nothing is written once it is made.
@safe
final class TextObjects: @unchecked Sendable {
  /// What the objects were made of.
  let strings: StringStorage

  /// The first object; there is an address even if there is none.
  let start: UnsafeMutablePointer<OpaquePointer>

  private let first: Int
  private let count: Int

  /// Makes the objects of `count` strings from number `first` on.
  ///
  /// - Throws: `PythonError`: `UnicodeDecodeError` where text is no UTF-8.
  init(
    of strings: StringStorage, first: Int, count: Int, isText: Bool, _ gil: borrowing GIL
  ) throws(PythonError) {
    let start = UnsafeMutablePointer<OpaquePointer?>.allocate(capacity: max(count, 1))
    let isMade = unsafe strings.bytes.withUnsafeBufferPointer { bytes in
      unsafe strings.offsets.withUnsafeBufferPointer { offsets in
        guard let offsets = offsets.baseAddress else { return count == 0 }
        return unsafe cpy_make_texts(isText, bytes.baseAddress, offsets + first, count, start)
      }
    }
    guard isMade else {
      unsafe start.deallocate()
      throw PythonError(takingFrom: gil)
    }
    // Each of them is there now.
    unsafe self.start = UnsafeMutableRawPointer(start).assumingMemoryBound(to: OpaquePointer.self)
    (self.strings, self.first, self.count) = (strings, first, count)
  }

  deinit {
    let start = unsafe UnsafeMutableRawPointer(start)
      .assumingMemoryBound(to: OpaquePointer?.self)
    unsafe cpy_release_all(start, count)
    unsafe start.deallocate()
  }

  /// The number of the string whose object is at `address`.
  func index(of address: UnsafeMutableRawPointer) -> Int {
    unsafe first + (address - UnsafeMutableRawPointer(start)) / MemoryLayout<OpaquePointer>.stride
  }
}
