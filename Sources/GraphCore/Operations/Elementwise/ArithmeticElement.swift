internal import ComplexModule
internal import TensorCore

/// A Swift type of elements with NumPy's arithmetic, which never traps.
///
/// See <https://numpy.org/doc/stable/reference/ufuncs.html#math-operations>.
protocol ArithmeticElement: ComparedElement {
  /// What a division gives: float64 for whole numbers and bool, the type itself for others.
  associatedtype Quotient: LoopElement

  static func sum(_ a: Self, _ b: Self) -> Self
  static func difference(_ a: Self, _ b: Self) -> Self
  static func product(_ a: Self, _ b: Self) -> Self
  static func quotient(_ a: Self, _ b: Self) -> Quotient
  static func negative(_ a: Self) -> Self
}

/// Calls a visitor with the type of a dtype's elements: the one place where dtypes become types, so
/// that all loops are compiled for each of them.
protocol ArithmeticVisitor: ~Copyable {
  associatedtype Result
  func visit<T: ArithmeticElement>(_ type: T.Type) throws -> Result
}

extension ArithmeticVisitor where Self: ~Copyable {
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

extension ArithmeticVisitor where Result == ElementLoop {
  /// The loop for a dtype; strings have none.
  func loop(for dtype: DType) -> ElementLoop? {
    dtype == .string ? nil : try? visit(dtype)
  }
}

/// The byte of a bool, which need not be 0 or 1 when NumPy made it; its sum is "or", its product
/// "and".
struct Truth: ArithmeticElement, Sendable {
  static let dtype = DType.bool

  private let byte: UInt8

  init(_ value: Bool) { byte = value ? 1 : 0 }

  var isTrue: Bool { byte != 0 }

  /// 1 or 0.
  var number: Int8 { byte == 0 ? 0 : 1 }

  static func sum(_ a: Truth, _ b: Truth) -> Truth { Truth(a.byte | b.byte != 0) }
  static func product(_ a: Truth, _ b: Truth) -> Truth { Truth(a.byte != 0 && b.byte != 0) }
  static func quotient(_ a: Truth, _ b: Truth) -> Double { Double(a.number) / Double(b.number) }

  // Never called: the operation is refused earlier, as in NumPy.
  static func difference(_ a: Truth, _ b: Truth) -> Truth { Truth((a.byte != 0) != (b.byte != 0)) }
  static func negative(_ a: Truth) -> Truth { Truth(a.byte == 0) }
}

extension ArithmeticElement where Self: FixedWidthInteger {
  static func sum(_ a: Self, _ b: Self) -> Self { a &+ b }
  static func difference(_ a: Self, _ b: Self) -> Self { a &- b }
  static func product(_ a: Self, _ b: Self) -> Self { a &* b }
  static func quotient(_ a: Self, _ b: Self) -> Double { Double(a) / Double(b) }
  static func negative(_ a: Self) -> Self { 0 &- a }
}

extension Int8: ArithmeticElement {}
extension Int16: ArithmeticElement {}
extension Int32: ArithmeticElement {}
extension Int64: ArithmeticElement {}
extension UInt8: ArithmeticElement {}
extension UInt16: ArithmeticElement {}
extension UInt32: ArithmeticElement {}
extension UInt64: ArithmeticElement {}

extension ArithmeticElement where Self: BinaryFloatingPoint {
  static func sum(_ a: Self, _ b: Self) -> Self { a + b }
  static func difference(_ a: Self, _ b: Self) -> Self { a - b }
  static func product(_ a: Self, _ b: Self) -> Self { a * b }
  static func quotient(_ a: Self, _ b: Self) -> Self { a / b }
  static func negative(_ a: Self) -> Self { -a }
}

/// Computed as float32 and rounded, as ml_dtypes does.
extension BFloat16: ArithmeticElement {
  static func sum(_ a: Self, _ b: Self) -> Self { Self(a.float + b.float) }
  static func difference(_ a: Self, _ b: Self) -> Self { Self(a.float - b.float) }
  static func product(_ a: Self, _ b: Self) -> Self { Self(a.float * b.float) }
  static func quotient(_ a: Self, _ b: Self) -> Self { Self(a.float / b.float) }
  static func negative(_ a: Self) -> Self { Self(bitPattern: a.bitPattern ^ 0x8000) }
}

extension Float16: ArithmeticElement {}
extension Float: ArithmeticElement {}
extension Double: ArithmeticElement {}

extension Complex: LoopElement where RealType: ComplexPart {}

/// By its parts: `Complex`'s own operators make all numbers that are not finite alike.
extension Complex: ArithmeticElement where RealType: ComplexPart {
  private typealias Parts = (x: RealType, y: RealType)

  static func sum(_ a: Self, _ b: Self) -> Self {
    let (a, b) = (a.rawStorage, b.rawStorage)
    return Self(a.x + b.x, a.y + b.y)
  }

  static func difference(_ a: Self, _ b: Self) -> Self {
    let (a, b) = (a.rawStorage, b.rawStorage)
    return Self(a.x - b.x, a.y - b.y)
  }

  static func product(_ a: Self, _ b: Self) -> Self {
    let (a, b) = (a.rawStorage, b.rawStorage)
    return Self(a.x * b.x - a.y * b.y, a.x * b.y + a.y * b.x)
  }

  /// Smith's method, step by step as NumPy does it (`loops.c.src`), so that rounding is the same.
  static func quotient(_ a: Self, _ b: Self) -> Self {
    let (a, b) = (a.rawStorage, b.rawStorage)
    if abs(b.x) >= abs(b.y) {
      if b.x == 0 && b.y == 0 { return Self(a.x / abs(b.x), a.y / abs(b.x)) }
      let ratio = b.y / b.x
      let scale = 1 / (b.x + b.y * ratio)
      return Self((a.x + a.y * ratio) * scale, (a.y - a.x * ratio) * scale)
    }
    let ratio = b.x / b.y
    let scale = 1 / (b.y + b.x * ratio)
    return Self((a.x * ratio + a.y) * scale, (a.y * ratio - a.x) * scale)
  }

  static func negative(_ a: Self) -> Self {
    Self(-a.rawStorage.x, -a.rawStorage.y)
  }
}
