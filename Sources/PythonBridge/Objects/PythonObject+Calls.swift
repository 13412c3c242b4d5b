internal import CPython

extension PythonObject {
  /// Calls the object, as `object(*arguments)` in Python.
  ///
  /// - Throws: `PythonError`: `TypeError` when it cannot be called so, or what it raises.
  @discardableResult
  public func dynamicallyCall(
    withArguments arguments: [any PythonConvertible]
  ) throws -> PythonObject {
    if arguments.isEmpty { return try callWithoutArguments() }
    return try call(arguments, keywords: [])
  }

  /// A call without arguments, which needs no temporary objects.
  private func callWithoutArguments() throws -> PythonObject {
    var result: OpaquePointer?
    var status = unsafe cpy_call_attached(pointer, &result)
    if status == .none { return PythonObject(none: ()) }
    let gil = try GIL()
    if status == .detached { status = unsafe cpy_call_attached(pointer, &result) }
    if status == .none { return PythonObject(none: ()) }
    return try unsafe gil.object(result)
  }

  /// Calls the object with positional arguments and keyword arguments after them, as
  /// `object(x, key=value)` in Python.
  ///
  /// - Throws: `PythonError`: `TypeError` when it cannot be called so, or what it raises.
  @discardableResult
  public func dynamicallyCall(
    withKeywordArguments arguments: KeyValuePairs<String, any PythonConvertible>
  ) throws -> PythonObject {
    let positional = arguments.prefix { $0.key.isEmpty }
    let keywords = arguments.dropFirst(positional.count)
    if let stray = keywords.first(where: { $0.key.isEmpty }) {
      // In Python, `f(x=1, 2)` is a SyntaxError.
      throw Python.error(
        "SyntaxError", "positional argument \(stray.value) follows a keyword argument")
    }
    return try call(positional.map(\.value), keywords: Array(keywords))
  }

  /// Calls the object with arguments from collections, as `object(*arguments, **keywords)` in
  /// Python.
  ///
  /// - Throws: `PythonError`: `TypeError` when it cannot be called so, or what it raises.
  @discardableResult
  public func call(
    _ arguments: [any PythonConvertible],
    keywords: [(key: String, value: any PythonConvertible)]
  ) throws -> PythonObject {
    try Python.withGIL { gil in
      let values = try (arguments + keywords.map(\.value)).map { try $0.makePythonObject() }
      let names =
        keywords.isEmpty ? nil : try PythonObject(tuple: keywords.map(\.key as (_) -> String))
      return try withExtendedLifetime((values, names)) {
        let pointers = unsafe values.map { unsafe $0.pointer }
        return try unsafe gil.object(
          gil.vectorcall(pointer, pointers, positional: arguments.count, names?.pointer))
      }
    }
  }
}

extension GIL {
  /// Calls `callable` with borrowed arguments.
  ///
  /// - Throws: `PythonError`: what it raises; the Swift error that a closure threw.
  @unsafe borrowing func call(
    _ callable: OpaquePointer, _ arguments: [OpaquePointer], positional: Int,
    _ keywords: OpaquePointer? = nil
  ) throws -> OpaquePointer {
    let result = unsafe vectorcall(callable, arguments, positional: positional, keywords)
    guard let result = unsafe result else { throw raised() }
    return unsafe result
  }

  /// Calls `callable` with borrowed arguments; nil when it raises.
  @unsafe fileprivate borrowing func vectorcall(
    _ callable: OpaquePointer, _ arguments: [OpaquePointer], positional: Int,
    _ keywords: OpaquePointer? = nil
  ) -> OpaquePointer? {
    // One extra slot in front, which CPython may use for the self of a bound method.
    unsafe withUnsafeTemporaryAllocation(
      of: OpaquePointer.self, capacity: arguments.count + 1
    ) { slots in
      unsafe slots.initializeElement(at: 0, to: callable)
      for index in unsafe arguments.indices {
        unsafe slots.initializeElement(at: index + 1, to: arguments[index])
      }
      guard let start = slots.baseAddress else { return unsafe nil as OpaquePointer? }
      return unsafe cpy_call(callable, start + 1, positional, keywords)
    }
  }
}
