internal import TensorCore

extension PythonError {
  /// The error, marked as raised by a function with read-only arguments.
  ///
  /// If it is about a read-only array, its description says how to get writable ones.
  package var ofReadOnlyArguments: PythonError {
    var error = self
    error.isOfReadOnlyArguments = true
    return error
  }

  /// A hint that writable arguments can be declared, if the error is about a read-only array, or was raised
  /// while such an error was handled.
  ///
  /// - Complexity: computed at each access, so that errors whose description is not read cost
  ///   nothing.
  var readOnlyHint: Message? {
    guard isOfReadOnlyArguments, isAboutReadOnlyArray else { return nil }
    return """
      the arrays that the function is given are read-only: declare \
      \(Message.argument("arguments", case: "writable")) if it is to write to them, or have it write to \
      a copy
      """
  }

  private var isAboutReadOnlyArray: Bool {
    var next: PythonError? = self
    // A chain of exceptions may be cyclic.
    for _ in 0..<16 {
      guard let error = next else { return false }
      if error.saysReadOnly { return true }
      next = error.cause ?? error.shownContext
    }
    return false
  }

  /// The exception that was being handled, unless this one was raised `from None`.
  private var shownContext: PythonError? {
    let isHidden = try? Bool(exception.attribute("__suppress_context__"))
    return isHidden == true ? nil : context
  }

  /// The words for read-only in messages of NumPy, Cython, OpenCV, Numba, pybind11 and Python's
  /// buffers.
  private static let marks = [
    "read-only", "readonly", "read only", "writeable", "not writable", "layout of the output array",
  ]

  private var saysReadOnly: Bool {
    let text = message.lowercased()
    guard Self.marks.contains(where: text.contains) else { return false }
    // OSError is excluded, since files can be read-only too.
    let builtins = try? Python.import("builtins")
    if (try? builtins.map { try Bool($0.isinstance(exception, $0.OSError)) }) == true {
      return false
    }
    return code == .invalidArgument || type == "BufferError" || text.contains("array")
  }
}
