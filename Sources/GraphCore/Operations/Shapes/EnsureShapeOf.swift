public import TensorCore

/// Passes a tensor through if its extents are those that a second input holds: ``EnsureShape`` for
/// a shape that is known only when the graph runs.
struct EnsureShapeOf: OneResultOperation {
  let name = "ensureShapeOf"
  let arity = 2

  func shape(for inputs: [TensorSpec]) throws -> Shape {
    let rank = try inputs[1].rankOfExtents(for: self)
    let declared = rank.map { Shape.unknown(rank: $0) } ?? .unknown
    let both = try unwrap(
      inputs[0].shape.intersection(declared),
      "a tensor of shape \(inputs[0].shape) was given where one of rank \(rank ?? 0) is wanted")
    return both
  }

  func run(_ inputs: consuming [Tensor]) throws -> [Tensor] {
    let wanted = try Shape(inputs.removeLast().extentValues(allowsInferred: true))
    try require(
      inputs[0].shape.fits(wanted),
      "a tensor of shape \(inputs[0].shape) was given where one of shape \(wanted) is wanted")
    return inputs
  }

  func gradients(for request: GradientRequest) throws -> [Tensor?] { [request.upstream, nil] }
}

/// The tensor unchanged, if its extents are those in a tensor of whole numbers, such as
/// `shapeOf(other)`; -1 means any extent.
///
/// Any dtype. See <https://www.tensorflow.org/api_docs/python/tf/ensure_shape>.
///
/// - Throws: `OperationError` (`invalidArgument`) when the shape is another, or `extents` is no such
///   tensor; in a graph perhaps only when it runs.
public func ensureShape(
  _ x: Tensor, _ extents: Tensor, file: String = #fileID, line: Int = #line
) throws -> Tensor {
  try EnsureShapeOf().result(of: x, extents, file: file, line: line)
}
