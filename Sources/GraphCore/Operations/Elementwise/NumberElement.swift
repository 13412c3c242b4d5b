internal import ComplexModule
internal import RealModule
internal import TensorCore

/// A Swift type of numbers with which NumPy does more than arithmetic: all but bool.
protocol NumberElement: ArithmeticElement {
  /// What an absolute value is: the type of the parts for complex numbers, the type itself for
  /// others.
  associatedtype Absolute: LoopElement

  static var zero: Self { get }
  static func absolute(_ a: Self) -> Absolute
  /// -1, 0 or 1; NaN for NaN; of a complex number the number of length 1 with its direction.
  static func sign(_ a: Self) -> Self
  /// 0 for the whole number 0.
  static func reciprocal(_ a: Self) -> Self
}

/// Calls a visitor with the type of a dtype's elements.
protocol NumberVisitor {
  func visit<T: NumberElement>(_ type: T.Type) -> ElementLoop
}

extension NumberVisitor {
  /// The loop for a dtype; bool and strings have none.
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
    case .complex64: visit(Complex<Float>.self)
    case .complex128: visit(Complex<Double>.self)
    case .bool, .string: nil
    }
  }
}

extension NumberElement where Self: FixedWidthInteger {
  static func absolute(_ a: Self) -> Self { a < 0 ? 0 &- a : a }
  static func sign(_ a: Self) -> Self { a > 0 ? 1 : a < 0 ? 0 &- 1 : 0 }
  static func reciprocal(_ a: Self) -> Self { a == 1 ? 1 : a == 0 &- 1 ? a : 0 }
}

extension Int8: NumberElement {}
extension Int16: NumberElement {}
extension Int32: NumberElement {}
extension Int64: NumberElement {}
extension UInt8: NumberElement {}
extension UInt16: NumberElement {}
extension UInt32: NumberElement {}
extension UInt64: NumberElement {}

extension NumberElement where Self: BinaryFloatingPoint {
  static func absolute(_ a: Self) -> Self { a.magnitude }
  static func sign(_ a: Self) -> Self { a > 0 ? 1 : a < 0 ? -1 : a == 0 ? 0 : a }
  static func reciprocal(_ a: Self) -> Self { 1 / a }
}

extension Float16: NumberElement {}
extension Float: NumberElement {}
extension Double: NumberElement {}

extension BFloat16: NumberElement {
  static var zero: Self { Self(bitPattern: 0) }
  static func absolute(_ a: Self) -> Self { Self(bitPattern: a.bitPattern & 0x7fff) }
  static func sign(_ a: Self) -> Self { Self(Float.sign(a.float)) }
  static func reciprocal(_ a: Self) -> Self { Self(1 / a.float) }
}

extension Complex: NumberElement where RealType: ComplexPart & LoopElement {
  static func absolute(_ a: Self) -> RealType { .hypot(a.rawStorage.x, a.rawStorage.y) }

  /// As NumPy 2 has it.
  static func sign(_ a: Self) -> Self {
    let (x, y) = a.rawStorage
    let length = absolute(a)
    if length == 0 { return Self(0, 0) }
    guard length.isInfinite else { return Self(x / length, y / length) }
    if x.isInfinite && y.isInfinite { return Self(.nan, .nan) }
    return Self(
      x.isInfinite ? RealType(signOf: x, magnitudeOf: 1) : 0,
      y.isInfinite ? RealType(signOf: y, magnitudeOf: 1) : 0)
  }

  /// Smith's method, as NumPy does it.
  static func reciprocal(_ a: Self) -> Self {
    let (x, y) = a.rawStorage
    if y.magnitude <= x.magnitude {
      let ratio = y / x
      let scale = x + y * ratio
      return Self(1 / scale, -ratio / scale)
    }
    let ratio = x / y
    let scale = x * ratio + y
    return Self(ratio / scale, -1 / scale)
  }
}
