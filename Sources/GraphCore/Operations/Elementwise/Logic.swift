public import TensorCore

/// Whether both elements are true, elementwise, by NumPy's broadcasting: bool.
///
/// A number takes the tensor's dtype.
/// See <https://numpy.org/doc/stable/reference/generated/numpy.logical_and.html>.
///
/// - Throws: `OperationError` (`invalidArgument`) when the dtypes differ or are string, or the shapes
///   do not broadcast.
public func logicalAnd(
  _ a: Tensor, _ b: some TensorOperand, file: String = #fileID, line: Int = #line
) throws -> Tensor {
  try Comparison(.logicalAnd).result(of: a, b.operand, file: file, line: line)
}

/// Whether one of the elements is true, elementwise, by NumPy's broadcasting: bool.
///
/// A number takes the tensor's dtype.
/// See <https://numpy.org/doc/stable/reference/generated/numpy.logical_or.html>.
///
/// - Throws: `OperationError` (`invalidArgument`) when the dtypes differ or are string, or the shapes
///   do not broadcast.
public func logicalOr(
  _ a: Tensor, _ b: some TensorOperand, file: String = #fileID, line: Int = #line
) throws -> Tensor {
  try Comparison(.logicalOr).result(of: a, b.operand, file: file, line: line)
}

/// Whether just one of the elements is true, elementwise, by NumPy's broadcasting: bool.
///
/// A number takes the tensor's dtype.
/// See <https://numpy.org/doc/stable/reference/generated/numpy.logical_xor.html>.
///
/// - Throws: `OperationError` (`invalidArgument`) when the dtypes differ or are string, or the shapes
///   do not broadcast.
public func logicalXor(
  _ a: Tensor, _ b: some TensorOperand, file: String = #fileID, line: Int = #line
) throws -> Tensor {
  try Comparison(.logicalXor).result(of: a, b.operand, file: file, line: line)
}

/// Whether each element is zero or false: bool.
///
/// See <https://numpy.org/doc/stable/reference/generated/numpy.logical_not.html>.
///
/// - Throws: `OperationError` (`invalidArgument`) for strings.
public func logicalNot(_ x: Tensor, file: String = #fileID, line: Int = #line) throws -> Tensor {
  try Classification(.logicalNot).result(of: x, file: file, line: line)
}
