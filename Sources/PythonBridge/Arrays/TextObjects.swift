internal import CPython
internal import TensorCore

/// The bytes or str objects for a tensor's strings, as the elements of an array.
///
/// If a function returns that array, or a view of it, the strings are found without a conversion.
///
/// It is released by the last array that refers to it, and so with the GIL held, as releasing the objects
/// requires.
///
/// `@unchecked Sendable`: nothing is written after initialisation.
@safe
final class TextObjects: @unchecked Sendable {
  /// The strings from which the objects were made.
  let strings: StringStorage

  /// The address of the first object; valid even if there are no objects.
  let start: UnsafeMutablePointer<OpaquePointer>

  private let first: Int
  private let count: Int

  /// Creates the objects for `count` strings, beginning at index `first`.
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
    // All elements are initialised now.
    unsafe self.start = UnsafeMutableRawPointer(start).assumingMemoryBound(to: OpaquePointer.self)
    (self.strings, self.first, self.count) = (strings, first, count)
  }

  deinit {
    let start = unsafe UnsafeMutableRawPointer(start)
      .assumingMemoryBound(to: OpaquePointer?.self)
    unsafe cpy_release_all(start, count)
    unsafe start.deallocate()
  }

  /// The index of the string whose object is at `address`.
  func index(of address: UnsafeMutableRawPointer) -> Int {
    unsafe first + (address - UnsafeMutableRawPointer(start)) / MemoryLayout<OpaquePointer>.stride
  }
}
