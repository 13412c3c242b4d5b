internal import RealModule
public import TensorCore
internal import VectorMath

// Angles are in radians.

struct Sin: RealOperation {
  let name = "sin"
  static let vector: vec_function? = .sin

  static func value<T: ComplexPart>(_ x: T) -> T { .sin(x) }

  func gradients(for request: GradientRequest) throws -> [Tensor?] {
    try request.gradient(times: cos(request.inputs[0]))
  }
}

/// The sine of each element.
///
/// Floating-point and complex dtypes stay; whole numbers and bool give float16, float32 or float64,
/// by their size, as in NumPy.
/// See <https://numpy.org/doc/stable/reference/generated/numpy.sin.html>.
///
/// - Throws: `OperationError` (`invalidArgument`) for strings.
public func sin(
  _ x: Tensor, file: String = #fileID, line: Int = #line
) throws -> Tensor {
  try Sin().apply(toOperands: [x], at: SourceLocation(file: file, line: line))
}

struct Cos: RealOperation {
  let name = "cos"
  static let vector: vec_function? = .cos

  static func value<T: ComplexPart>(_ x: T) -> T { .cos(x) }

  func gradients(for request: GradientRequest) throws -> [Tensor?] {
    try request.gradient(times: -sin(request.inputs[0]))
  }
}

/// The cosine of each element.
///
/// Floating-point and complex dtypes stay; whole numbers and bool give float16, float32 or float64,
/// by their size, as in NumPy.
/// See <https://numpy.org/doc/stable/reference/generated/numpy.cos.html>.
///
/// - Throws: `OperationError` (`invalidArgument`) for strings.
public func cos(
  _ x: Tensor, file: String = #fileID, line: Int = #line
) throws -> Tensor {
  try Cos().apply(toOperands: [x], at: SourceLocation(file: file, line: line))
}

struct Tan: RealOperation {
  let name = "tan"
  static let vector: vec_function? = .tan

  static func value<T: ComplexPart>(_ x: T) -> T { .tan(x) }

  func gradients(for request: GradientRequest) throws -> [Tensor?] {
    try request.gradient(times: 1 + square(request.results[0]))
  }
}

/// The tangent of each element.
///
/// Floating-point and complex dtypes stay; whole numbers and bool give float16, float32 or float64,
/// by their size, as in NumPy.
/// See <https://numpy.org/doc/stable/reference/generated/numpy.tan.html>.
///
/// - Throws: `OperationError` (`invalidArgument`) for strings.
public func tan(
  _ x: Tensor, file: String = #fileID, line: Int = #line
) throws -> Tensor {
  try Tan().apply(toOperands: [x], at: SourceLocation(file: file, line: line))
}

struct Asin: RealOperation {
  let name = "asin"
  static let vector: vec_function? = .asin

  static func value<T: ComplexPart>(_ x: T) -> T { .asin(x) }

  func gradients(for request: GradientRequest) throws -> [Tensor?] {
    [try request.upstream / sqrt(1 - square(request.inputs[0])).conjugate()]
  }
}

/// The angle between -pi/2 and pi/2 whose sine each element is; NaN beyond 1.
///
/// Floating-point and complex dtypes stay; whole numbers and bool give float16, float32 or float64,
/// by their size, as in NumPy.
/// See <https://numpy.org/doc/stable/reference/generated/numpy.arcsin.html>.
///
/// - Throws: `OperationError` (`invalidArgument`) for strings.
public func asin(
  _ x: Tensor, file: String = #fileID, line: Int = #line
) throws -> Tensor {
  try Asin().apply(toOperands: [x], at: SourceLocation(file: file, line: line))
}

struct Acos: RealOperation {
  let name = "acos"
  static let vector: vec_function? = .acos

  static func value<T: ComplexPart>(_ x: T) -> T { .acos(x) }

  func gradients(for request: GradientRequest) throws -> [Tensor?] {
    [try -request.upstream / sqrt(1 - square(request.inputs[0])).conjugate()]
  }
}

/// The angle between 0 and pi whose cosine each element is; NaN beyond 1.
///
/// Floating-point and complex dtypes stay; whole numbers and bool give float16, float32 or float64,
/// by their size, as in NumPy.
/// See <https://numpy.org/doc/stable/reference/generated/numpy.arccos.html>.
///
/// - Throws: `OperationError` (`invalidArgument`) for strings.
public func acos(
  _ x: Tensor, file: String = #fileID, line: Int = #line
) throws -> Tensor {
  try Acos().apply(toOperands: [x], at: SourceLocation(file: file, line: line))
}

struct Atan: RealOperation {
  let name = "atan"
  static let vector: vec_function? = .atan

  static func value<T: ComplexPart>(_ x: T) -> T { .atan(x) }

  func gradients(for request: GradientRequest) throws -> [Tensor?] {
    [try request.upstream / (1 + square(request.inputs[0])).conjugate()]
  }
}

/// The angle between -pi/2 and pi/2 whose tangent each element is.
///
/// Floating-point and complex dtypes stay; whole numbers and bool give float16, float32 or float64,
/// by their size, as in NumPy.
/// See <https://numpy.org/doc/stable/reference/generated/numpy.arctan.html>.
///
/// - Throws: `OperationError` (`invalidArgument`) for strings.
public func atan(
  _ x: Tensor, file: String = #fileID, line: Int = #line
) throws -> Tensor {
  try Atan().apply(toOperands: [x], at: SourceLocation(file: file, line: line))
}
