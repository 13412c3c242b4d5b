internal import ComplexModule
internal import RealModule
public import TensorCore

struct Floor: ElementwiseOperation {
  let name = "floor"
  let arity = 1

  func loop(for dtype: DType) -> ElementLoop? { .rounding(.down, dtype) }

  func gradients(for request: GradientRequest) throws -> [Tensor?] { [nil] }
}

/// The largest whole number that is not larger than each element.
///
/// The dtype stays: whole numbers and bool are what they are, as in NumPy 2.
/// See <https://numpy.org/doc/stable/reference/generated/numpy.floor.html>.
///
/// - Throws: `OperationError` (`invalidArgument`) for complex numbers and strings.
public func floor(
  _ x: Tensor, file: String = #fileID, line: Int = #line
) throws -> Tensor {
  try Floor().apply(toOperands: [x], at: SourceLocation(file: file, line: line))
}

struct Ceil: ElementwiseOperation {
  let name = "ceil"
  let arity = 1

  func loop(for dtype: DType) -> ElementLoop? { .rounding(.up, dtype) }

  func gradients(for request: GradientRequest) throws -> [Tensor?] { [nil] }
}

/// The smallest whole number that is not smaller than each element.
///
/// The dtype stays: whole numbers and bool are what they are, as in NumPy 2.
/// See <https://numpy.org/doc/stable/reference/generated/numpy.ceil.html>.
///
/// - Throws: `OperationError` (`invalidArgument`) for complex numbers and strings.
public func ceil(
  _ x: Tensor, file: String = #fileID, line: Int = #line
) throws -> Tensor {
  try Ceil().apply(toOperands: [x], at: SourceLocation(file: file, line: line))
}

struct Trunc: ElementwiseOperation {
  let name = "trunc"
  let arity = 1

  func loop(for dtype: DType) -> ElementLoop? { .rounding(.towardZero, dtype) }

  func gradients(for request: GradientRequest) throws -> [Tensor?] { [nil] }
}

/// Each element rounded towards 0 to a whole number.
///
/// The dtype stays: whole numbers and bool are what they are, as in NumPy 2.
/// See <https://numpy.org/doc/stable/reference/generated/numpy.trunc.html>.
///
/// - Throws: `OperationError` (`invalidArgument`) for complex numbers and strings.
public func trunc(
  _ x: Tensor, file: String = #fileID, line: Int = #line
) throws -> Tensor {
  try Trunc().apply(toOperands: [x], at: SourceLocation(file: file, line: line))
}

struct Round: ElementwiseOperation {
  let name = "round"
  let arity = 1

  func loop(for dtype: DType) -> ElementLoop? {
    switch dtype {
    case .complex64: .unary { (z: Complex<Float>) in z.rounded() }
    case .complex128: .unary { (z: Complex<Double>) in z.rounded() }
    default: .rounding(.toNearestOrEven, dtype)
    }
  }

  func gradients(for request: GradientRequest) throws -> [Tensor?] { [nil] }
}

/// The whole number nearest to each element; of two the even one, so that 0.5 gives 0 and 1.5 gives 2.
///
/// The dtype stays: whole numbers and bool are what they are, as in NumPy 2. Of complex numbers each part
/// is rounded.
/// See <https://numpy.org/doc/stable/reference/generated/numpy.round.html>.
///
/// - Throws: `OperationError` (`invalidArgument`) for strings.
public func round(
  _ x: Tensor, file: String = #fileID, line: Int = #line
) throws -> Tensor {
  try Round().apply(toOperands: [x], at: SourceLocation(file: file, line: line))
}

extension Complex {
  /// The number with both parts rounded; halves are rounded to the even number.
  @inline(__always)
  fileprivate func rounded() -> Complex {
    Complex(rawStorage.x.rounded(.toNearestOrEven), rawStorage.y.rounded(.toNearestOrEven))
  }
}

extension ElementLoop {
  /// The loop that rounds; complex numbers and strings have none.
  @inline(__always)
  fileprivate static func rounding(
    _ rule: FloatingPointRoundingRule, _ dtype: DType
  ) -> ElementLoop? {
    switch dtype {
    case .float16: .unary { (x: Float16) in x.rounded(rule) }
    case .bfloat16: .unary { (x: BFloat16) in BFloat16(x.float.rounded(rule)) }
    case .float32: .unary { (x: Float) in x.rounded(rule) }
    case .float64: .unary { (x: Double) in x.rounded(rule) }
    case .bool, .int8, .uint8: unchanged(UInt8.self, dtype)
    case .int16, .uint16: unchanged(UInt16.self, dtype)
    case .int32, .uint32: unchanged(UInt32.self, dtype)
    case .int64, .uint64: unchanged(UInt64.self, dtype)
    case .complex64, .complex128, .string: nil
    }
  }

  private static func unchanged<T: LoopElement>(_ type: T.Type, _ dtype: DType) -> ElementLoop {
    ElementLoop.unary { (x: T) in x }.giving(dtype)
  }
}
