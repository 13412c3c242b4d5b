internal import CPython

/// One owned reference to a Python object, dropped with this handle, on whichever thread that is.
///
/// `@unchecked Sendable`: the pointer never changes, and what it points to is touched under the GIL
/// only.
@safe
package final class PythonReference: @unchecked Sendable {
  /// The object, valid while the handle lives, to be used under the GIL.
  package let pointer: OpaquePointer

  private let byteCount: Int

  /// Takes over a reference that the caller owns.
  ///
  /// `byteCount` is the size of the memory that lives and dies with the object; a large one is not
  /// kept waiting when the handle is dropped without the GIL.
  @unsafe package init(owning pointer: OpaquePointer, byteCount: Int = 0) {
    unsafe self.pointer = pointer
    self.byteCount = byteCount
  }

  /// Adds a reference to an object that somebody else owns.
  @unsafe package init(sharing pointer: OpaquePointer, _ gil: borrowing GIL) {
    unsafe cpy_retain(pointer)
    unsafe self.pointer = pointer
    byteCount = 0
  }

  deinit {
    unsafe PendingReleases.release(pointer, byteCount: byteCount)
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
