internal import RealModule
public import TensorCore

// The error function, and its complement to 1.

/// The error function of each element: 2/sqrt(pi) times the integral of exp(-t*t) from 0 to it.
///
/// Floating-point dtypes stay; whole numbers and bool give float16, float32 or float64, by their
/// size, as in NumPy.
/// See <https://docs.scipy.org/doc/scipy/reference/generated/scipy.special.erf.html>.
///
/// - Throws: `OperationError` (`invalidArgument`) for complex numbers and strings.
public func erf(_ x: Tensor, file: String = #fileID, line: Int = #line) throws -> Tensor {
  try RealOperation(.erf).result(of: x, file: file, line: line)
}

/// 1 minus the error function of each element, exactly also where that is near 1.
///
/// Floating-point dtypes stay; whole numbers and bool give float16, float32 or float64, by their
/// size, as in NumPy.
/// See <https://docs.scipy.org/doc/scipy/reference/generated/scipy.special.erfc.html>.
///
/// - Throws: `OperationError` (`invalidArgument`) for complex numbers and strings.
public func erfc(_ x: Tensor, file: String = #fileID, line: Int = #line) throws -> Tensor {
  try RealOperation(.erfc).result(of: x, file: file, line: line)
}

/// The derivative of the error function.
func gaussian(_ x: Tensor) throws -> Tensor {
  try exp(-square(x)) * Tensor(floatLiteral: 2 / .sqrt(.pi))
}
