public import TensorCore

// The functions of two operands with a Swift number as the first, which takes the dtype of the tensor.

/// `equal` of a number and a tensor, whose dtype the number takes: see `equal(_:_:file:line:)`.
///
/// - Throws: `OperationError` (`invalidArgument`), as for two tensors; also when the dtype cannot hold
///   the number.
public func equal(
  _ a: some TensorElement, _ b: Tensor, file: String = #fileID, line: Int = #line
) throws -> Tensor {
  try equal(a.operand, b, file: file, line: line)
}

/// `notEqual` of a number and a tensor, whose dtype the number takes: see `notEqual(_:_:file:line:)`.
///
/// - Throws: `OperationError` (`invalidArgument`), as for two tensors; also when the dtype cannot hold
///   the number.
public func notEqual(
  _ a: some TensorElement, _ b: Tensor, file: String = #fileID, line: Int = #line
) throws -> Tensor {
  try notEqual(a.operand, b, file: file, line: line)
}

/// `less` of a number and a tensor, whose dtype the number takes: see `less(_:_:file:line:)`.
///
/// - Throws: `OperationError` (`invalidArgument`), as for two tensors; also when the dtype cannot hold
///   the number.
public func less(
  _ a: some TensorElement, _ b: Tensor, file: String = #fileID, line: Int = #line
) throws -> Tensor {
  try less(a.operand, b, file: file, line: line)
}

/// `lessEqual` of a number and a tensor, whose dtype the number takes: see `lessEqual(_:_:file:line:)`.
///
/// - Throws: `OperationError` (`invalidArgument`), as for two tensors; also when the dtype cannot hold
///   the number.
public func lessEqual(
  _ a: some TensorElement, _ b: Tensor, file: String = #fileID, line: Int = #line
) throws -> Tensor {
  try lessEqual(a.operand, b, file: file, line: line)
}

/// `greater` of a number and a tensor, whose dtype the number takes: see `greater(_:_:file:line:)`.
///
/// - Throws: `OperationError` (`invalidArgument`), as for two tensors; also when the dtype cannot hold
///   the number.
public func greater(
  _ a: some TensorElement, _ b: Tensor, file: String = #fileID, line: Int = #line
) throws -> Tensor {
  try greater(a.operand, b, file: file, line: line)
}

/// `greaterEqual` of a number and a tensor, whose dtype the number takes: see `greaterEqual(_:_:file:line:)`.
///
/// - Throws: `OperationError` (`invalidArgument`), as for two tensors; also when the dtype cannot hold
///   the number.
public func greaterEqual(
  _ a: some TensorElement, _ b: Tensor, file: String = #fileID, line: Int = #line
) throws -> Tensor {
  try greaterEqual(a.operand, b, file: file, line: line)
}

/// `logicalAnd` of a number and a tensor, whose dtype the number takes: see `logicalAnd(_:_:file:line:)`.
///
/// - Throws: `OperationError` (`invalidArgument`), as for two tensors; also when the dtype cannot hold
///   the number.
public func logicalAnd(
  _ a: some TensorElement, _ b: Tensor, file: String = #fileID, line: Int = #line
) throws -> Tensor {
  try logicalAnd(a.operand, b, file: file, line: line)
}

/// `logicalOr` of a number and a tensor, whose dtype the number takes: see `logicalOr(_:_:file:line:)`.
///
/// - Throws: `OperationError` (`invalidArgument`), as for two tensors; also when the dtype cannot hold
///   the number.
public func logicalOr(
  _ a: some TensorElement, _ b: Tensor, file: String = #fileID, line: Int = #line
) throws -> Tensor {
  try logicalOr(a.operand, b, file: file, line: line)
}

/// `logicalXor` of a number and a tensor, whose dtype the number takes: see `logicalXor(_:_:file:line:)`.
///
/// - Throws: `OperationError` (`invalidArgument`), as for two tensors; also when the dtype cannot hold
///   the number.
public func logicalXor(
  _ a: some TensorElement, _ b: Tensor, file: String = #fileID, line: Int = #line
) throws -> Tensor {
  try logicalXor(a.operand, b, file: file, line: line)
}

/// `maximum` of a number and a tensor, whose dtype the number takes: see `maximum(_:_:file:line:)`.
///
/// - Throws: `OperationError` (`invalidArgument`), as for two tensors; also when the dtype cannot hold
///   the number.
public func maximum(
  _ a: some TensorElement, _ b: Tensor, file: String = #fileID, line: Int = #line
) throws -> Tensor {
  try maximum(a.operand, b, file: file, line: line)
}

/// `minimum` of a number and a tensor, whose dtype the number takes: see `minimum(_:_:file:line:)`.
///
/// - Throws: `OperationError` (`invalidArgument`), as for two tensors; also when the dtype cannot hold
///   the number.
public func minimum(
  _ a: some TensorElement, _ b: Tensor, file: String = #fileID, line: Int = #line
) throws -> Tensor {
  try minimum(a.operand, b, file: file, line: line)
}

/// `pow` of a number and a tensor, whose dtype the number takes: see `pow(_:_:file:line:)`.
///
/// - Throws: `OperationError` (`invalidArgument`), as for two tensors; also when the dtype cannot hold
///   the number.
public func pow(
  _ a: some TensorElement, _ b: Tensor, file: String = #fileID, line: Int = #line
) throws -> Tensor {
  try pow(a.operand, b, file: file, line: line)
}

/// `hypot` of a number and a tensor, whose dtype the number takes: see `hypot(_:_:file:line:)`.
///
/// - Throws: `OperationError` (`invalidArgument`), as for two tensors; also when the dtype cannot hold
///   the number.
public func hypot(
  _ a: some TensorElement, _ b: Tensor, file: String = #fileID, line: Int = #line
) throws -> Tensor {
  try hypot(a.operand, b, file: file, line: line)
}

/// `floorDivide` of a number and a tensor, whose dtype the number takes: see `floorDivide(_:_:file:line:)`.
///
/// - Throws: `OperationError` (`invalidArgument`), as for two tensors; also when the dtype cannot hold
///   the number.
public func floorDivide(
  _ a: some TensorElement, _ b: Tensor, file: String = #fileID, line: Int = #line
) throws -> Tensor {
  try floorDivide(a.operand, b, file: file, line: line)
}

/// `remainder` of a number and a tensor, whose dtype the number takes: see `remainder(_:_:file:line:)`.
///
/// - Throws: `OperationError` (`invalidArgument`), as for two tensors; also when the dtype cannot hold
///   the number.
public func remainder(
  _ a: some TensorElement, _ b: Tensor, file: String = #fileID, line: Int = #line
) throws -> Tensor {
  try remainder(a.operand, b, file: file, line: line)
}

/// `atan2` of a number and a tensor, whose dtype the number takes: see `atan2(_:_:file:line:)`.
///
/// - Throws: `OperationError` (`invalidArgument`), as for two tensors; also when the dtype cannot hold
///   the number.
public func atan2(
  _ y: some TensorElement, _ x: Tensor, file: String = #fileID, line: Int = #line
) throws -> Tensor {
  try atan2(y.operand, x, file: file, line: line)
}
