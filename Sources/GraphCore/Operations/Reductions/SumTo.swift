internal import TensorCore

/// The sum over the axes along which a tensor of another shape has been broadcast: it gives the
/// gradient of an operand from that of the result.
struct SumTo: PureOperation {
  /// What is known of the shape of the operand.
  let shape: Shape

  let name = "sumTo"

  func results(for inputs: [TensorSpec]) throws -> [TensorSpec] {
    try inputs.expectShape(shape, after: 1, for: self)
    return [TensorSpec(shape: shape, dtype: inputs[0].dtype)]
  }

  func run(_ inputs: consuming [Tensor]) throws -> [Tensor] {
    let shape = try inputs.shape(shape, after: 1)
    let whole = inputs[0]
    if whole.shape == shape { return [whole] }
    let axes = try ReductionAxes(along: whole.shape, to: shape)
    // As if the elements were added one by one: the sum has their dtype, and negative zeros add up
    // to a negative zero.
    let sum = try whole.total(along: axes, keepsSign: true)
    return [try sum.casting(to: whole.dtype).viewed(as: shape)]
  }

  func gradients(for request: GradientRequest) throws -> [Tensor?] {
    request.gradients(first: try request.upstream.broadcast(toShapeOf: request.inputs[0]))
  }
}

extension ReductionAxes {
  /// The axes along which a tensor of shape `part` has been broadcast to `whole`; they stay.
  ///
  /// - Throws: `TensorError` (`invalidArgument`) when it does not broadcast to that.
  fileprivate init(along whole: Shape, to part: Shape) throws(TensorError) {
    let (extents, parts) = (try whole.extents, try part.extents)
    let extra = extents.count - parts.count
    var axes = Array(0..<max(extra, 0))
    for (axis, count) in parts.enumerated() where extra >= 0 && count != extents[extra + axis] {
      guard count == 1 else { break }
      axes.append(extra + axis)
    }
    self.init(axes, keepDims: true)
    try require(
      part.broadcast(with: whole) == whole,
      "\(whole) cannot be summed to \(part), which does not broadcast to it")
  }
}

extension Tensor {
  /// The tensor summed over the axes along which one of `other`'s shape was broadcast to this one.
  func summed(toShapeOf other: Tensor) throws -> Tensor {
    if shape.isSurelyEqual(to: other.shape) { return self }
    return try SumTo(shape: other.shape).apply(to: [self] + other.shapeOperand())[0]
  }

  /// The tensor broadcast to the shape of `other`.
  func broadcast(toShapeOf other: Tensor) throws -> Tensor {
    if shape.isSurelyEqual(to: other.shape) { return self }
    return try BroadcastTo(shape: other.shape).apply(to: [self] + other.shapeOperand())[0]
  }
}
