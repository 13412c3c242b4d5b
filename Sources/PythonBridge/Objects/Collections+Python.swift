internal import CPython

extension Set: PythonConvertible where Element: PythonConvertible {
  /// A `set`; to use it as the key of a `dict`, convert it to a `frozenset`.
  public func makePythonObject() throws -> PythonObject {
    try Python.withGIL { gil in
      let elements = try Array(self).makePythonObject()
      return try unsafe gil.object(cpy_set(elements.pointer))
    }
  }
}

extension Set: ConvertibleFromPython where Element: ConvertibleFromPython {
  /// The distinct elements of a `set`, a `frozenset`, or another iterable.
  public init(_ object: PythonObject) throws {
    self = try Set([Element](object))
  }
}

extension ArraySlice: PythonConvertible where Element: PythonConvertible {
  /// A `list`.
  public func makePythonObject() throws -> PythonObject { try Array(self).makePythonObject() }
}

extension Substring: PythonConvertible {
  /// A `str`.
  public func makePythonObject() throws -> PythonObject { try String(self).makePythonObject() }
}

extension Character: PythonConvertible {
  /// A `str`, with several code points if the character has several.
  public func makePythonObject() throws -> PythonObject { try String(self).makePythonObject() }
}

extension Character: ConvertibleFromPython {
  /// The one character of a `str`.
  ///
  /// - Throws: `PythonError`: `TypeError` when it is no str, `ValueError` when it is not one
  ///   character.
  public init(_ object: PythonObject) throws {
    let text = try String(object)
    guard let first = text.first, text.count == 1 else {
      throw Python.error("ValueError", "\(object.debugDescription) is not one character")
    }
    self = first
  }
}

extension PythonObject {
  /// A Python list with these elements, of any types.
  ///
  /// - Throws: `StartError`, or what a conversion raises.
  public init(list elements: [any PythonConvertible]) throws {
    self = try elements.map { try $0.makePythonObject() }.makePythonObject()
  }

  /// A Python dict with these keys and values, of any types and in this order.
  ///
  /// ```swift
  /// let options = try PythonObject(dictionary: ["method": "bicubic", "size": [4, 4]])
  /// ```
  ///
  /// - Throws: `StartError`, or what a conversion raises: `TypeError` for a key that has no hash.
  public init(
    dictionary pairs: KeyValuePairs<any PythonConvertible, any PythonConvertible>
  ) throws {
    try self.init(dictionary: pairs.map { ($0.key, $0.value) })
  }
}
