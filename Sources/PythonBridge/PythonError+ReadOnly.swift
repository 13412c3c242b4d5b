internal import TensorCore

extension PythonError {
  /// The error with a hint that the function may be given arrays to write to, if it says that an array is
  /// read-only, or was raised while such an error was handled.
  ///
  /// For errors of functions that were given read-only arrays, and of nobody else.
  package var suggestingWritableArguments: PythonError {
    guard isAboutReadOnlyArray else { return self }
    var error = self
    error.hint = """
      the arrays that the function is given are read-only: declare \
      \(Message.argument("arguments", case: "writable")) if it is to write to them, or have it write to \
      a copy
      """
    return error
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
