internal import TensorCore

/// A Swift type whose values have an order, and NaN before and after all of them, as NumPy's
/// extremes have it.
protocol OrderedElement: ReductionElement {
  /// The smaller of two; NaN if one is.
  static func least(_ a: Self, _ b: Self) -> Self

  /// The greater of two; NaN if one is.
  static func greatest(_ a: Self, _ b: Self) -> Self

  /// Whether two are equal, NaN to NaN.
  static func isSame(_ a: Self, _ b: Self) -> Bool

  /// The same value in the one form that results have.
  var normal: Self { get }
}

/// Calls a visitor with the type of a dtype's elements.
protocol OrderedVisitor {
  associatedtype Result
  func visit<T: OrderedElement>(_ type: T.Type) throws -> Result
}

extension OrderedVisitor {
  /// Visits floating-point dtypes only, for example for gradients.
  func visitFloating(_ dtype: DType) throws -> Result {
    switch dtype {
    case .float16: try visit(Float16.self)
    case .bfloat16: try visit(BFloat16.self)
    case .float32: try visit(Float.self)
    case .float64: try visit(Double.self)
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
    case .complex64, .complex128, .string:
      throw TensorError(.internal, "\(dtype) has no order; that is found out before a kernel runs")
    }
  }
}

extension [TensorSpec] {
  /// Refuses anything but one tensor of real numbers or bool.
  func expectOrder(for operation: any Operation) throws {
    try expectNumbers(for: operation)
    guard !self[0].dtype.isComplex else {
      throw TensorError(
        .invalidArgument,
        spelled: """
          complex numbers have no order, and so no \(Message.name(operation.name)); take it of \
          their absolute values or of their real parts
          """)
    }
  }
}

extension OrderedElement {
  var normal: Self { self }
}

extension OrderedElement where Self: FixedWidthInteger {
  static func least(_ a: Self, _ b: Self) -> Self { a < b ? a : b }
  static func greatest(_ a: Self, _ b: Self) -> Self { a > b ? a : b }
  static func isSame(_ a: Self, _ b: Self) -> Bool { a == b }
}

extension Int8: OrderedElement {}
extension Int16: OrderedElement {}
extension Int32: OrderedElement {}
extension Int64: OrderedElement {}
extension UInt8: OrderedElement {}
extension UInt16: OrderedElement {}
extension UInt32: OrderedElement {}
extension UInt64: OrderedElement {}

extension OrderedElement where Self: BinaryFloatingPoint {
  // Without branches: a number that is not equal to itself is NaN.
  static func least(_ a: Self, _ b: Self) -> Self { (a < b) != (a != a) ? a : b }
  static func greatest(_ a: Self, _ b: Self) -> Self { (a > b) != (a != a) ? a : b }
  static func isSame(_ a: Self, _ b: Self) -> Bool { (a == b) != (a != a && b != b) }
}

extension Float16: OrderedElement {}
extension Float: OrderedElement {}
extension Double: OrderedElement {}

extension BFloat16: OrderedElement {
  static func least(_ a: Self, _ b: Self) -> Self { a.float < b.float || a.float.isNaN ? a : b }
  static func greatest(_ a: Self, _ b: Self) -> Self { a.float > b.float || a.float.isNaN ? a : b }
  static func isSame(_ a: Self, _ b: Self) -> Bool { Float.isSame(a.float, b.float) }
}

extension Truth: OrderedElement {
  static func least(_ a: Truth, _ b: Truth) -> Truth { product(a, b) }
  static func greatest(_ a: Truth, _ b: Truth) -> Truth { sum(a, b) }
  static func isSame(_ a: Truth, _ b: Truth) -> Bool { a.isTrue == b.isTrue }
  var normal: Truth { Truth(isTrue) }
}
