internal import CPython

/// The items of a Python object, one at a time.
///
/// `PythonObject` is no Swift `Sequence`: getting an item may fail, and the methods of a sequence (`first`,
/// `prefix`, `count`) would hide Python's. To loop over all items of an object that is not too large, write
/// `for x in try [Double](object)`.
public struct PythonIterator: Sendable {
  private let iterator: PythonObject

  fileprivate init(_ iterator: PythonObject) { self.iterator = iterator }

  /// The next item; nil at the end.
  ///
  /// - Throws: `PythonError`: what `__next__` raises, except `StopIteration`, which is the end.
  public func next() throws -> PythonObject? {
    try Python.withGIL { gil in
      var isEnd = false
      let item = unsafe cpy_next(iterator.pointer, &isEnd)
      return isEnd ? nil : try unsafe gil.object(item)
    }
  }
}

extension PythonObject {
  /// A new iterator, as `iter(object)` in Python, for what is too large, or endless, to be a list.
  ///
  /// ```swift
  /// let lines = try file.makeIterator()
  /// while let line = try lines.next() { print(line) }
  /// ```
  ///
  /// - Throws: `PythonError`: `TypeError` when the object cannot be iterated over.
  public func makeIterator() throws -> PythonIterator {
    try Python.withGIL { gil in
      try PythonIterator(unsafe gil.object(cpy_iterator(pointer)))
    }
  }

  /// The items as a Swift tuple, as `a, b = object` in Python.
  ///
  /// ```swift
  /// let (name, count): (String, Int) = try f().unpacked()
  /// let (mantissa, exponent) = try np.frexp(x).unpacked(as: (Double, Int).self)
  /// ```
  ///
  /// - Throws: `PythonError`: `ValueError` when there are more or fewer, what a conversion raises.
  public func unpacked<each Item: ConvertibleFromPython>(
    as types: (repeat each Item).Type = (repeat each Item).self
  ) throws -> (repeat each Item) {
    let items = try [PythonObject](self)
    var expected = 0
    for _ in repeat (each Item).self { expected += 1 }
    guard items.count == expected else {
      throw Python.error(
        "ValueError", "\(expected) values were to be unpacked, but there are \(items.count)")
    }
    var rest = items.makeIterator()
    return try (repeat (each Item)(rest.next() ?? Python.none))
  }
}
