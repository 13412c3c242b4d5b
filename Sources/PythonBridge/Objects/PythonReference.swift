internal import CPython

/// One owned reference to a Python object, which is dropped with this handle, on any thread.
///
/// `@unchecked Sendable`: the pointer never changes, and the object is accessed only with the GIL
/// held.
@safe
package final class PythonReference: @unchecked Sendable {
  /// The object, valid while the handle lives.
  ///
  /// Use it with the GIL held.
  package let pointer: OpaquePointer

  /// Takes ownership of the caller's reference.
  @unsafe package init(owning pointer: OpaquePointer) {
    unsafe self.pointer = pointer
  }

  /// Adds a reference to an object that the caller has borrowed.
  @unsafe package init(sharing pointer: OpaquePointer, _ gil: borrowing GIL) {
    unsafe cpy_retain(pointer)
    unsafe self.pointer = pointer
  }

  deinit {
    unsafe PendingReleases.release(pointer)
  }
}

/// A Python object whose memory a tensor has adopted.
final class AdoptedMemory: Sendable {
  private let reference: PythonReference
  private let byteCount: Int

  /// Keeps a reference to an object with `byteCount` bytes of memory.
  ///
  /// The size decides how soon the reference is dropped when the last tensor is released without
  /// the GIL.
  init(_ reference: PythonReference, byteCount: Int) {
    self.reference = reference
    self.byteCount = byteCount
  }

  deinit {
    PendingReleases.announce(byteCount)
  }
}

extension GIL {
  /// The object that a C function returned, or the exception that it set.
  ///
  /// - Throws: `PythonError`.
  @unsafe borrowing func owned(_ result: OpaquePointer?) throws(PythonError) -> PythonReference {
    guard let result = unsafe result else { throw PythonError(takingFrom: self) }
    return unsafe PythonReference(owning: result)
  }

  /// Throws the exception that a C function set when it answered false.
  ///
  /// - Throws: `PythonError`.
  borrowing func check(_ succeeded: Bool) throws(PythonError) {
    if !succeeded { throw PythonError(takingFrom: self) }
  }
}
