internal import CPython

extension PythonObject: Hashable {
  /// Whether Python's `a == b` is true; false if that raises, or if its truth value is ambiguous,
  /// as for arrays.
  ///
  /// For the result that Python returns, or with a Swift value on one side, write `try a .== b`.
  public static func == (a: PythonObject, b: PythonObject) -> Bool {
    let isEqual = try? GIL.held { gil in
      try Bool(unsafe gil.object(cpy_compare(.equal, a.pointer, b.pointer)))
    }
    return isEqual ?? false
  }

  /// Python's hash, so that 1 and 1.0 are one key here, too.
  ///
  /// All objects without a hash, such as lists, have the same hash value: a set of many of them is slow. They
  /// must not be changed while they are in a set.
  ///
  /// See <https://docs.python.org/3/reference/datamodel.html#object.__hash__>.
  public func hash(into hasher: inout Hasher) {
    let hash = try? GIL.held { gil -> Int64 in
      var hash: Int64 = 0
      if unsafe cpy_hash(pointer, &hash) { return hash }
      _ = unsafe gil.attempt(nil)
      return 0
    }
    hasher.combine(hash ?? 0)
  }

  /// Whether both are the same object, as `a is b` in Python.
  public func isSame(as other: PythonObject) -> Bool {
    unsafe pointer == other.pointer
  }
}

extension PythonObject {
  private static func compare(
    _ a: some PythonConvertible, _ comparison: cpy_comparison, _ b: some PythonConvertible
  ) throws -> PythonObject {
    try Python.withGIL { gil in
      let (a, b) = try (a.makePythonObject(), b.makePythonObject())
      return try unsafe gil.object(cpy_compare(comparison, a.pointer, b.pointer))
    }
  }
}

// MARK: - Comparisons that return a Bool

// `ValueError` for arrays, which are compared element by element, and `TypeError` for objects
// without an order.

extension PythonObject {
  /// Whether Python's `a < b` is true; throws for arrays: use `.<` for these.
  public static func < (a: PythonObject, b: PythonObject) throws -> Bool {
    try Bool(compare(a, .less, b))
  }

  /// Whether Python's `a < b` is true; throws for arrays: use `.<` for these.
  public static func < (a: PythonObject, b: some PythonConvertible) throws -> Bool {
    try Bool(compare(a, .less, b))
  }

  /// Whether Python's `a < b` is true; throws for arrays: use `.<` for these.
  public static func < (a: some PythonConvertible, b: PythonObject) throws -> Bool {
    try Bool(compare(a, .less, b))
  }

  /// Whether Python's `a <= b` is true; throws for arrays: use `.<=` for these.
  public static func <= (a: PythonObject, b: PythonObject) throws -> Bool {
    try Bool(compare(a, .less_or_equal, b))
  }

  /// Whether Python's `a <= b` is true; throws for arrays: use `.<=` for these.
  public static func <= (a: PythonObject, b: some PythonConvertible) throws -> Bool {
    try Bool(compare(a, .less_or_equal, b))
  }

  /// Whether Python's `a <= b` is true; throws for arrays: use `.<=` for these.
  public static func <= (a: some PythonConvertible, b: PythonObject) throws -> Bool {
    try Bool(compare(a, .less_or_equal, b))
  }

  /// Whether Python's `a > b` is true; throws for arrays: use `.>` for these.
  public static func > (a: PythonObject, b: PythonObject) throws -> Bool {
    try Bool(compare(a, .greater, b))
  }

  /// Whether Python's `a > b` is true; throws for arrays: use `.>` for these.
  public static func > (a: PythonObject, b: some PythonConvertible) throws -> Bool {
    try Bool(compare(a, .greater, b))
  }

  /// Whether Python's `a > b` is true; throws for arrays: use `.>` for these.
  public static func > (a: some PythonConvertible, b: PythonObject) throws -> Bool {
    try Bool(compare(a, .greater, b))
  }

  /// Whether Python's `a >= b` is true; throws for arrays: use `.>=` for these.
  public static func >= (a: PythonObject, b: PythonObject) throws -> Bool {
    try Bool(compare(a, .greater_or_equal, b))
  }

  /// Whether Python's `a >= b` is true; throws for arrays: use `.>=` for these.
  public static func >= (a: PythonObject, b: some PythonConvertible) throws -> Bool {
    try Bool(compare(a, .greater_or_equal, b))
  }

  /// Whether Python's `a >= b` is true; throws for arrays: use `.>=` for these.
  public static func >= (a: some PythonConvertible, b: PythonObject) throws -> Bool {
    try Bool(compare(a, .greater_or_equal, b))
  }
}

// MARK: - Comparisons that return Python's result

extension PythonObject {
  /// Python's result of `a < b`: for arrays, an array of bools.
  public static func .< (a: PythonObject, b: PythonObject) throws -> PythonObject {
    try compare(a, .less, b)
  }

  /// Python's result of `a < b`: for arrays, an array of bools.
  public static func .< (a: PythonObject, b: some PythonConvertible) throws -> PythonObject {
    try compare(a, .less, b)
  }

  /// Python's result of `a < b`: for arrays, an array of bools.
  public static func .< (a: some PythonConvertible, b: PythonObject) throws -> PythonObject {
    try compare(a, .less, b)
  }

  /// Python's result of `a <= b`: for arrays, an array of bools.
  public static func .<= (a: PythonObject, b: PythonObject) throws -> PythonObject {
    try compare(a, .less_or_equal, b)
  }

  /// Python's result of `a <= b`: for arrays, an array of bools.
  public static func .<= (a: PythonObject, b: some PythonConvertible) throws -> PythonObject {
    try compare(a, .less_or_equal, b)
  }

  /// Python's result of `a <= b`: for arrays, an array of bools.
  public static func .<= (a: some PythonConvertible, b: PythonObject) throws -> PythonObject {
    try compare(a, .less_or_equal, b)
  }

  /// Python's result of `a == b`: for arrays, an array of bools.
  public static func .== (a: PythonObject, b: PythonObject) throws -> PythonObject {
    try compare(a, .equal, b)
  }

  /// Python's result of `a == b`: for arrays, an array of bools.
  public static func .== (a: PythonObject, b: some PythonConvertible) throws -> PythonObject {
    try compare(a, .equal, b)
  }

  /// Python's result of `a == b`: for arrays, an array of bools.
  public static func .== (a: some PythonConvertible, b: PythonObject) throws -> PythonObject {
    try compare(a, .equal, b)
  }

  /// Python's result of `a != b`: for arrays, an array of bools.
  public static func .!= (a: PythonObject, b: PythonObject) throws -> PythonObject {
    try compare(a, .not_equal, b)
  }

  /// Python's result of `a != b`: for arrays, an array of bools.
  public static func .!= (a: PythonObject, b: some PythonConvertible) throws -> PythonObject {
    try compare(a, .not_equal, b)
  }

  /// Python's result of `a != b`: for arrays, an array of bools.
  public static func .!= (a: some PythonConvertible, b: PythonObject) throws -> PythonObject {
    try compare(a, .not_equal, b)
  }

  /// Python's result of `a > b`: for arrays, an array of bools.
  public static func .> (a: PythonObject, b: PythonObject) throws -> PythonObject {
    try compare(a, .greater, b)
  }

  /// Python's result of `a > b`: for arrays, an array of bools.
  public static func .> (a: PythonObject, b: some PythonConvertible) throws -> PythonObject {
    try compare(a, .greater, b)
  }

  /// Python's result of `a > b`: for arrays, an array of bools.
  public static func .> (a: some PythonConvertible, b: PythonObject) throws -> PythonObject {
    try compare(a, .greater, b)
  }

  /// Python's result of `a >= b`: for arrays, an array of bools.
  public static func .>= (a: PythonObject, b: PythonObject) throws -> PythonObject {
    try compare(a, .greater_or_equal, b)
  }

  /// Python's result of `a >= b`: for arrays, an array of bools.
  public static func .>= (a: PythonObject, b: some PythonConvertible) throws -> PythonObject {
    try compare(a, .greater_or_equal, b)
  }

  /// Python's result of `a >= b`: for arrays, an array of bools.
  public static func .>= (a: some PythonConvertible, b: PythonObject) throws -> PythonObject {
    try compare(a, .greater_or_equal, b)
  }
}
