extension PythonObject {
  /// Calls `body` within the object as a context, as `with object as value:` in Python.
  ///
  /// ```swift
  /// let text = try Python.import("builtins").open(path).with { file in try String(file.read()) }
  /// ```
  ///
  /// `__exit__` is called however `body` ends, with the exception if there is one: that of a `PythonError`,
  /// or a `numpyfn.SwiftError` for any other error. Then the same error is thrown again, unless `__exit__`
  /// suppresses it, as `contextlib.suppress` does, and `body` has no result.
  ///
  /// See <https://docs.python.org/3/reference/datamodel.html#context-managers>.
  ///
  /// - Throws: What `body` throws; `PythonError`: `AttributeError` when the object is no context, what
  ///   `__enter__` or `__exit__` raise.
  public func with<R>(_ body: (PythonObject) throws -> R) throws -> R {
    let context = try Context(self)
    let value = try context.enter()
    let result: R
    do {
      result = try body(value)
    } catch {
      let isSuppressed = try context.exit(after: error)
      if isSuppressed, let nothing = () as? R { return nothing }
      throw error
    }
    try context.exit()
    return result
  }
}

/// One use of a context manager.
///
/// As in Python, its methods are looked up in its class.
private struct Context {
  private let manager: PythonObject
  private let enterMethod: PythonObject
  private let exitMethod: PythonObject

  init(_ manager: PythonObject) throws {
    let type = try manager.attribute("__class__")
    self.manager = manager
    enterMethod = try type.attribute("__enter__")
    exitMethod = try type.attribute("__exit__")
  }

  func enter() throws -> PythonObject { try enterMethod(manager) }

  func exit() throws {
    let none = try Python.none
    try exitMethod(manager, none, none, none)
  }

  /// Whether `__exit__` asks to suppress the error.
  func exit(after error: any Error) throws -> Bool {
    let exception = try GIL.held { gil in try gil.exception(for: error) }
    return try Bool(
      exitMethod(
        manager, exception.attribute("__class__"), exception, exception.attribute("__traceback__")))
  }
}
