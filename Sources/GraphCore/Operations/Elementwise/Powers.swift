internal import ComplexModule
internal import RealModule
public import TensorCore
internal import VectorMath

struct Square: ElementwiseOperation {
  let name = "square"
  let arity = 1

  func loop(for dtype: DType) -> ElementLoop? {
    guard dtype == .bool else {
      return .vector(.square, dtype) ?? Product().loop(for: dtype.wrapping)?.giving(dtype)
    }
    return .unary { (x: Truth) in x.number }
  }

  private struct Product: NumberVisitor {
    func visit<T: NumberElement>(_ type: T.Type) -> ElementLoop {
      .unary { (x: T) in T.product(x, x) }
    }
  }

  func gradients(for request: GradientRequest) throws -> [Tensor?] {
    try request.gradient(times: 2 * request.inputs[0])
  }
}

/// Each element times itself.
///
/// The dtype stays, but bool gives int8; whole numbers wrap. See
/// <https://numpy.org/doc/stable/reference/generated/numpy.square.html>.
///
/// - Throws: `OperationError` (`invalidArgument`) for strings.
public func square(
  _ x: Tensor, file: String = #fileID, line: Int = #line
) throws -> Tensor {
  try Square().apply(toOperands: [x], at: SourceLocation(file: file, line: line))
}

struct Reciprocal: ElementwiseOperation {
  let name = "reciprocal"
  let arity = 1

  func loop(for dtype: DType) -> ElementLoop? {
    guard dtype == .bool else { return Inverse().loop(for: dtype) }
    return .unary { (x: Truth) in x.number }
  }

  private struct Inverse: NumberVisitor {
    func visit<T: NumberElement>(_ type: T.Type) -> ElementLoop { .unary(T.reciprocal) }
  }

  func gradients(for request: GradientRequest) throws -> [Tensor?] {
    try request.gradient(times: -square(request.results[0]))
  }
}

/// 1 divided by each element.
///
/// The dtype stays, but bool gives int8. Whole numbers other than 1 and -1 give 0. See
/// <https://numpy.org/doc/stable/reference/generated/numpy.reciprocal.html>.
///
/// - Throws: `OperationError` (`invalidArgument`) for strings.
public func reciprocal(
  _ x: Tensor, file: String = #fileID, line: Int = #line
) throws -> Tensor {
  try Reciprocal().apply(toOperands: [x], at: SourceLocation(file: file, line: line))
}

struct Sqrt: RealOperation {
  let name = "sqrt"
  static let vector: vec_function? = .sqrt
  static let cost = ElementLoop.Cost.cheap

  static func value<T: ComplexPart>(_ x: T) -> T { x.squareRoot() }

  func gradients(for request: GradientRequest) throws -> [Tensor?] {
    [try request.upstream / (2 * request.results[0].conjugate())]
  }
}

/// The square root of each element; NaN for negative numbers.
///
/// Floating-point and complex dtypes stay; whole numbers and bool give float16, float32 or float64,
/// by their size, as in NumPy. See <https://numpy.org/doc/stable/reference/generated/numpy.sqrt.html>.
///
/// - Throws: `OperationError` (`invalidArgument`) for strings.
public func sqrt(
  _ x: Tensor, file: String = #fileID, line: Int = #line
) throws -> Tensor {
  try Sqrt().apply(toOperands: [x], at: SourceLocation(file: file, line: line))
}

struct Rsqrt: RealOperation {
  let name = "rsqrt"
  static let cost = ElementLoop.Cost.cheap

  static func value<T: ComplexPart>(_ x: T) -> T { 1 / x.squareRoot() }

  func gradients(for request: GradientRequest) throws -> [Tensor?] {
    let root = request.results[0]
    return [try request.upstream * -0.5 * root * square(root)]
  }
}

/// 1 divided by the square root of each element.
///
/// Floating-point dtypes stay; whole numbers and bool give float16, float32 or float64, by their
/// size. See <https://www.tensorflow.org/api_docs/python/tf/math/rsqrt>.
///
/// - Throws: `OperationError` (`invalidArgument`) for complex numbers and strings.
public func rsqrt(
  _ x: Tensor, file: String = #fileID, line: Int = #line
) throws -> Tensor {
  try Rsqrt().apply(toOperands: [x], at: SourceLocation(file: file, line: line))
}
