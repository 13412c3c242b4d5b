internal import RealModule
public import TensorCore
internal import VectorMath

// The error function, and its complement to 1.

struct Erf: RealOperation {
  let name = "erf"
  static let vector: vec_function? = .erf

  static func value<T: ComplexPart>(_ x: T) -> T { .erf(x) }

  func gradients(for request: GradientRequest) throws -> [Tensor?] {
    try request.gradient(times: gaussian(request.inputs[0]))
  }
}

/// The error function of each element: 2/sqrt(pi) times the integral of exp(-t*t) from 0 to it.
///
/// Floating-point dtypes stay; whole numbers and bool give float16, float32 or float64, by their
/// size, as in NumPy.
/// See <https://docs.scipy.org/doc/scipy/reference/generated/scipy.special.erf.html>.
///
/// - Throws: `OperationError` (`invalidArgument`) for complex numbers and strings.
public func erf(
  _ x: Tensor, file: String = #fileID, line: Int = #line
) throws -> Tensor {
  try Erf().apply(toOperands: [x], at: SourceLocation(file: file, line: line))
}

struct Erfc: RealOperation {
  let name = "erfc"

  static func value<T: ComplexPart>(_ x: T) -> T { .erfc(x) }

  func gradients(for request: GradientRequest) throws -> [Tensor?] {
    try request.gradient(times: -gaussian(request.inputs[0]))
  }
}

/// 1 minus the error function of each element, exactly also where that is near 1.
///
/// Floating-point dtypes stay; whole numbers and bool give float16, float32 or float64, by their
/// size, as in NumPy.
/// See <https://docs.scipy.org/doc/scipy/reference/generated/scipy.special.erfc.html>.
///
/// - Throws: `OperationError` (`invalidArgument`) for complex numbers and strings.
public func erfc(
  _ x: Tensor, file: String = #fileID, line: Int = #line
) throws -> Tensor {
  try Erfc().apply(toOperands: [x], at: SourceLocation(file: file, line: line))
}

/// The derivative of the error function.
private func gaussian(_ x: Tensor) throws -> Tensor {
  try exp(-square(x)) * Tensor(floatLiteral: 2 / .sqrt(.pi))
}
