internal import CPython
internal import TensorCore

/// A Swift error inside an exception of class `numpyfn.SwiftError`.
private final class ErrorBox: Sendable {
  let error: any Error

  init(_ error: any Error) { self.error = error }
}

extension GIL {
  /// The object that a C function returned; throws the error of its exception if it is NULL.
  ///
  /// - Throws: `PythonError`; the Swift error itself if the exception contains one.
  @unsafe borrowing func object(_ result: OpaquePointer?) throws -> PythonObject {
    guard let result = unsafe result else { throw raised() }
    return PythonObject(unsafe PythonReference(owning: result))
  }

  /// Throws the error of a C function's exception if the function returned false.
  ///
  /// - Throws: `PythonError`; the Swift error itself if the exception contains one.
  borrowing func require(_ succeeded: Bool) throws {
    if !succeeded { throw raised() }
  }

  /// The object that a C function returned; nil if it is NULL, and the exception is cleared.
  ///
  /// For code that builds an error: an error inside it could lead to an endless recursion.
  @unsafe borrowing func attempt(_ result: OpaquePointer?) -> PythonObject? {
    if let result = unsafe result { return PythonObject(unsafe PythonReference(owning: result)) }
    cpy_clear_exception()
    return nil
  }

  /// Takes the current exception: a `PythonError`, or the Swift error that a closure threw and that no Python
  /// code has handled.
  borrowing func raised() -> any Error {
    guard let exception = unsafe cpy_take_exception() else { return PythonError(takingFrom: self) }
    let object = PythonObject(unsafe PythonReference(owning: exception))
    return object.swiftError(self) ?? PythonError(object, self)
  }

  /// The exception for an error: the exception in a `PythonError`, or a `numpyfn.SwiftError` that
  /// contains the error and has its message in Python's spelling.
  ///
  /// - Throws: What Python raises, such as `MemoryError`.
  borrowing func exception(
    for error: any Error, class: cpy_swift_error_class = .plain
  ) throws -> PythonObject {
    if let error = error as? PythonError, !error.exception.isNone { return error.exception }
    let message = try PythonObject(Message.description(of: error, in: .python))
    let context = unsafe Unmanaged.passRetained(ErrorBox(error)).toOpaque()
    return try unsafe object(
      cpy_swift_exception(
        `class`, message.pointer, context, { unsafe Unmanaged<ErrorBox>.fromOpaque($0).release() }))
  }

  /// Raises an error in Python.
  ///
  /// A function that C called must return NULL afterwards.
  borrowing func raise(_ error: any Error) {
    do {
      let exception = try exception(for: error)
      unsafe cpy_raise(exception.pointer)
    } catch let error as PythonError {
      unsafe cpy_raise(error.exception.pointer)
    } catch {
      // Reached only while Python shuts down.
      let none = PythonObject(unsafe PythonReference(owning: cpy_none()))
      unsafe cpy_raise(none.pointer)
    }
  }

  /// Releases the GIL, calls Swift code, and acquires the GIL again.
  ///
  /// A user's closure may take long, or wait for a thread that needs the GIL.
  package borrowing func released<R>(_ body: () throws -> R) rethrows -> R {
    var hold = unsafe cpy_hold()
    unsafe cpy_enter_swift(&hold)
    defer {
      unsafe cpy_leave_swift(&hold)
      PendingReleases.drain()
    }
    return try body()
  }
}

extension PythonObject {
  /// The Swift error that an exception contains.
  fileprivate func swiftError(_ gil: borrowing GIL) -> (any Error)? {
    guard let context = unsafe cpy_swift_error(pointer) else { return nil }
    return unsafe Unmanaged<ErrorBox>.fromOpaque(context).takeUnretainedValue().error
  }
}

extension PythonError {
  /// The error of a Swift closure that Python called, when the exception is a `numpyfn.SwiftError`.
  ///
  /// Calls throw that error directly. Use this property if the exception is the cause of another
  /// one.
  public var swiftError: (any Error)? {
    if exception.isNone { return nil }
    return (try? GIL.held { gil in exception.swiftError(gil) }) ?? nil
  }
}
