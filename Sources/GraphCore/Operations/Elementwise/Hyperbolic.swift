internal import RealModule
public import TensorCore
internal import VectorMath

// Hyperbolic functions and their inverses.

struct Sinh: RealOperation {
  let name = "sinh"
  static let vector: vec_function? = .sinh

  static func value<T: ComplexPart>(_ x: T) -> T { .sinh(x) }

  func gradients(for request: GradientRequest) throws -> [Tensor?] {
    try request.gradient(times: cosh(request.inputs[0]))
  }
}

/// The hyperbolic sine of each element.
///
/// Floating-point and complex dtypes stay; whole numbers and bool give float16, float32 or float64,
/// by their size, as in NumPy.
/// See <https://numpy.org/doc/stable/reference/generated/numpy.sinh.html>.
///
/// - Throws: `OperationError` (`invalidArgument`) for strings.
public func sinh(
  _ x: Tensor, file: String = #fileID, line: Int = #line
) throws -> Tensor {
  try Sinh().apply(toOperands: [x], at: SourceLocation(file: file, line: line))
}

struct Cosh: RealOperation {
  let name = "cosh"
  static let vector: vec_function? = .cosh

  static func value<T: ComplexPart>(_ x: T) -> T { .cosh(x) }

  func gradients(for request: GradientRequest) throws -> [Tensor?] {
    try request.gradient(times: sinh(request.inputs[0]))
  }
}

/// The hyperbolic cosine of each element.
///
/// Floating-point and complex dtypes stay; whole numbers and bool give float16, float32 or float64,
/// by their size, as in NumPy.
/// See <https://numpy.org/doc/stable/reference/generated/numpy.cosh.html>.
///
/// - Throws: `OperationError` (`invalidArgument`) for strings.
public func cosh(
  _ x: Tensor, file: String = #fileID, line: Int = #line
) throws -> Tensor {
  try Cosh().apply(toOperands: [x], at: SourceLocation(file: file, line: line))
}

struct Tanh: RealOperation {
  let name = "tanh"
  static let vector: vec_function? = .tanh

  static func value<T: ComplexPart>(_ x: T) -> T { .tanh(x) }

  func gradients(for request: GradientRequest) throws -> [Tensor?] {
    try request.gradient(times: 1 - square(request.results[0]))
  }
}

/// The hyperbolic tangent of each element.
///
/// Floating-point and complex dtypes stay; whole numbers and bool give float16, float32 or float64,
/// by their size, as in NumPy.
/// See <https://numpy.org/doc/stable/reference/generated/numpy.tanh.html>.
///
/// - Throws: `OperationError` (`invalidArgument`) for strings.
public func tanh(
  _ x: Tensor, file: String = #fileID, line: Int = #line
) throws -> Tensor {
  try Tanh().apply(toOperands: [x], at: SourceLocation(file: file, line: line))
}

struct Asinh: RealOperation {
  let name = "asinh"
  static let vector: vec_function? = .asinh

  static func value<T: ComplexPart>(_ x: T) -> T { .asinh(x) }

  func gradients(for request: GradientRequest) throws -> [Tensor?] {
    [try request.upstream / cosh(request.results[0]).conjugate()]
  }
}

/// The number whose hyperbolic sine each element is.
///
/// Floating-point and complex dtypes stay; whole numbers and bool give float16, float32 or float64,
/// by their size, as in NumPy.
/// See <https://numpy.org/doc/stable/reference/generated/numpy.arcsinh.html>.
///
/// - Throws: `OperationError` (`invalidArgument`) for strings.
public func asinh(
  _ x: Tensor, file: String = #fileID, line: Int = #line
) throws -> Tensor {
  try Asinh().apply(toOperands: [x], at: SourceLocation(file: file, line: line))
}

struct Acosh: RealOperation {
  let name = "acosh"
  static let vector: vec_function? = .acosh

  static func value<T: ComplexPart>(_ x: T) -> T { .acosh(x) }

  func gradients(for request: GradientRequest) throws -> [Tensor?] {
    [try request.upstream / sinh(request.results[0]).conjugate()]
  }
}

/// The number, not negative, whose hyperbolic cosine each element is; NaN below 1.
///
/// Floating-point and complex dtypes stay; whole numbers and bool give float16, float32 or float64,
/// by their size, as in NumPy.
/// See <https://numpy.org/doc/stable/reference/generated/numpy.arccosh.html>.
///
/// - Throws: `OperationError` (`invalidArgument`) for strings.
public func acosh(
  _ x: Tensor, file: String = #fileID, line: Int = #line
) throws -> Tensor {
  try Acosh().apply(toOperands: [x], at: SourceLocation(file: file, line: line))
}

struct Atanh: RealOperation {
  let name = "atanh"
  static let vector: vec_function? = .atanh

  static func value<T: ComplexPart>(_ x: T) -> T { .atanh(x) }

  func gradients(for request: GradientRequest) throws -> [Tensor?] {
    [try request.upstream / (1 - square(request.inputs[0])).conjugate()]
  }
}

/// The number whose hyperbolic tangent each element is; NaN beyond 1.
///
/// Floating-point and complex dtypes stay; whole numbers and bool give float16, float32 or float64,
/// by their size, as in NumPy.
/// See <https://numpy.org/doc/stable/reference/generated/numpy.arctanh.html>.
///
/// - Throws: `OperationError` (`invalidArgument`) for strings.
public func atanh(
  _ x: Tensor, file: String = #fileID, line: Int = #line
) throws -> Tensor {
  try Atanh().apply(toOperands: [x], at: SourceLocation(file: file, line: line))
}
