internal import CPython

// Python's operators, with a Swift value on either side: `try 2 * x + 1`. Operators that Swift does
// not have are methods.
//
// Each has three overloads: with only the two generic ones, or with one for `any
// PythonConvertible`, the compiler takes fifty times as long for an expression of ten operators.

extension PythonObject {
  private static func apply(
    _ a: some PythonConvertible, _ which: cpy_binary_operator, _ b: some PythonConvertible
  ) throws -> PythonObject {
    try Python.withGIL { gil in
      let (a, b) = try (a.makePythonObject(), b.makePythonObject())
      return try unsafe gil.object(cpy_binary(which, a.pointer, b.pointer))
    }
  }

  private static func change(
    _ a: inout PythonObject, _ which: cpy_binary_operator, _ b: some PythonConvertible
  ) throws {
    a = try Python.withGIL { gil in
      let (old, b) = try (a, b.makePythonObject())
      return try unsafe gil.object(cpy_in_place(which, old.pointer, b.pointer))
    }
  }
}

// MARK: - +

extension PythonObject {
  /// Python's `a + b`: throws a `PythonError`, such as `TypeError`, if the operands do not support
  /// it.
  public static func + (a: PythonObject, b: PythonObject) throws -> PythonObject {
    try apply(a, .add, b)
  }

  /// Python's `a + b`: throws a `PythonError`, such as `TypeError`, if the operands do not support
  /// it.
  public static func + (a: PythonObject, b: some PythonConvertible) throws -> PythonObject {
    try apply(a, .add, b)
  }

  /// Python's `a + b`: throws a `PythonError`, such as `TypeError`, if the operands do not support
  /// it.
  public static func + (a: some PythonConvertible, b: PythonObject) throws -> PythonObject {
    try apply(a, .add, b)
  }

  /// Python's `a += b`, which changes a mutable object in place.
  public static func += (a: inout PythonObject, b: some PythonConvertible) throws {
    try change(&a, .add, b)
  }
}

// MARK: - -

extension PythonObject {
  /// Python's `a - b`: throws a `PythonError`, such as `TypeError`, if the operands do not support
  /// it.
  public static func - (a: PythonObject, b: PythonObject) throws -> PythonObject {
    try apply(a, .subtract, b)
  }

  /// Python's `a - b`: throws a `PythonError`, such as `TypeError`, if the operands do not support
  /// it.
  public static func - (a: PythonObject, b: some PythonConvertible) throws -> PythonObject {
    try apply(a, .subtract, b)
  }

  /// Python's `a - b`: throws a `PythonError`, such as `TypeError`, if the operands do not support
  /// it.
  public static func - (a: some PythonConvertible, b: PythonObject) throws -> PythonObject {
    try apply(a, .subtract, b)
  }

  /// Python's `a -= b`, which changes a mutable object in place.
  public static func -= (a: inout PythonObject, b: some PythonConvertible) throws {
    try change(&a, .subtract, b)
  }
}

// MARK: - *

extension PythonObject {
  /// Python's `a * b`: throws a `PythonError`, such as `TypeError`, if the operands do not support
  /// it.
  public static func * (a: PythonObject, b: PythonObject) throws -> PythonObject {
    try apply(a, .multiply, b)
  }

  /// Python's `a * b`: throws a `PythonError`, such as `TypeError`, if the operands do not support
  /// it.
  public static func * (a: PythonObject, b: some PythonConvertible) throws -> PythonObject {
    try apply(a, .multiply, b)
  }

  /// Python's `a * b`: throws a `PythonError`, such as `TypeError`, if the operands do not support
  /// it.
  public static func * (a: some PythonConvertible, b: PythonObject) throws -> PythonObject {
    try apply(a, .multiply, b)
  }

  /// Python's `a *= b`, which changes a mutable object in place.
  public static func *= (a: inout PythonObject, b: some PythonConvertible) throws {
    try change(&a, .multiply, b)
  }
}

// MARK: - /

extension PythonObject {
  /// Python's `a / b`: throws a `PythonError`, such as `TypeError`, if the operands do not support
  /// it.
  public static func / (a: PythonObject, b: PythonObject) throws -> PythonObject {
    try apply(a, .divide, b)
  }

  /// Python's `a / b`: throws a `PythonError`, such as `TypeError`, if the operands do not support
  /// it.
  public static func / (a: PythonObject, b: some PythonConvertible) throws -> PythonObject {
    try apply(a, .divide, b)
  }

  /// Python's `a / b`: throws a `PythonError`, such as `TypeError`, if the operands do not support
  /// it.
  public static func / (a: some PythonConvertible, b: PythonObject) throws -> PythonObject {
    try apply(a, .divide, b)
  }

  /// Python's `a /= b`, which changes a mutable object in place.
  public static func /= (a: inout PythonObject, b: some PythonConvertible) throws {
    try change(&a, .divide, b)
  }
}

// MARK: - %

extension PythonObject {
  /// Python's `a % b`: throws a `PythonError`, such as `TypeError`, if the operands do not support
  /// it.
  public static func % (a: PythonObject, b: PythonObject) throws -> PythonObject {
    try apply(a, .remainder, b)
  }

  /// Python's `a % b`: throws a `PythonError`, such as `TypeError`, if the operands do not support
  /// it.
  public static func % (a: PythonObject, b: some PythonConvertible) throws -> PythonObject {
    try apply(a, .remainder, b)
  }

  /// Python's `a % b`: throws a `PythonError`, such as `TypeError`, if the operands do not support
  /// it.
  public static func % (a: some PythonConvertible, b: PythonObject) throws -> PythonObject {
    try apply(a, .remainder, b)
  }

  /// Python's `a %= b`, which changes a mutable object in place.
  public static func %= (a: inout PythonObject, b: some PythonConvertible) throws {
    try change(&a, .remainder, b)
  }
}

// MARK: - &

extension PythonObject {
  /// Python's `a & b`: throws a `PythonError`, such as `TypeError`, if the operands do not support
  /// it.
  public static func & (a: PythonObject, b: PythonObject) throws -> PythonObject {
    try apply(a, .and, b)
  }

  /// Python's `a & b`: throws a `PythonError`, such as `TypeError`, if the operands do not support
  /// it.
  public static func & (a: PythonObject, b: some PythonConvertible) throws -> PythonObject {
    try apply(a, .and, b)
  }

  /// Python's `a & b`: throws a `PythonError`, such as `TypeError`, if the operands do not support
  /// it.
  public static func & (a: some PythonConvertible, b: PythonObject) throws -> PythonObject {
    try apply(a, .and, b)
  }

  /// Python's `a &= b`, which changes a mutable object in place.
  public static func &= (a: inout PythonObject, b: some PythonConvertible) throws {
    try change(&a, .and, b)
  }
}

// MARK: - |

extension PythonObject {
  /// Python's `a | b`: throws a `PythonError`, such as `TypeError`, if the operands do not support
  /// it.
  public static func | (a: PythonObject, b: PythonObject) throws -> PythonObject {
    try apply(a, .or, b)
  }

  /// Python's `a | b`: throws a `PythonError`, such as `TypeError`, if the operands do not support
  /// it.
  public static func | (a: PythonObject, b: some PythonConvertible) throws -> PythonObject {
    try apply(a, .or, b)
  }

  /// Python's `a | b`: throws a `PythonError`, such as `TypeError`, if the operands do not support
  /// it.
  public static func | (a: some PythonConvertible, b: PythonObject) throws -> PythonObject {
    try apply(a, .or, b)
  }

  /// Python's `a |= b`, which changes a mutable object in place.
  public static func |= (a: inout PythonObject, b: some PythonConvertible) throws {
    try change(&a, .or, b)
  }
}

// MARK: - ^

extension PythonObject {
  /// Python's `a ^ b`: throws a `PythonError`, such as `TypeError`, if the operands do not support
  /// it.
  public static func ^ (a: PythonObject, b: PythonObject) throws -> PythonObject {
    try apply(a, .xor, b)
  }

  /// Python's `a ^ b`: throws a `PythonError`, such as `TypeError`, if the operands do not support
  /// it.
  public static func ^ (a: PythonObject, b: some PythonConvertible) throws -> PythonObject {
    try apply(a, .xor, b)
  }

  /// Python's `a ^ b`: throws a `PythonError`, such as `TypeError`, if the operands do not support
  /// it.
  public static func ^ (a: some PythonConvertible, b: PythonObject) throws -> PythonObject {
    try apply(a, .xor, b)
  }

  /// Python's `a ^= b`, which changes a mutable object in place.
  public static func ^= (a: inout PythonObject, b: some PythonConvertible) throws {
    try change(&a, .xor, b)
  }
}

// MARK: - <<

extension PythonObject {
  /// Python's `a << b`: throws a `PythonError`, such as `TypeError`, if the operands do not support
  /// it.
  public static func << (a: PythonObject, b: PythonObject) throws -> PythonObject {
    try apply(a, .shift_left, b)
  }

  /// Python's `a << b`: throws a `PythonError`, such as `TypeError`, if the operands do not support
  /// it.
  public static func << (a: PythonObject, b: some PythonConvertible) throws -> PythonObject {
    try apply(a, .shift_left, b)
  }

  /// Python's `a << b`: throws a `PythonError`, such as `TypeError`, if the operands do not support
  /// it.
  public static func << (a: some PythonConvertible, b: PythonObject) throws -> PythonObject {
    try apply(a, .shift_left, b)
  }

  /// Python's `a <<= b`, which changes a mutable object in place.
  public static func <<= (a: inout PythonObject, b: some PythonConvertible) throws {
    try change(&a, .shift_left, b)
  }
}

// MARK: - >>

extension PythonObject {
  /// Python's `a >> b`: throws a `PythonError`, such as `TypeError`, if the operands do not support
  /// it.
  public static func >> (a: PythonObject, b: PythonObject) throws -> PythonObject {
    try apply(a, .shift_right, b)
  }

  /// Python's `a >> b`: throws a `PythonError`, such as `TypeError`, if the operands do not support
  /// it.
  public static func >> (a: PythonObject, b: some PythonConvertible) throws -> PythonObject {
    try apply(a, .shift_right, b)
  }

  /// Python's `a >> b`: throws a `PythonError`, such as `TypeError`, if the operands do not support
  /// it.
  public static func >> (a: some PythonConvertible, b: PythonObject) throws -> PythonObject {
    try apply(a, .shift_right, b)
  }

  /// Python's `a >>= b`, which changes a mutable object in place.
  public static func >>= (a: inout PythonObject, b: some PythonConvertible) throws {
    try change(&a, .shift_right, b)
  }
}

// MARK: - One operand

extension PythonObject {
  /// Python's `-a`.
  ///
  /// - Throws: `PythonError`: `TypeError` when the object does not support it, or what it raises.
  public static prefix func - (a: PythonObject) throws -> PythonObject {
    try Python.withGIL { gil in try unsafe gil.object(cpy_negative(a.pointer)) }
  }

  /// Python's `~a`: for arrays of bools, "not" of each element.
  ///
  /// - Throws: `PythonError`: `TypeError` when the object does not support it, or what it raises.
  public static prefix func ~ (a: PythonObject) throws -> PythonObject {
    try Python.withGIL { gil in try unsafe gil.object(cpy_inverted(a.pointer)) }
  }
}

// MARK: - Without an operator in Swift

extension PythonObject {
  /// Python's `a // b`.
  ///
  /// - Throws: `PythonError`: `TypeError` when the objects do not support it, or what it raises.
  public func floorDivided(by divisor: some PythonConvertible) throws -> PythonObject {
    try PythonObject.apply(self, .floor_divide, divisor)
  }

  /// Python's `a ** b`.
  ///
  /// - Throws: `PythonError`: `TypeError` when the objects do not support it, or what it raises.
  public func raisedToPower(_ exponent: some PythonConvertible) throws -> PythonObject {
    try PythonObject.apply(self, .power, exponent)
  }

  /// Python's `a @ b`.
  ///
  /// - Throws: `PythonError`: `TypeError` when the objects do not support it, or what it raises.
  public func matrixMultiplied(by other: some PythonConvertible) throws -> PythonObject {
    try PythonObject.apply(self, .matrix_multiply, other)
  }
}
