internal import TensorCore

/// A Swift type of numbers that are divided with a remainder: whole and real ones.
///
/// As in Python, the quotient is rounded down and the remainder has the divisor's sign. See
/// <https://numpy.org/doc/stable/reference/generated/numpy.divmod.html>.
protocol DivisibleElement: NumberElement {
  static func floorQuotient(_ a: Self, _ b: Self) -> Self
  static func floorRemainder(_ a: Self, _ b: Self) -> Self
}

/// Calls a visitor with the type of a dtype's elements.
protocol DivisibleVisitor {
  func visit<T: DivisibleElement>(_ type: T.Type) -> ElementLoop
}

extension DivisibleVisitor {
  /// The loop for a dtype; bool, complex numbers and strings have none.
  func loop(for dtype: DType) -> ElementLoop? {
    switch dtype {
    case .int8: visit(Int8.self)
    case .int16: visit(Int16.self)
    case .int32: visit(Int32.self)
    case .int64: visit(Int64.self)
    case .uint8: visit(UInt8.self)
    case .uint16: visit(UInt16.self)
    case .uint32: visit(UInt32.self)
    case .uint64: visit(UInt64.self)
    case .float16: visit(Float16.self)
    case .bfloat16: visit(BFloat16.self)
    case .float32: visit(Float.self)
    case .float64: visit(Double.self)
    case .bool, .complex64, .complex128, .string: nil
    }
  }
}

/// Division by zero gives 0, and the lowest number divided by -1 gives itself: nothing traps.
extension DivisibleElement where Self: FixedWidthInteger {
  static func floorQuotient(_ a: Self, _ b: Self) -> Self {
    if b == 0 { return 0 }
    let (quotient, overflow) = a.dividedReportingOverflow(by: b)
    if overflow { return a }
    return (a < 0) != (b < 0) && quotient &* b != a ? quotient &- 1 : quotient
  }

  static func floorRemainder(_ a: Self, _ b: Self) -> Self {
    if b == 0 { return 0 }
    let (remainder, overflow) = a.remainderReportingOverflow(dividingBy: b)
    if overflow { return 0 }
    return remainder != 0 && (remainder < 0) != (b < 0) ? remainder &+ b : remainder
  }
}

extension Int8: DivisibleElement {}
extension Int16: DivisibleElement {}
extension Int32: DivisibleElement {}
extension Int64: DivisibleElement {}
extension UInt8: DivisibleElement {}
extension UInt16: DivisibleElement {}
extension UInt32: DivisibleElement {}
extension UInt64: DivisibleElement {}

/// NumPy's steps (`npy_floor_divide`, `npy_remainder`), so that rounding is the same.
extension DivisibleElement where Self: BinaryFloatingPoint {
  static func floorQuotient(_ a: Self, _ b: Self) -> Self {
    if b == 0 { return a / b }
    let remainder = a.truncatingRemainder(dividingBy: b)
    var quotient = (a - remainder) / b
    if remainder != 0 && (b < 0) != (remainder < 0) { quotient -= 1 }
    if quotient == 0 { return Self(signOf: a / b, magnitudeOf: 0) }
    let floor = quotient.rounded(.down)
    return quotient - floor > 0.5 ? floor + 1 : floor
  }

  static func floorRemainder(_ a: Self, _ b: Self) -> Self {
    let remainder = a.truncatingRemainder(dividingBy: b)
    if b == 0 { return remainder }
    if remainder == 0 { return Self(signOf: b, magnitudeOf: 0) }
    return (b < 0) != (remainder < 0) ? remainder + b : remainder
  }
}

extension Float: DivisibleElement {}
extension Double: DivisibleElement {}

extension Float16: DivisibleElement {
  static func floorQuotient(_ a: Self, _ b: Self) -> Self {
    Self(Float.floorQuotient(Float(a), Float(b)))
  }

  static func floorRemainder(_ a: Self, _ b: Self) -> Self {
    Self(Float.floorRemainder(Float(a), Float(b)))
  }
}

extension BFloat16: DivisibleElement {
  static func floorQuotient(_ a: Self, _ b: Self) -> Self {
    Self(Float.floorQuotient(a.float, b.float))
  }

  static func floorRemainder(_ a: Self, _ b: Self) -> Self {
    Self(Float.floorRemainder(a.float, b.float))
  }
}
