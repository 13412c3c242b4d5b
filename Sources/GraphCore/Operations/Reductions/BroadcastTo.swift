internal import TensorCore

/// A tensor repeated along axes until it has another shape.
struct BroadcastTo: Movement {
  /// What is known of the shape of the result.
  let shape: Shape

  let name = "broadcastTo"

  func results(for inputs: [TensorSpec]) throws -> [TensorSpec] {
    try inputs.expectShape(shape, after: 1, for: self)
    guard try inputs[0].shape.broadcast(with: shape).fits(shape) else {
      throw shape.refusal(of: inputs[0].shape)
    }
    return [TensorSpec(shape: shape, dtype: inputs[0].dtype)]
  }

  func move(_ inputs: consuming [Tensor]) throws -> [Tensor] {
    let shape = try inputs.shape(shape, after: 1)
    return [try inputs[0].repeated(to: shape)]
  }

  func gradients(for request: GradientRequest) throws -> [Tensor?] {
    request.gradients(first: try request.upstream.summed(toShapeOf: request.inputs[0]))
  }
}

extension Shape {
  /// The error for a tensor that does not broadcast to this shape.
  fileprivate func refusal(of given: Shape) -> TensorError {
    TensorError(
      .invalidArgument,
      "shape \(given) does not broadcast to \(self): its extents must be those, counted from the "
        + "last, or 1")
  }
}

extension Tensor {
  /// The tensor repeated along its axes of extent 1, and along new ones in front, until it has
  /// `shape`; the tensor itself when it has.
  ///
  /// - Precondition: the dtype is not string.
  /// - Throws: `TensorError`: `invalidArgument` when it does not broadcast to that,
  ///   `resourceExhausted`.
  func repeated(to shape: Shape) throws -> Tensor {
    if self.shape == shape { return self }
    guard try self.shape.broadcast(with: shape) == shape else {
      throw shape.refusal(of: self.shape)
    }
    let (own, extents) = (Pattern(self.shape.knownExtents), shape.knownExtents)
    let missing = extents.count - own.extents.count
    let strides = extents.indices.map { axis in
      axis < missing || own.extents[axis - missing] != extents[axis]
        ? 0 : own.strides[axis - missing]
    }
    return try picking(Pattern(extents: extents, strides: strides), as: shape)
  }
}
