internal import CPython

extension Python {
  /// `None`; as a key of an array, a new axis.
  ///
  /// - Throws: `StartError`.
  public static var none: PythonObject {
    get throws { try withGIL { gil in try unsafe gil.object(cpy_none()) } }
  }

  /// `...`, which stands for all axes of an array that have no other key.
  ///
  /// See <https://docs.python.org/3/library/constants.html#Ellipsis>.
  ///
  /// - Throws: `StartError`.
  public static var ellipsis: PythonObject {
    get throws { try withGIL { gil in try unsafe gil.object(cpy_ellipsis()) } }
  }

  /// `slice(start, stop, step)`, for a step, or for bounds that a Swift range cannot have.
  ///
  /// ```swift
  /// try array[Python.slice(step: -1)]       // array[::-1]
  /// try array[Python.slice(from: -3)]       // array[-3:]
  /// try array[Python.slice(to: -1, step: 2)]  // array[:-1:2]
  /// ```
  ///
  /// See <https://docs.python.org/3/library/functions.html#slice>.
  ///
  /// - Throws: `StartError`, or what Python raises, such as `MemoryError`.
  public static func slice(
    from start: Int? = nil, to stop: Int? = nil, step: Int? = nil
  ) throws -> PythonObject {
    try slice(start.map { try PythonObject($0) }, stop.map { try PythonObject($0) }, step)
  }

  fileprivate static func slice(
    _ start: PythonObject?, _ stop: PythonObject?, _ step: Int? = nil
  ) throws -> PythonObject {
    try withGIL { gil in
      let step = try step.map { try PythonObject($0) }
      return try withExtendedLifetime((start, stop, step)) {
        try unsafe gil.object(cpy_slice(start?.pointer, stop?.pointer, step?.pointer))
      }
    }
  }

  /// The number plus 1 as a Python int, since `Int.max + 1` is not a Swift `Int`.
  fileprivate static func bound(after number: Int) throws -> PythonObject {
    try number == .max ? PythonObject(UInt(Int.max) + 1) : PythonObject(number + 1)
  }
}

extension Range: PythonConvertible where Bound == Int {
  /// A `range`; as a key a slice, which counts negative bounds from the end.
  public func makePythonObject() throws -> PythonObject {
    try Python.import("builtins").range(lowerBound, upperBound)
  }

  /// A `slice`.
  public func makePythonKey() throws -> PythonObject {
    try Python.slice(from: lowerBound, to: upperBound)
  }
}

extension ClosedRange: PythonConvertible where Bound == Int {
  /// A `range`; as a key a slice.
  public func makePythonObject() throws -> PythonObject {
    try Python.import("builtins").range(lowerBound, Python.bound(after: upperBound))
  }

  /// A `slice`; `0 ... -1` is no Swift range: for the last items take ``Python/slice(from:to:step:)``.
  public func makePythonKey() throws -> PythonObject {
    try Python.slice(PythonObject(lowerBound), Python.bound(after: upperBound))
  }
}

extension PartialRangeFrom: PythonConvertible where Bound == Int {
  /// A `slice`, as `start:` in Python; `(-3)...` is the last three.
  public func makePythonObject() throws -> PythonObject { try Python.slice(from: lowerBound) }
}

extension PartialRangeUpTo: PythonConvertible where Bound == Int {
  /// A `slice`, as `:stop` in Python; `..<(-1)` is all but the last.
  public func makePythonObject() throws -> PythonObject { try Python.slice(to: upperBound) }
}

extension PartialRangeThrough: PythonConvertible where Bound == Int {
  /// A `slice` up to and with a bound that is not negative.
  public func makePythonObject() throws -> PythonObject {
    try Python.slice(nil, Python.bound(after: upperBound))
  }
}

extension Range: ConvertibleFromPython where Bound == Int {
  /// The bounds of a `range` whose step is 1.
  ///
  /// - Throws: `PythonError`: `ValueError` for another step, `AttributeError` when it is no range.
  public init(_ object: PythonObject) throws {
    let (start, stop) = try (Int(object.start), Int(object.stop))
    guard try Int(object.step) == 1 else {
      throw Python.error("ValueError", "\(object) has a step, which a Swift Range has not")
    }
    // An empty Python range may end before it starts.
    self = start..<Swift.max(start, stop)
  }
}
