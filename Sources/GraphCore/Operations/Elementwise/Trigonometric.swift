public import TensorCore

// Angles are in radians.

/// The sine of each element.
///
/// Floating-point and complex dtypes stay; whole numbers and bool give float16, float32 or float64,
/// by their size, as in NumPy.
/// See <https://numpy.org/doc/stable/reference/generated/numpy.sin.html>.
///
/// - Throws: `OperationError` (`invalidArgument`) for strings.
public func sin(_ x: Tensor, file: String = #fileID, line: Int = #line) throws -> Tensor {
  try RealOperation(.sin).result(of: x, file: file, line: line)
}

/// The cosine of each element.
///
/// Floating-point and complex dtypes stay; whole numbers and bool give float16, float32 or float64,
/// by their size, as in NumPy.
/// See <https://numpy.org/doc/stable/reference/generated/numpy.cos.html>.
///
/// - Throws: `OperationError` (`invalidArgument`) for strings.
public func cos(_ x: Tensor, file: String = #fileID, line: Int = #line) throws -> Tensor {
  try RealOperation(.cos).result(of: x, file: file, line: line)
}

/// The tangent of each element.
///
/// Floating-point and complex dtypes stay; whole numbers and bool give float16, float32 or float64,
/// by their size, as in NumPy.
/// See <https://numpy.org/doc/stable/reference/generated/numpy.tan.html>.
///
/// - Throws: `OperationError` (`invalidArgument`) for strings.
public func tan(_ x: Tensor, file: String = #fileID, line: Int = #line) throws -> Tensor {
  try RealOperation(.tan).result(of: x, file: file, line: line)
}

/// The angle between -pi/2 and pi/2 whose sine each element is; NaN beyond 1.
///
/// Floating-point and complex dtypes stay; whole numbers and bool give float16, float32 or float64,
/// by their size, as in NumPy.
/// See <https://numpy.org/doc/stable/reference/generated/numpy.arcsin.html>.
///
/// - Throws: `OperationError` (`invalidArgument`) for strings.
public func asin(_ x: Tensor, file: String = #fileID, line: Int = #line) throws -> Tensor {
  try RealOperation(.asin).result(of: x, file: file, line: line)
}

/// The angle between 0 and pi whose cosine each element is; NaN beyond 1.
///
/// Floating-point and complex dtypes stay; whole numbers and bool give float16, float32 or float64,
/// by their size, as in NumPy.
/// See <https://numpy.org/doc/stable/reference/generated/numpy.arccos.html>.
///
/// - Throws: `OperationError` (`invalidArgument`) for strings.
public func acos(_ x: Tensor, file: String = #fileID, line: Int = #line) throws -> Tensor {
  try RealOperation(.acos).result(of: x, file: file, line: line)
}

/// The angle between -pi/2 and pi/2 whose tangent each element is.
///
/// Floating-point and complex dtypes stay; whole numbers and bool give float16, float32 or float64,
/// by their size, as in NumPy.
/// See <https://numpy.org/doc/stable/reference/generated/numpy.arctan.html>.
///
/// - Throws: `OperationError` (`invalidArgument`) for strings.
public func atan(_ x: Tensor, file: String = #fileID, line: Int = #line) throws -> Tensor {
  try RealOperation(.atan).result(of: x, file: file, line: line)
}
