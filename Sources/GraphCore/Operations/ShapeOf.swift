internal import TensorCore

/// The extents of a tensor: int64, rank 1.
///
/// See <https://www.tensorflow.org/api_docs/python/tf/shape>.
struct ShapeOf: OneResultOperation, ZeroGradient {
  let name = "shapeOf"

  func shape(of operand: Shape) -> Shape { [operand.rankIfKnown] }

  func dtype(of operand: DType) -> DType { .int64 }

  func run(_ inputs: consuming [Tensor]) throws -> [Tensor] {
    [try Tensor(inputs[0].shape.extents.map(Int64.init), dtype: .int64)]
  }
}

// Some operations give their result the shape of another tensor. They take it as an attribute if it
// is fully known. Otherwise they take its extents as one more input, which is known when the graph
// runs.

extension Tensor {
  /// The additional inputs of an operation that takes this tensor's shape: its extents, unless the
  /// shape is fully known.
  func shapeOperand() throws -> [Tensor] {
    shape.isFullyKnown ? [] : try ShapeOf().apply(to: [self])
  }
}

extension [TensorSpec] {
  /// Refuses inputs that are not `count` tensors and, unless `shape` is fully known, its extents.
  func expectShape(_ shape: Shape, after count: Int, for operation: any Operation) throws {
    try expect(shape.isFullyKnown ? count : count + 1, for: operation)
    guard let extents = dropFirst(count).first else { return }
    guard extents.dtype == .int64, extents.shape.fits(Shape([shape.rankIfKnown])) else {
      throw GraphError(
        .invalidArgument,
        spelled: """
          \(Message.name(operation.name)) takes the extents of its result, \
          int64[\(shape.rankIfKnown.map { "\($0)" } ?? "?")], as its last input, \(extents) was given
          """)
    }
  }
}

extension [Tensor] {
  /// The full shape: `known` if it is fully known, otherwise the extents that come after `count`
  /// inputs.
  func shape(_ known: Shape, after count: Int) throws -> Shape {
    guard !known.isFullyKnown else { return known }
    let extents = try self[count].scalars(as: Int64.self)
    try require(extents.allSatisfy({ $0 >= 0 }), "an extent of \(extents) is negative")
    let shape = Shape(extents.map(Int.init))
    try require(shape.fits(known), "the shape \(shape) was given where \(known) was declared")
    return shape
  }
}
