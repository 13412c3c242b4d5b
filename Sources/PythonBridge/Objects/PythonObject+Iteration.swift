internal import CPython

/// The items of a Python object, one at a time, with the exceptions that getting one raises.
///
/// A loop `for x in object` needs no `try`: there, an item that could not be got is an object whose use
/// raises the exception.
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

// MARK: - As a Swift sequence

extension PythonObject: Sequence {
  /// The items of a Python object, for Swift's loops and sequences, which cannot throw.
  public struct Items: IteratorProtocol {
    private var items: PythonIterator?
    /// What `iter(object)` raised.
    private var failure: (any Error)?

    fileprivate init(_ object: PythonObject) {
      do { items = try object.makeIterator() } catch { failure = error }
    }

    /// The next item; nil at the end, or after an exception.
    ///
    /// If Python raises an exception instead, the item is an object whose use raises that exception.
    public mutating func next() -> PythonObject? {
      if let failure {
        self.failure = nil
        return PythonObject.failing(failure)
      }
      do {
        return try items?.next()
      } catch {
        items = nil
        return PythonObject.failing(error)
      }
    }
  }

  /// An iterator for `for x in object`, as `iter(object)` in Python.
  ///
  /// An exception, also that of an object that cannot be iterated over, is raised by the use of an item:
  ///
  /// ```swift
  /// for line in file { print(try line.strip()) }
  /// let names = try table.columns.map { try String($0) }
  /// ```
  @_disfavoredOverload
  public func makeIterator() -> Items { Items(self) }

  /// An object each use of which raises what this error says.
  private static func failing(_ error: any Error) -> PythonObject {
    let object = try? GIL.held { gil in
      try failures.get()(gil.exception(for: error))
    }
    return object ?? PythonObject(none: ())
  }

  private static let failures = Result {
    try Python.function(
      """
      def make(error):
          def fail(*arguments, **keywords):
              raise error
          names = "call getattribute setattr delattr getitem setitem delitem iter next len contains bool int"
          names += " float complex index str repr format bytes hash eq ne lt le gt ge enter exit array neg pos"
          names += " abs invert round"
          for operator in "add sub mul matmul truediv floordiv mod divmod pow lshift rshift and xor or".split():
              names += f" {operator} r{operator} i{operator}"
          return type("FailedItem", (), {f"__{name}__": fail for name in names.split()})()
      """)
  }
}

// A Python attribute whose name is that of a method of Swift's sequences: `np.max(x)` is Python's, and
// `object.max { … }` is Swift's.
extension PythonObject {
  /// Python's attribute `contains`.
  public var contains: PythonObject { get throws { try attribute("contains") } }
  /// Python's attribute `count`.
  public var count: PythonObject { get throws { try attribute("count") } }
  /// Python's attribute `drop`.
  public var drop: PythonObject { get throws { try attribute("drop") } }
  /// Python's attribute `filter`.
  public var filter: PythonObject { get throws { try attribute("filter") } }
  /// Python's attribute `first`.
  public var first: PythonObject { get throws { try attribute("first") } }
  /// Python's attribute `lazy`.
  public var lazy: PythonObject { get throws { try attribute("lazy") } }
  /// Python's attribute `map`.
  public var map: PythonObject { get throws { try attribute("map") } }
  /// Python's attribute `max`.
  public var max: PythonObject { get throws { try attribute("max") } }
  /// Python's attribute `min`.
  public var min: PythonObject { get throws { try attribute("min") } }
  /// Python's attribute `prefix`.
  public var prefix: PythonObject { get throws { try attribute("prefix") } }
  /// Python's attribute `reduce`.
  public var reduce: PythonObject { get throws { try attribute("reduce") } }
  /// Python's attribute `sorted`.
  public var sorted: PythonObject { get throws { try attribute("sorted") } }
  /// Python's attribute `split`.
  public var split: PythonObject { get throws { try attribute("split") } }
  /// Python's attribute `starts`.
  public var starts: PythonObject { get throws { try attribute("starts") } }
  /// Python's attribute `suffix`.
  public var suffix: PythonObject { get throws { try attribute("suffix") } }

  /// Python's attribute `contains`, called with one argument: `polygon.contains(point)`.
  public func contains(_ argument: PythonObject) throws -> PythonObject {
    try attribute("contains")(argument)
  }

  /// Python's attribute `reversed`, called with one argument.
  public func reversed(_ argument: any PythonConvertible) throws -> PythonObject {
    try attribute("reversed")(argument)
  }
}
