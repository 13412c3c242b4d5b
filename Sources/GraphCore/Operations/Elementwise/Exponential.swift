internal import RealModule
public import TensorCore
internal import VectorMath

// Exponentials and logarithms. Their derivatives are made of their results where that is exact.

struct Exp: RealOperation {
  let name = "exp"
  static let vector: vec_function? = .exp

  static func value<T: ComplexPart>(_ x: T) -> T { .exp(x) }

  func gradients(for request: GradientRequest) throws -> [Tensor?] {
    try request.gradient(times: request.results[0])
  }
}

/// e to the power of each element.
///
/// Floating-point and complex dtypes stay; whole numbers and bool give float16, float32 or float64,
/// by their size, as in NumPy.
/// See <https://numpy.org/doc/stable/reference/generated/numpy.exp.html>.
///
/// - Throws: `OperationError` (`invalidArgument`) for strings.
public func exp(
  _ x: Tensor, file: String = #fileID, line: Int = #line
) throws -> Tensor {
  try Exp().apply(toOperands: [x], at: SourceLocation(file: file, line: line))
}

struct Expm1: RealOperation {
  let name = "expm1"
  static let vector: vec_function? = .expm1

  static func value<T: ComplexPart>(_ x: T) -> T { .expMinusOne(x) }

  func gradients(for request: GradientRequest) throws -> [Tensor?] {
    try request.gradient(times: request.results[0] + 1)
  }
}

/// e to the power of each element, minus 1, exactly also near 0.
///
/// Floating-point and complex dtypes stay; whole numbers and bool give float16, float32 or float64,
/// by their size, as in NumPy.
/// See <https://numpy.org/doc/stable/reference/generated/numpy.expm1.html>.
///
/// - Throws: `OperationError` (`invalidArgument`) for strings.
public func expm1(
  _ x: Tensor, file: String = #fileID, line: Int = #line
) throws -> Tensor {
  try Expm1().apply(toOperands: [x], at: SourceLocation(file: file, line: line))
}

struct Log: RealOperation {
  let name = "log"
  static let vector: vec_function? = .log

  static func value<T: ComplexPart>(_ x: T) -> T { .log(x) }

  func gradients(for request: GradientRequest) throws -> [Tensor?] {
    [try request.upstream / request.inputs[0].conjugate()]
  }
}

/// The natural logarithm of each element; NaN for negative numbers, -infinity for 0.
///
/// Floating-point and complex dtypes stay; whole numbers and bool give float16, float32 or float64,
/// by their size, as in NumPy.
/// See <https://numpy.org/doc/stable/reference/generated/numpy.log.html>.
///
/// - Throws: `OperationError` (`invalidArgument`) for strings.
public func log(
  _ x: Tensor, file: String = #fileID, line: Int = #line
) throws -> Tensor {
  try Log().apply(toOperands: [x], at: SourceLocation(file: file, line: line))
}

struct Log1p: RealOperation {
  let name = "log1p"
  static let vector: vec_function? = .log1p

  static func value<T: ComplexPart>(_ x: T) -> T { .log(onePlus: x) }

  func gradients(for request: GradientRequest) throws -> [Tensor?] {
    [try request.upstream / (1 + request.inputs[0].conjugate())]
  }
}

/// The natural logarithm of 1 plus each element, exactly also near 0.
///
/// Floating-point and complex dtypes stay; whole numbers and bool give float16, float32 or float64,
/// by their size, as in NumPy.
/// See <https://numpy.org/doc/stable/reference/generated/numpy.log1p.html>.
///
/// - Throws: `OperationError` (`invalidArgument`) for strings.
public func log1p(
  _ x: Tensor, file: String = #fileID, line: Int = #line
) throws -> Tensor {
  try Log1p().apply(toOperands: [x], at: SourceLocation(file: file, line: line))
}

struct Log2: RealOperation {
  let name = "log2"
  static let vector: vec_function? = .log2

  static func value<T: ComplexPart>(_ x: T) -> T { .log2(x) }

  func gradients(for request: GradientRequest) throws -> [Tensor?] {
    [try request.upstream / (request.inputs[0].conjugate() * Tensor(floatLiteral: .log(2)))]
  }
}

/// The logarithm to base 2 of each element.
///
/// Floating-point and complex dtypes stay; whole numbers and bool give float16, float32 or float64,
/// by their size, as in NumPy.
/// See <https://numpy.org/doc/stable/reference/generated/numpy.log2.html>.
///
/// - Throws: `OperationError` (`invalidArgument`) for strings.
public func log2(
  _ x: Tensor, file: String = #fileID, line: Int = #line
) throws -> Tensor {
  try Log2().apply(toOperands: [x], at: SourceLocation(file: file, line: line))
}

struct Log10: RealOperation {
  let name = "log10"
  static let vector: vec_function? = .log10

  static func value<T: ComplexPart>(_ x: T) -> T { .log10(x) }

  func gradients(for request: GradientRequest) throws -> [Tensor?] {
    [try request.upstream / (request.inputs[0].conjugate() * Tensor(floatLiteral: .log(10)))]
  }
}

/// The logarithm to base 10 of each element.
///
/// Floating-point and complex dtypes stay; whole numbers and bool give float16, float32 or float64,
/// by their size, as in NumPy.
/// See <https://numpy.org/doc/stable/reference/generated/numpy.log10.html>.
///
/// - Throws: `OperationError` (`invalidArgument`) for strings.
public func log10(
  _ x: Tensor, file: String = #fileID, line: Int = #line
) throws -> Tensor {
  try Log10().apply(toOperands: [x], at: SourceLocation(file: file, line: line))
}
