internal import TensorCore

extension PythonError {
  /// The error, as that of a function which was given read-only arrays: if it is about that, its description
  /// says how to be given others.
  package var ofReadOnlyArguments: PythonError {
    var error = self
    error.isOfReadOnlyArguments = true
    return error
  }

  /// That the function may be given arrays to write to, if the error says that an array is read-only, or
  /// was raised while such an error was handled.
  ///
  /// - Complexity: looked up each time, so that errors which nobody reads cost nothing.
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
    // A chain may be a circle.
    for _ in 0..<16 {
      guard let error = next else { return false }
      if error.saysReadOnly { return true }
      next = error.cause ?? error.shownContext
    }
    return false
  }

  /// What was being handled, unless it was raised `from None`.
  private var shownContext: PythonError? {
    let isHidden = try? Bool(exception.attribute("__suppress_context__"))
    return isHidden == true ? nil : context
  }

  /// How NumPy, Cython, OpenCV, Numba, pybind11 and Python's buffers call it.
  private static let marks = [
    "read-only", "readonly", "read only", "writeable", "not writable", "layout of the output array",
  ]

  private var saysReadOnly: Bool {
    let text = message.lowercased()
    guard Self.marks.contains(where: text.contains) else { return false }
    // Files are read-only, too.
    let builtins = try? Python.import("builtins")
    if (try? builtins.map { try Bool($0.isinstance(exception, $0.OSError)) }) == true {
      return false
    }
    return code == .invalidArgument || type == "BufferError" || text.contains("array")
  }
}
