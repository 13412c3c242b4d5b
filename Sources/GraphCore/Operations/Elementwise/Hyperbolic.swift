public import TensorCore

// Hyperbolic functions and their inverses.

/// The hyperbolic sine of each element.
///
/// Floating-point and complex dtypes stay; whole numbers and bool give float16, float32 or float64,
/// by their size, as in NumPy.
/// See <https://numpy.org/doc/stable/reference/generated/numpy.sinh.html>.
///
/// - Throws: `OperationError` (`invalidArgument`) for strings.
public func sinh(_ x: Tensor, file: String = #fileID, line: Int = #line) throws -> Tensor {
  try RealOperation(.sinh).result(of: x, file: file, line: line)
}

/// The hyperbolic cosine of each element.
///
/// Floating-point and complex dtypes stay; whole numbers and bool give float16, float32 or float64,
/// by their size, as in NumPy.
/// See <https://numpy.org/doc/stable/reference/generated/numpy.cosh.html>.
///
/// - Throws: `OperationError` (`invalidArgument`) for strings.
public func cosh(_ x: Tensor, file: String = #fileID, line: Int = #line) throws -> Tensor {
  try RealOperation(.cosh).result(of: x, file: file, line: line)
}

/// The hyperbolic tangent of each element.
///
/// Floating-point and complex dtypes stay; whole numbers and bool give float16, float32 or float64,
/// by their size, as in NumPy.
/// See <https://numpy.org/doc/stable/reference/generated/numpy.tanh.html>.
///
/// - Throws: `OperationError` (`invalidArgument`) for strings.
public func tanh(_ x: Tensor, file: String = #fileID, line: Int = #line) throws -> Tensor {
  try RealOperation(.tanh).result(of: x, file: file, line: line)
}

/// The number whose hyperbolic sine each element is.
///
/// Floating-point and complex dtypes stay; whole numbers and bool give float16, float32 or float64,
/// by their size, as in NumPy.
/// See <https://numpy.org/doc/stable/reference/generated/numpy.arcsinh.html>.
///
/// - Throws: `OperationError` (`invalidArgument`) for strings.
public func asinh(_ x: Tensor, file: String = #fileID, line: Int = #line) throws -> Tensor {
  try RealOperation(.asinh).result(of: x, file: file, line: line)
}

/// The number, not negative, whose hyperbolic cosine each element is; NaN below 1.
///
/// Floating-point and complex dtypes stay; whole numbers and bool give float16, float32 or float64,
/// by their size, as in NumPy.
/// See <https://numpy.org/doc/stable/reference/generated/numpy.arccosh.html>.
///
/// - Throws: `OperationError` (`invalidArgument`) for strings.
public func acosh(_ x: Tensor, file: String = #fileID, line: Int = #line) throws -> Tensor {
  try RealOperation(.acosh).result(of: x, file: file, line: line)
}

/// The number whose hyperbolic tangent each element is; NaN beyond 1.
///
/// Floating-point and complex dtypes stay; whole numbers and bool give float16, float32 or float64,
/// by their size, as in NumPy.
/// See <https://numpy.org/doc/stable/reference/generated/numpy.arctanh.html>.
///
/// - Throws: `OperationError` (`invalidArgument`) for strings.
public func atanh(_ x: Tensor, file: String = #fileID, line: Int = #line) throws -> Tensor {
  try RealOperation(.atanh).result(of: x, file: file, line: line)
}
