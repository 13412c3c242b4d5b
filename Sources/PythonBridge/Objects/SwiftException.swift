internal import CPython
internal import TensorCore

/// A Swift error on its way through Python, in an exception of class `numpyfn.SwiftError`.
private final class ErrorBox: Sendable {
  let error: any Error

  init(_ error: any Error) { self.error = error }
}

extension GIL {
  /// The object that a C function returned, or the error that it stands for that there is none.
  ///
  /// - Throws: `PythonError`; the Swift error itself where the exception carries one.
  @unsafe borrowing func object(_ result: OpaquePointer?) throws -> PythonObject {
    guard let result = unsafe result else { throw raised() }
    return PythonObject(unsafe PythonReference(owning: result))
  }

  /// Throws the error that a C function's exception stands for when it answered false.
  ///
  /// - Throws: `PythonError`; the Swift error itself where the exception carries one.
  borrowing func require(_ succeeded: Bool) throws {
    if !succeeded { throw raised() }
  }

  /// The object that a C function returned; nil, without its exception, where there is none.
  ///
  /// For what an error is made of: an error of its own there would not end, where each is another's.
  @unsafe borrowing func attempt(_ result: OpaquePointer?) -> PythonObject? {
    if let result = unsafe result { return PythonObject(unsafe PythonReference(owning: result)) }
    cpy_clear_exception()
    return nil
  }

  /// Takes the exception that is set: a `PythonError`, or the Swift error that a closure threw, which
  /// no Python code on the way has handled.
  borrowing func raised() -> any Error {
    guard let exception = unsafe cpy_take_exception() else { return PythonError(takingFrom: self) }
    let object = PythonObject(unsafe PythonReference(owning: exception))
    return object.swiftError(self) ?? PythonError(object, self)
  }

  /// The exception that stands for an error: the one that a `PythonError` is about, or a
  /// `numpyfn.SwiftError` that carries the error and prints as it does, in Python's spelling.
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

  /// Raises an error in Python, for a function that C called to return NULL after.
  borrowing func raise(_ error: any Error) {
    do {
      let exception = try exception(for: error)
      unsafe cpy_raise(exception.pointer)
    } catch let error as PythonError {
      unsafe cpy_raise(error.exception.pointer)
    } catch {
      // Only a Python that is shutting down comes here.
      let none = PythonObject(unsafe PythonReference(owning: cpy_none()))
      unsafe cpy_raise(none.pointer)
    }
  }

  /// Calls Swift code without the GIL, which this thread gets back afterwards.
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
  /// The Swift error that an exception carries.
  fileprivate func swiftError(_ gil: borrowing GIL) -> (any Error)? {
    guard let context = unsafe cpy_swift_error(pointer) else { return nil }
    return unsafe Unmanaged<ErrorBox>.fromOpaque(context).takeUnretainedValue().error
  }
}

extension PythonError {
  /// The error of a Swift closure that Python called, when the exception is a `numpyfn.SwiftError`.
  ///
  /// Calls throw that error itself; it is in here where the exception is the cause of another.
  public var swiftError: (any Error)? {
    if exception.isNone { return nil }
    return (try? GIL.held { gil in exception.swiftError(gil) }) ?? nil
  }
}
