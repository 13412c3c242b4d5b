internal import CPython
internal import TensorCore

extension GIL {
  /// Raises a Swift error in Python, as the exception class for its code: for example as a
  /// `numpyfn.InvalidArgumentError`, which is a `ValueError`, a `TypeError` and an `IndexError`.
  ///
  /// If it propagates back to Swift, the same Swift error is thrown.
  borrowing func raiseCoded(_ error: any Error) {
    let place = PythonPlace.current(self)
    let (shown, cause) = PyTensor.linked?.raised(error, at: place) ?? (error, nil)
    // A request to stop, such as KeyboardInterrupt, is raised as it is, so that code does not catch
    // it as an error.
    if let cause, cause.code == .cancelled {
      raise(cause)
      return
    }
    guard let coded = shown as? any CodedError, !(shown is PythonError) else {
      raise(shown)
      return
    }
    do {
      let exception = try exception(for: coded, class: coded.code.exceptionClass)
      if let cause, !cause.exception.isNone {
        try exception.setAttribute("__cause__", to: cause.exception)
      }
      unsafe cpy_raise(exception.pointer)
    } catch {
      raise(error)
    }
  }
}

extension ErrorCode {
  /// The class of the exception for an error with this code.
  fileprivate var exceptionClass: cpy_swift_error_class {
    switch self {
    case .invalidArgument: .value
    case .outOfRange: .index
    case .resourceExhausted: .memory
    case .unimplemented: .unimplemented
    case .failedPrecondition: .precondition
    default: .plain
    }
  }
}
