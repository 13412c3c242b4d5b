internal import CPython

extension Python {
  /// A Python callable that calls a Swift closure, converting arguments and result.
  ///
  /// ```swift
  /// let scale = try Python.callable { (x: Double, factor: Int) in x * Double(factor) }
  /// let sorted = try builtins.sorted(names, key: Python.callable { (name: String) in name.count })
  /// ```
  ///
  /// `name` and `doc` are its `__name__` and `__doc__`. Any thread may call it, several at a time; the
  /// closure runs without the GIL. A wrong number of arguments, or an argument that cannot be converted,
  /// raises `TypeError`. If the closure throws a `PythonError`, its exception is raised. Any other error is
  /// raised as a `numpyfn.SwiftError` (a `RuntimeError`); unless Python code handles it, the surrounding call
  /// from Swift throws the same Swift error.
  ///
  /// The closure lives as long as Python refers to the callable. A closure that holds a Python
  /// object which refers to the callable forms a reference cycle that Python's garbage collector
  /// cannot find.
  ///
  /// - Throws: `StartError`.
  public static func callable<each Argument: ConvertibleFromPython, Result: PythonConvertible>(
    named name: String = "closure", doc: String? = nil,
    _ body: @escaping @Sendable (repeat each Argument) throws -> Result
  ) throws -> PythonObject {
    let count = count(repeat (each Argument).self)
    return try PythonClosure.object(
      .callable, name: name, doc: doc, signature: signature(count)
    ) { gil, arguments in
      try arguments.require(count)
      let values = try (repeat arguments.next(gil) as each Argument)
      return try gil.released { try body(repeat each values) }.makePythonObject()
    }
  }

  /// A Python callable that calls a Swift closure with no result (`None` in Python), or several
  /// results (a tuple).
  ///
  /// - Throws: `StartError`.
  @_disfavoredOverload
  public static func callable<
    each Argument: ConvertibleFromPython, each Result: PythonConvertible
  >(
    named name: String = "closure", doc: String? = nil,
    _ body: @escaping @Sendable (repeat each Argument) throws -> (repeat each Result)
  ) throws -> PythonObject {
    let count = count(repeat (each Argument).self)
    return try PythonClosure.object(
      .callable, name: name, doc: doc, signature: signature(count)
    ) { gil, arguments in
      try arguments.require(count)
      let values = try (repeat arguments.next(gil) as each Argument)
      let results = try gil.released { try body(repeat each values) }
      return try PythonObject(results: repeat each results)
    }
  }

  /// A Python callable that passes all arguments to a Swift closure, including keyword arguments.
  ///
  /// ```swift
  /// let describe = try Python.callable { (arguments: Python.Arguments) in
  ///   try "\(arguments[0]) in \(arguments["unit"])"
  /// }
  /// ```
  ///
  /// - Throws: `StartError`.
  public static func callable<Result: PythonConvertible>(
    named name: String = "closure", doc: String? = nil,
    _ body: @escaping @Sendable (Arguments) throws -> Result
  ) throws -> PythonObject {
    try PythonClosure.object(
      .callable, name: name, doc: doc, signature: "(*arguments, **keywords)"
    ) { gil, arguments in
      let all = try arguments.all(gil)
      return try gil.released { try body(all) }.makePythonObject()
    }
  }

  /// A Python callable that passes all arguments to a Swift closure with no result, or several results.
  ///
  /// - Throws: `StartError`.
  @_disfavoredOverload
  public static func callable<each Result: PythonConvertible>(
    named name: String = "closure", doc: String? = nil,
    _ body: @escaping @Sendable (Arguments) throws -> (repeat each Result)
  ) throws -> PythonObject {
    try PythonClosure.object(
      .callable, name: name, doc: doc, signature: "(*arguments, **keywords)"
    ) { gil, arguments in
      let all = try arguments.all(gil)
      let results = try gil.released { try body(all) }
      return try PythonObject(results: repeat each results)
    }
  }

  /// The arguments that Python passed to a closure.
  public struct Arguments: Sendable {
    let name: String

    /// The positional arguments.
    public let positional: [PythonObject]

    /// The keyword arguments.
    public let keywords: [String: PythonObject]

    /// The positional argument at `index`, counted from 0.
    ///
    /// - Throws: `PythonError`: `TypeError` when there are fewer.
    public subscript(index: Int) -> PythonObject {
      get throws {
        guard positional.indices.contains(index) else {
          throw Python.error(
            "TypeError", "\(name)() has no argument \(index): \(positional.count) were given")
        }
        return positional[index]
      }
    }

    /// The keyword argument called `keyword`; see ``keywords`` for one that may be missing.
    ///
    /// - Throws: `PythonError`: `TypeError` when there is none.
    public subscript(keyword: String) -> PythonObject {
      get throws {
        guard let value = keywords[keyword] else {
          throw Python.error("TypeError", "\(name)() needs the keyword argument \(keyword)")
        }
        return value
      }
    }
  }

  private static func count<each T>(_ types: repeat (each T).Type) -> Int {
    var count = 0
    for _ in repeat each types { count += 1 }
    return count
  }

  private static func signature(_ count: Int) -> String {
    let names = (0..<count).map { "x\($0 + 1)" } + (count > 0 ? ["/"] : [])
    return "(\(names.joined(separator: ", ")))"
  }
}

extension PythonObject {
  /// None for no value, the value itself for one, a tuple for several.
  fileprivate init<each Result: PythonConvertible>(results: repeat each Result) throws {
    var objects: [PythonObject] = []
    for result in repeat each results { objects.append(try result.makePythonObject()) }
    switch objects.count {
    case 0: self = try Python.none
    case 1: self = objects[0]
    default: self = try PythonObject(tuple: objects)
    }
  }
}
