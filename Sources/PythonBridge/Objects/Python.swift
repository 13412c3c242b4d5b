internal import CPython

/// The Python interpreter of this process.
///
/// It starts automatically at the first use, with the Python that ``Python/start(executable:)`` chooses, and
/// runs until the process ends. Any thread may use it at any time.
///
/// ```swift
/// let np = try Python.import("numpy")
/// let f = try Python.function("""
///   def f(x, y):
///       return x + y
///   """)
/// print(try Double(f(1, np.sqrt(4))))  // 3.0
/// ```
public enum Python {
  /// The module called `name`, such as `numpy` or `scipy.special`.
  ///
  /// See <https://docs.python.org/3/library/importlib.html#importlib.import_module>.
  ///
  /// - Throws: `StartError`, or `PythonError`: `ModuleNotFoundError` when there is none, or what its
  ///   code raises.
  public static func `import`(_ name: String) throws -> PythonObject {
    try withGIL { gil in
      let name = try PythonObject(name)
      return try unsafe gil.object(cpy_import(name.pointer))
    }
  }

  /// The value of one Python expression, which can use the builtins and `variables`.
  ///
  /// ```swift
  /// let double = try Python.evaluate("lambda x: 2 * x")
  /// let nine = try Python.evaluate("base ** 2", ["base": 3])
  /// ```
  ///
  /// - Throws: `StartError`, or `PythonError`: `SyntaxError` when it is no expression, or what it
  ///   raises.
  public static func evaluate(
    _ expression: String, _ variables: [String: any PythonConvertible] = [:],
    file: String = #fileID, line: Int = #line
  ) throws -> PythonObject {
    try withGIL { _ in
      try SourceText(expression, file: file, line: line).value(with: variables)
    }
  }

  /// The function that Python source text defines with `def` (or a class, with `class`).
  ///
  /// If the text defines several, the result is the one called `name`, or else the last. `name` may
  /// be any name that the text binds, as in `f = np.sort`. The text may be indented as a whole.
  /// Tracebacks show the text's own lines, and the Swift file and line that it was given at.
  ///
  /// ```swift
  /// let normalise = try Python.function("""
  ///   import numpy as np
  ///   def normalise(x):
  ///       return x / np.linalg.norm(x)
  ///   """)
  /// ```
  ///
  /// - Throws: `StartError`, or `PythonError`: `SyntaxError`, what the text raises while it runs,
  ///   `NameError` when it defines no such function.
  public static func function(
    _ source: String, named name: String? = nil, file: String = #fileID, line: Int = #line
  ) throws -> PythonObject {
    try withGIL { _ in
      try SourceText(source, file: file, line: line).function(named: name)
    }
  }
}
