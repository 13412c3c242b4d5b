internal import CPython

extension PythonObject {
  /// The item at `key`, as `object[key]` in Python; ranges are slices.
  ///
  /// ```swift
  /// try table["x"]
  /// try list[1..<3]
  /// try array[Python.slice(step: -1)]
  /// ```
  ///
  /// To assign, call ``setItem(_:to:)``.
  ///
  /// - Throws: `PythonError`: `KeyError`, `IndexError`, `TypeError`, or what `__getitem__` raises.
  public subscript(key: any PythonConvertible) -> PythonObject {
    get throws { try item(key.makePythonKey()) }
  }

  /// The item at several keys, as `object[a, b]` in Python.
  ///
  /// ```swift
  /// try array[0, 1...]
  /// try array[Python.ellipsis, nil as Int?, ..<3]  // nil: a new axis
  /// ```
  ///
  /// - Throws: `PythonError`: `KeyError`, `IndexError`, `TypeError`, or what `__getitem__` raises.
  public subscript(
    first: any PythonConvertible, second: any PythonConvertible, others: any PythonConvertible...
  ) -> PythonObject {
    get throws { try item(PythonObject.key([first, second] + others)) }
  }

  /// All items, as `object[:]` in Python: a copy of a list, a view of an array.
  ///
  /// - Throws: `PythonError`: `TypeError`, or what `__getitem__` raises.
  public subscript(all: UnboundedRange) -> PythonObject {
    get throws { try item(Python.slice()) }
  }

  /// Sets the item at a key or several, as `object[key] = value` in Python; ranges are slices.
  ///
  /// A method, because the setter of a Swift subscript cannot throw.
  ///
  /// - Throws: `PythonError`: `IndexError`, `TypeError`, or what `__setitem__` raises.
  public func setItem(
    _ keys: any PythonConvertible..., to value: any PythonConvertible
  ) throws {
    try Python.withGIL { gil in
      let (key, value) = try (PythonObject.key(keys), value.makePythonObject())
      try gil.require(unsafe cpy_set_item(pointer, key.pointer, value.pointer))
    }
  }

  /// Removes the item at a key or several, as `del object[key]` in Python.
  ///
  /// - Throws: `PythonError`: `KeyError`, `IndexError`, `TypeError`, or what `__delitem__` raises.
  public func removeItem(_ keys: any PythonConvertible...) throws {
    try Python.withGIL { gil in
      let key = try PythonObject.key(keys)
      try gil.require(unsafe cpy_remove_item(pointer, key.pointer))
    }
  }

  /// The number of items, as `len(object)` in Python.
  ///
  /// - Throws: `PythonError`: `TypeError` when the object has no length, or what `__len__` raises.
  public var itemCount: Int {
    get throws {
      try Python.withGIL { gil in
        let count = unsafe cpy_item_count(pointer)
        try gil.require(count >= 0)
        return count
      }
    }
  }

  /// Whether an item is there, as `item in object` in Python: an element, a key, a piece of text.
  ///
  /// - Throws: `PythonError`: `TypeError` when the object holds no items, or what `__contains__`
  ///   raises.
  public func containsItem(_ item: any PythonConvertible) throws -> Bool {
    try Python.withGIL { gil in
      let item = try item.makePythonObject()
      let answer = unsafe cpy_contains(pointer, item.pointer)
      try gil.require(answer >= 0)
      return answer == 1
    }
  }

  private func item(_ key: PythonObject) throws -> PythonObject {
    try Python.withGIL { gil in try unsafe gil.object(cpy_item(pointer, key.pointer)) }
  }

  /// One key as it is, several as a tuple.
  private static func key(_ keys: [any PythonConvertible]) throws -> PythonObject {
    if keys.count == 1 { return try keys[0].makePythonKey() }
    return try PythonObject(tuple: keys.map { try $0.makePythonKey() })
  }
}
