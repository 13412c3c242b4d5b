internal import CPython

/// One owned reference to a Python object, dropped with this handle, on whichever thread that is.
///
/// `@unchecked Sendable`: the pointer never changes, and what it points to is touched under the GIL
/// only.
@safe
package final class PythonReference: @unchecked Sendable {
  /// The object, valid while the handle lives, to be used under the GIL.
  package let pointer: OpaquePointer

  /// Takes over a reference that the caller owns.
  @unsafe package init(owning pointer: OpaquePointer) {
    unsafe self.pointer = pointer
  }

  /// Adds a reference to an object that somebody else owns.
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

  /// `byteCount` is the size of the memory: much of it is not kept waiting when the last tensor is
  /// dropped without the GIL.
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
