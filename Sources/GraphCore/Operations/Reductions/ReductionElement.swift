internal import ComplexModule
internal import TensorCore

/// A Swift type whose values can be added up and multiplied as NumPy does it.
protocol ReductionElement {
  /// The type in which sums and products are computed, so that they round once: float32 for the
  /// smaller floats, int64 or uint64 for whole numbers and bool.
  associatedtype Wide: Accumulator

  var wide: Wide { get }

  /// Whether the element is not zero; NaN is not.
  var isTrue: Bool { get }

  /// The element nearest to a sum; whole numbers wrap, bool asks whether it is not zero.
  static func narrowed(_ sum: Wide) -> Self

  /// The type of NumPy's sums and products.
  associatedtype Total = Wide

  static func total(_ sum: Wide) -> Total
}

/// A type in which numbers are added up or multiplied.
protocol Accumulator: ArithmeticElement {
  static var zero: Self { get }
  static var one: Self { get }

  /// The number divided by a count; a count of 0 gives NaN or infinity.
  func divided(by count: Int) -> Self
}

/// Calls a visitor with the type of a dtype's elements.
protocol ReductionVisitor {
  associatedtype Result
  func visit<T: ReductionElement>(_ type: T.Type) throws -> Result
}

extension ReductionVisitor {
  /// Visits floating-point and complex dtypes only, for example for gradients.
  func visitFloating(_ dtype: DType) throws -> Result {
    switch dtype {
    case .float16: try visit(Float16.self)
    case .bfloat16: try visit(BFloat16.self)
    case .float32: try visit(Float.self)
    case .float64: try visit(Double.self)
    case .complex64: try visit(Complex<Float>.self)
    case .complex128: try visit(Complex<Double>.self)
    default: throw TensorError(.internal, "floating-point numbers were expected, not \(dtype)")
    }
  }

  func visit(_ dtype: DType) throws -> Result {
    switch dtype {
    case .bool: try visit(Truth.self)
    case .int8: try visit(Int8.self)
    case .int16: try visit(Int16.self)
    case .int32: try visit(Int32.self)
    case .int64: try visit(Int64.self)
    case .uint8: try visit(UInt8.self)
    case .uint16: try visit(UInt16.self)
    case .uint32: try visit(UInt32.self)
    case .uint64: try visit(UInt64.self)
    case .float16: try visit(Float16.self)
    case .bfloat16: try visit(BFloat16.self)
    case .float32: try visit(Float.self)
    case .float64: try visit(Double.self)
    case .complex64: try visit(Complex<Float>.self)
    case .complex128: try visit(Complex<Double>.self)
    case .string:
      throw TensorError(
        .invalidArgument,
        spelled: """
          strings have no arithmetic; compute in a \(Message.name("numpyFunction"))
          """)
    }
  }
}

extension DType {
  /// The dtype of a sum or product, as NumPy widens: int64 for bool and signed numbers, uint64 for
  /// unsigned ones.
  var total: DType {
    switch kind {
    case .bool, .signedInteger: .int64
    case .unsignedInteger: .uint64
    case .real, .complex, .string: self
    }
  }

  /// The dtype of a mean: float64 for whole numbers and bool.
  var average: DType { isInteger || self == .bool ? .float64 : self }

  /// The dtype in which smaller floats are computed, whose own steps would round too often.
  var computation: DType { self == .float16 || self == .bfloat16 ? .float32 : average }
}

extension DType {
  /// The dtype of a distance from the mean: that of the mean, but real.
  var deviation: DType {
    switch self {
    case .complex64: .float32
    case .complex128: .float64
    default: average
    }
  }
}

extension Int64: Accumulator {
  static var one: Int64 { 1 }
  // Means are made in float64.
  func divided(by count: Int) -> Int64 { self / Int64(Swift.max(count, 1)) }
}

extension UInt64: Accumulator {
  static var one: UInt64 { 1 }
  func divided(by count: Int) -> UInt64 { self / UInt64(Swift.max(count, 1)) }
}

extension Float: Accumulator {
  static var one: Float { 1 }
  func divided(by count: Int) -> Float { self / Float(count) }
}

extension Double: Accumulator {
  static var one: Double { 1 }
  func divided(by count: Int) -> Double { self / Double(count) }
}

extension Complex: Accumulator where RealType: ComplexPart {
  func divided(by count: Int) -> Self {
    Self(rawStorage.x / RealType(count), rawStorage.y / RealType(count))
  }
}

extension Truth: ReductionElement {
  var wide: Int64 { isTrue ? 1 : 0 }
  static func narrowed(_ sum: Int64) -> Truth { Truth(sum != 0) }
  static func total(_ sum: Int64) -> Int64 { sum }
}

extension ReductionElement where Self: FixedWidthInteger {
  var isTrue: Bool { self != 0 }
  static func total(_ sum: Wide) -> Wide { sum }
}

extension ReductionElement where Self: FixedWidthInteger, Wide: FixedWidthInteger {
  var wide: Wide { Wide(truncatingIfNeeded: self) }
  static func narrowed(_ sum: Wide) -> Self { Self(truncatingIfNeeded: sum) }
}

extension Int8: ReductionElement { typealias Wide = Int64 }
extension Int16: ReductionElement { typealias Wide = Int64 }
extension Int32: ReductionElement { typealias Wide = Int64 }
extension Int64: ReductionElement { typealias Wide = Int64 }
extension UInt8: ReductionElement { typealias Wide = UInt64 }
extension UInt16: ReductionElement { typealias Wide = UInt64 }
extension UInt32: ReductionElement { typealias Wide = UInt64 }
extension UInt64: ReductionElement { typealias Wide = UInt64 }

/// Elements whose sums are made in their own type.
protocol WideElement: ReductionElement, Accumulator where Wide == Self, Total == Self {}

extension WideElement {
  var wide: Self { self }
  static func narrowed(_ sum: Self) -> Self { sum }
  static func total(_ sum: Self) -> Self { sum }
}

extension Float: WideElement {
  var isTrue: Bool { self != 0 }
}

extension Double: WideElement {
  var isTrue: Bool { self != 0 }
}

extension Complex: ReductionElement, WideElement where RealType: ComplexPart {
  var isTrue: Bool { rawStorage.x != 0 || rawStorage.y != 0 }
}

extension Float16: ReductionElement {
  var wide: Float { Float(self) }
  var isTrue: Bool { self != 0 }
  static func narrowed(_ sum: Float) -> Float16 { Float16(sum) }
  static func total(_ sum: Float) -> Float16 { Float16(sum) }
}

extension BFloat16: ReductionElement {
  var wide: Float { float }
  var isTrue: Bool { float != 0 }
  static func narrowed(_ sum: Float) -> BFloat16 { BFloat16(sum) }
  static func total(_ sum: Float) -> BFloat16 { BFloat16(sum) }
}
