public import TensorCore

// Exponentials and logarithms. Their derivatives are made of their results where that is exact.

/// e to the power of each element.
///
/// Floating-point and complex dtypes stay; whole numbers and bool give float16, float32 or float64,
/// by their size, as in NumPy.
/// See <https://numpy.org/doc/stable/reference/generated/numpy.exp.html>.
///
/// - Throws: `OperationError` (`invalidArgument`) for strings.
public func exp(_ x: Tensor, file: String = #fileID, line: Int = #line) throws -> Tensor {
  try RealOperation(.exp).result(of: x, file: file, line: line)
}

/// e to the power of each element, minus 1, exactly also near 0.
///
/// Floating-point and complex dtypes stay; whole numbers and bool give float16, float32 or float64,
/// by their size, as in NumPy.
/// See <https://numpy.org/doc/stable/reference/generated/numpy.expm1.html>.
///
/// - Throws: `OperationError` (`invalidArgument`) for strings.
public func expm1(_ x: Tensor, file: String = #fileID, line: Int = #line) throws -> Tensor {
  try RealOperation(.expm1).result(of: x, file: file, line: line)
}

/// The natural logarithm of each element; NaN for negative numbers, -infinity for 0.
///
/// Floating-point and complex dtypes stay; whole numbers and bool give float16, float32 or float64,
/// by their size, as in NumPy.
/// See <https://numpy.org/doc/stable/reference/generated/numpy.log.html>.
///
/// - Throws: `OperationError` (`invalidArgument`) for strings.
public func log(_ x: Tensor, file: String = #fileID, line: Int = #line) throws -> Tensor {
  try RealOperation(.log).result(of: x, file: file, line: line)
}

/// The natural logarithm of 1 plus each element, exactly also near 0.
///
/// Floating-point and complex dtypes stay; whole numbers and bool give float16, float32 or float64,
/// by their size, as in NumPy.
/// See <https://numpy.org/doc/stable/reference/generated/numpy.log1p.html>.
///
/// - Throws: `OperationError` (`invalidArgument`) for strings.
public func log1p(_ x: Tensor, file: String = #fileID, line: Int = #line) throws -> Tensor {
  try RealOperation(.log1p).result(of: x, file: file, line: line)
}

/// The logarithm to base 2 of each element.
///
/// Floating-point and complex dtypes stay; whole numbers and bool give float16, float32 or float64,
/// by their size, as in NumPy.
/// See <https://numpy.org/doc/stable/reference/generated/numpy.log2.html>.
///
/// - Throws: `OperationError` (`invalidArgument`) for strings.
public func log2(_ x: Tensor, file: String = #fileID, line: Int = #line) throws -> Tensor {
  try RealOperation(.log2).result(of: x, file: file, line: line)
}

/// The logarithm to base 10 of each element.
///
/// Floating-point and complex dtypes stay; whole numbers and bool give float16, float32 or float64,
/// by their size, as in NumPy.
/// See <https://numpy.org/doc/stable/reference/generated/numpy.log10.html>.
///
/// - Throws: `OperationError` (`invalidArgument`) for strings.
public func log10(_ x: Tensor, file: String = #fileID, line: Int = #line) throws -> Tensor {
  try RealOperation(.log10).result(of: x, file: file, line: line)
}
