internal import TensorCore

// MARK: - Whole numbers

extension KernelElement where Self: FixedWidthInteger, Wide: FixedWidthInteger {
  static func sum(_ a: Self, _ b: Self) -> Self { a &+ b }
  static func difference(_ a: Self, _ b: Self) -> Self { a &- b }
  static func product(_ a: Self, _ b: Self) -> Self { a &* b }
  static func quotient(_ a: Self, _ b: Self) -> Double { Double(a) / Double(b) }
  static func negative(_ a: Self) -> Self { 0 &- a }

  /// 0 where the divisor is 0; the lowest number divided by -1 is itself.
  static func floorQuotient(_ a: Self, _ b: Self) -> Self {
    if b == 0 { return 0 }
    let (quotient, overflow) = a.dividedReportingOverflow(by: b)
    if overflow { return a }
    return (a < 0) != (b < 0) && quotient &* b != a ? quotient &- 1 : quotient
  }

  /// 0 where the divisor is 0.
  static func floorRemainder(_ a: Self, _ b: Self) -> Self {
    if b == 0 { return 0 }
    let (remainder, overflow) = a.remainderReportingOverflow(dividingBy: b)
    if overflow { return 0 }
    return remainder != 0 && (remainder < 0) != (b < 0) ? remainder &+ b : remainder
  }

  static func reciprocal(_ a: Self) -> Self { a == 1 ? 1 : a == 0 &- 1 ? a : 0 }
  static func sign(_ a: Self) -> Self { a > 0 ? 1 : a < 0 ? 0 &- 1 : 0 }
  static func absolute(_ a: Self) -> Self { a < 0 ? 0 &- a : a }
  func rounded(_ rule: FloatingPointRoundingRule) -> Self { self }

  static func less(_ a: Self, _ b: Self) -> Bool { a < b }
  static func lessOrEqual(_ a: Self, _ b: Self) -> Bool { a <= b }
  static func equal(_ a: Self, _ b: Self) -> Bool { a == b }
  static func isNaN(_ a: Self) -> Bool { false }
  static func isInfinite(_ a: Self) -> Bool { false }

  var wide: Wide { Wide(truncatingIfNeeded: self) }
  static func narrowed(_ sum: Wide) -> Self { Self(truncatingIfNeeded: sum) }
  static func total(_ sum: Wide) -> Wide { sum }
}

extension Accumulator where Self: FixedWidthInteger {
  static var one: Self { 1 }
  // Means are made in float64.
  func divided(by count: Int) -> Self { self / Self(Swift.max(count, 1)) }
}

extension Int8: KernelElement { typealias Wide = Int64 }
extension Int16: KernelElement { typealias Wide = Int64 }
extension Int32: KernelElement { typealias Wide = Int64 }
extension Int64: Accumulator { typealias Wide = Int64 }
extension UInt8: KernelElement { typealias Wide = UInt64 }
extension UInt16: KernelElement { typealias Wide = UInt64 }
extension UInt32: KernelElement { typealias Wide = UInt64 }
extension UInt64: Accumulator { typealias Wide = UInt64 }

// MARK: - Floating-point numbers

extension KernelElement where Self: BinaryFloatingPoint {
  static func sum(_ a: Self, _ b: Self) -> Self { a + b }
  static func difference(_ a: Self, _ b: Self) -> Self { a - b }
  static func product(_ a: Self, _ b: Self) -> Self { a * b }
  static func quotient(_ a: Self, _ b: Self) -> Self { a / b }
  static func negative(_ a: Self) -> Self { -a }

  // NumPy's steps (`npy_floor_divide`, `npy_remainder`), so that rounding is the same.

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

  static func reciprocal(_ a: Self) -> Self { 1 / a }
  static func sign(_ a: Self) -> Self { a > 0 ? 1 : a < 0 ? -1 : a == 0 ? 0 : a }
  static func absolute(_ a: Self) -> Self { a.magnitude }

  static func less(_ a: Self, _ b: Self) -> Bool { a < b }
  static func lessOrEqual(_ a: Self, _ b: Self) -> Bool { a <= b }
  static func equal(_ a: Self, _ b: Self) -> Bool { a == b }
  static func isNaN(_ a: Self) -> Bool { a.isNaN }
  static func isInfinite(_ a: Self) -> Bool { a.isInfinite }
  static func isTrue(_ a: Self) -> Bool { a != 0 }

  // A number that is not equal to itself is NaN: loops with this comparison are vectorised.
  static func least(_ a: Self, _ b: Self) -> Self { (a < b) != (a != a) ? a : b }
  static func greatest(_ a: Self, _ b: Self) -> Self { (a > b) != (a != a) ? a : b }
  static func isSame(_ a: Self, _ b: Self) -> Bool { (a == b) != (a != a && b != b) }
}

extension Accumulator where Self: BinaryFloatingPoint {
  static var one: Self { 1 }
  func divided(by count: Int) -> Self { self / Self(count) }
  var wide: Self { self }
  static func narrowed(_ sum: Self) -> Self { sum }
  static func total(_ sum: Self) -> Self { sum }
}

extension Float: Accumulator { typealias Wide = Float }
extension Double: Accumulator { typealias Wide = Double }

// MARK: - Smaller floating-point numbers

/// Divided as float32.
extension Float16: KernelElement {
  static func floorQuotient(_ a: Self, _ b: Self) -> Self {
    Self(Float.floorQuotient(a.wide, b.wide))
  }

  static func floorRemainder(_ a: Self, _ b: Self) -> Self {
    Self(Float.floorRemainder(a.wide, b.wide))
  }

  var wide: Float { Float(self) }
  static func narrowed(_ sum: Float) -> Self { Self(sum) }
  static func total(_ sum: Float) -> Self { Self(sum) }
}

/// Computed as float32 and rounded, as ml_dtypes does.
extension BFloat16: KernelElement {
  static var zero: Self { Self(bitPattern: 0) }
  static func sum(_ a: Self, _ b: Self) -> Self { Self(a.float + b.float) }
  static func difference(_ a: Self, _ b: Self) -> Self { Self(a.float - b.float) }
  static func product(_ a: Self, _ b: Self) -> Self { Self(a.float * b.float) }
  static func quotient(_ a: Self, _ b: Self) -> Self { Self(a.float / b.float) }
  static func negative(_ a: Self) -> Self { Self(bitPattern: a.bitPattern ^ 0x8000) }

  static func floorQuotient(_ a: Self, _ b: Self) -> Self {
    Self(Float.floorQuotient(a.float, b.float))
  }

  static func floorRemainder(_ a: Self, _ b: Self) -> Self {
    Self(Float.floorRemainder(a.float, b.float))
  }

  static func reciprocal(_ a: Self) -> Self { Self(1 / a.float) }
  static func sign(_ a: Self) -> Self { Self(Float.sign(a.float)) }
  static func absolute(_ a: Self) -> Self { Self(bitPattern: a.bitPattern & 0x7fff) }
  func rounded(_ rule: FloatingPointRoundingRule) -> Self { Self(float.rounded(rule)) }

  static func less(_ a: Self, _ b: Self) -> Bool { a.float < b.float }
  static func lessOrEqual(_ a: Self, _ b: Self) -> Bool { a.float <= b.float }
  static func equal(_ a: Self, _ b: Self) -> Bool { a.float == b.float }
  static func isNaN(_ a: Self) -> Bool { a.float.isNaN }
  static func isInfinite(_ a: Self) -> Bool { a.float.isInfinite }

  var wide: Float { float }
  static func narrowed(_ sum: Float) -> Self { Self(sum) }
  static func total(_ sum: Float) -> Self { Self(sum) }
}
