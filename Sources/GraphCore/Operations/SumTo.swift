internal import TensorCore

/// The sum over the axes along which a tensor of another shape has been broadcast: what the gradient
/// of an operand is, given that of the result.
struct SumTo: Operation, Hashable {
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
    let dtype = whole.dtype
    let zeros = try Tensor(
      storage: Storage(byteCount: shape.byteCount(of: dtype)), shape: shape, dtype: dtype)
    try zeros.stored.storage.clear()
    var sum = zeros
    // Part by part along the first axis that is summed over.
    let rank = shape.rank ?? 0
    let extra = (whole.rank ?? 0) - rank
    if extra > 0 {
      for index in 0..<(whole.shape[0] ?? 0) {
        let part = try SumTo(shape: shape).run([whole.part(index)])[0]
        sum = try Add().run([sum, part])[0]
      }
      return [sum]
    }
    var parts: [Tensor] = []
    for index in 0..<(whole.shape[0] ?? 0) {
      let inner = Shape(Array(shape.knownExtents.dropFirst()))
      parts.append(try SumTo(shape: inner).run([whole.part(index)])[0])
    }
    if shape[0] == whole.shape[0] {
      return [try Tensor(stacking: parts, of: shape, dtype: dtype)]
    }
    for part in parts {
      sum = try Add().run([sum, try Tensor(stacking: [part], of: shape, dtype: dtype)])[0]
    }
    return [sum]
  }

  func gradients(for request: GradientRequest) throws -> [Tensor?] {
    [try request.upstream.broadcast(toShapeOf: request.inputs[0])]
      + request.inputs.dropFirst().map { _ in nil }
  }

  let effects = Effects.pure
}

/// A tensor repeated along axes until it has another shape.
///
/// See <https://numpy.org/doc/stable/reference/generated/numpy.broadcast_to.html>.
struct BroadcastTo: Operation, Hashable {
  /// What is known of the shape of the result.
  let shape: Shape

  let name = "broadcastTo"

  func results(for inputs: [TensorSpec]) throws -> [TensorSpec] {
    try inputs.expectShape(shape, after: 1, for: self)
    return [TensorSpec(shape: shape, dtype: inputs[0].dtype)]
  }

  func run(_ inputs: consuming [Tensor]) throws -> [Tensor] {
    let shape = try inputs.shape(shape, after: 1)
    if inputs[0].shape == shape { return [inputs[0]] }
    let zeros = try Fill(shape: shape, value: .integer(0), dtype: inputs[0].dtype).run([])[0]
    return [try Add().run([inputs[0], zeros])[0]]
  }

  func gradients(for request: GradientRequest) throws -> [Tensor?] {
    [try request.upstream.summed(toShapeOf: request.inputs[0])]
      + request.inputs.dropFirst().map { _ in nil }
  }

  let effects = Effects.pure
}

extension Tensor {
  /// The tensor summed over the axes along which one of `other`'s shape was broadcast to this one.
  func summed(toShapeOf other: Tensor) throws -> Tensor {
    if shape == other.shape && shape.isFullyKnown { return self }
    return try SumTo(shape: other.shape).apply(to: [self] + other.shapeOperand())[0]
  }

  /// The tensor broadcast to the shape of `other`.
  func broadcast(toShapeOf other: Tensor) throws -> Tensor {
    if shape == other.shape && shape.isFullyKnown { return self }
    return try BroadcastTo(shape: other.shape).apply(to: [self] + other.shapeOperand())[0]
  }

  /// The complex conjugate; the tensor itself unless it is complex.
  func conjugate() throws -> Tensor {
    guard dtype.isComplex else { return self }
    throw GraphError(.unimplemented, "conjugate")
  }

  /// Parts, one after another, as one tensor of `shape`.
  fileprivate init(stacking parts: [Tensor], of shape: Shape, dtype: DType) throws {
    let storage = try Storage(byteCount: shape.byteCount(of: dtype))
    var offset = 0
    for part in parts {
      let (source, start) = try part.stored
      let size = try part.shape.byteCount(of: dtype)
      unsafe (storage.base + offset).copyMemory(from: source.base + start, byteCount: size)
      offset += size
    }
    self.init(storage: storage, shape: shape, dtype: dtype)
  }
}

extension GradientRequest {
  /// A gradient as one of an input that was broadcast; nil when that is not wanted.
  func gradient(_ gradient: Tensor, summedFor input: Int) throws -> Tensor? {
    guard wanted[input] else { return nil }
    return try gradient.summed(toShapeOf: inputs[input])
  }

  /// The gradient of the only result, as one of an input that was broadcast.
  func upstream(summedFor input: Int) throws -> Tensor? {
    try gradient(upstream, summedFor: input)
  }
}
