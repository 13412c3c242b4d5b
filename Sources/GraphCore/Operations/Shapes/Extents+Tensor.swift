public import TensorCore

/// The number of axes of a tensor: int64, a scalar.
struct RankOf: OneResultOperation, ZeroGradient {
  let name = "rankOf"

  func shape(of operand: Shape) -> Shape { .scalar }

  func dtype(of operand: DType) -> DType { .int64 }

  func run(_ inputs: consuming [Tensor]) throws -> [Tensor] { [Tensor(inputs[0].rank)] }
}

/// The number of elements of a tensor: int64, a scalar.
struct SizeOf: OneResultOperation, ZeroGradient {
  let name = "sizeOf"

  func shape(of operand: Shape) -> Shape { .scalar }

  func dtype(of operand: DType) -> DType { .int64 }

  func run(_ inputs: consuming [Tensor]) throws -> [Tensor] {
    [try Tensor(inputs[0].shape.elementCount)]
  }
}

/// The extents of a tensor, int64[rank]; a constant when they are known, otherwise computed when
/// the graph runs.
///
/// See <https://www.tensorflow.org/api_docs/python/tf/shape>.
///
/// - Throws: `OperationError` (`failedPrecondition`) for a symbolic tensor of a finished graph.
public func shapeOf(_ x: Tensor, file: String = #fileID, line: Int = #line) throws -> Tensor {
  if x.shape.isFullyKnown { return try Tensor(x.shape.extents) }
  return try ShapeOf().result(of: x, file: file, line: line)
}

/// The number of axes of a tensor, an int64 scalar; a constant when it is known.
///
/// See <https://www.tensorflow.org/api_docs/python/tf/rank>.
///
/// - Throws: `OperationError` (`failedPrecondition`) for a symbolic tensor of a finished graph.
public func rankOf(_ x: Tensor, file: String = #fileID, line: Int = #line) throws -> Tensor {
  if let rank = x.rankIfKnown { return Tensor(rank) }
  return try RankOf().result(of: x, file: file, line: line)
}

/// The number of elements of a tensor, an int64 scalar; a constant when it is known.
///
/// See <https://www.tensorflow.org/api_docs/python/tf/size>.
///
/// - Throws: `OperationError` (`failedPrecondition`) for a symbolic tensor of a finished graph.
public func sizeOf(_ x: Tensor, file: String = #fileID, line: Int = #line) throws -> Tensor {
  if let count = x.countIfKnown { return Tensor(count) }
  return try SizeOf().result(of: x, file: file, line: line)
}
