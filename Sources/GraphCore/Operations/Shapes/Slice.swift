internal import TensorCore

/// Some of a tensor's elements: positions and ranges along its axes, as Python's `x[1:3, ..., 0]`.
///
/// See <https://numpy.org/doc/stable/user/basics.indexing.html#basic-indexing>.
struct Slice: Rearrangement {
  let items: [SliceItem]

  let name = "slice"

  func shape(of operand: Shape) throws -> Shape { try items.slice(operand) }

  func pattern(in shape: Shape) throws -> Pattern { try items.pattern(in: shape) }

  func gradients(for request: GradientRequest) throws -> [Tensor?] {
    let x = request.inputs[0]
    return [
      try SliceGradient(items: items, shape: x.shape)
        .apply(to: [request.upstream] + x.shapeOperand())[0]
    ]
  }

  var attributes: [(name: String, value: String)] { [("at", items.text.debugDescription)] }
}

/// A tensor of zeros, but for a slice of it, which is the input: what the gradient of a slice is to
/// the tensor that was sliced.
struct SliceGradient: PureOperation {
  let items: [SliceItem]

  /// What is known of the shape of that tensor.
  let shape: Shape

  let name = "sliceGradient"

  func results(for inputs: [TensorSpec]) throws -> [TensorSpec] {
    try inputs.expectShape(shape, after: 1, for: self)
    let part = try items.slice(shape)
    try require(
      inputs[0].shape.fits(part),
      "the slice [\(items.text)] of shape \(shape) has shape \(part), not \(inputs[0].shape)")
    return [TensorSpec(shape: shape, dtype: inputs[0].dtype)]
  }

  func run(_ inputs: consuming [Tensor]) throws -> [Tensor] {
    let shape = try inputs.shape(shape, after: 1)
    let part = inputs[0]
    let pattern = try items.pattern(in: shape)
    try require(
      Shape(pattern.extents) == part.shape,
      "the slice [\(items.text)] of shape \(shape) has shape \(pattern.extents), not "
        + "\(part.shape)")
    let storage = try Storage(byteCount: shape.byteCount(of: part.dtype))
    if part.count != (try shape.elementCount) { storage.clear() }
    try part.write(to: pattern, of: storage)
    return [Tensor(storage: storage, shape: shape, dtype: part.dtype)]
  }

  func gradients(for request: GradientRequest) throws -> [Tensor?] {
    request.gradients(first: try Slice(items: items).result(of: request.upstream))
  }

  var attributes: [(name: String, value: String)] {
    [("at", items.text.debugDescription), ("shape", "\(shape)")]
  }
}
