public import TensorCore

/// A block of a tensor that begins where the second input says.
struct DynamicSlice: Movement {
  /// What is known of the shape of the block; its extents are a third input unless all is.
  let size: Shape

  let name = "dynamicSlice"

  func results(for inputs: [TensorSpec]) throws -> [TensorSpec] {
    try inputs.expectShape(size, after: 2, for: self)
    try inputs.expectBlock(size, for: self)
    return [TensorSpec(shape: size, dtype: inputs[0].dtype)]
  }

  func move(_ inputs: consuming [Tensor]) throws -> [Tensor] {
    let size = try inputs.shape(size, after: 2)
    let pattern = try Pattern(block: size, at: inputs[1], in: inputs[0].shape)
    return [try inputs[0].picking(pattern, as: size)]
  }

  func gradients(for request: GradientRequest) throws -> [Tensor?] {
    let (x, start) = (request.inputs[0], request.inputs[1])
    return request.gradients(
      first: try DynamicUpdate().result(of: zerosLike(x), start, request.upstream))
  }

  var attributes: [(name: String, value: String)] { [("size", "\(size)")] }
}

/// A tensor in which a block, which begins where the second input says, is replaced by the third.
///
/// See <https://www.tensorflow.org/api_docs/python/tf/tensor_scatter_nd_update>.
struct DynamicUpdate: OneResultOperation {
  let name = "dynamicUpdate"
  let arity = 3

  func check(_ inputs: [TensorSpec]) throws {
    try [inputs[0], inputs[2]].expectOneDType()
    try inputs.expectBlock(inputs[2].shape, for: self)
    try require(
      inputs[0].dtype != .string, "strings are not replaced in place; slice and concatenate them")
  }

  func run(_ inputs: consuming [Tensor]) throws -> [Tensor] {
    let block = inputs.removeLast()
    let start = inputs.removeLast()
    var x = inputs.removeLast()
    let pattern = try Pattern(block: block.shape, at: start, in: x.shape)
    try x.makeUnique()
    let (storage, offset) = try x.stored
    try block.write(to: pattern, of: storage, at: offset)
    return [x]
  }

  func gradients(for request: GradientRequest) throws -> [Tensor?] {
    let (start, block) = (request.inputs[1], request.inputs[2])
    return [
      request.wanted[0]
        ? try apply(to: [request.upstream, start, zerosLike(block)])[0] : nil,
      nil,
      request.wanted[2]
        ? try DynamicSlice(size: block.shape)
          .apply(to: [request.upstream, start] + block.shapeOperand())[0] : nil,
    ]
  }
}

extension [TensorSpec] {
  /// Refuses a block and a start that do not have the rank of the first input.
  fileprivate func expectBlock(_ size: Shape, for operation: any Operation) throws {
    let ranks = [
      self[0].shape.rankIfKnown, size.rankIfKnown, try self[1].rankOfExtents(for: operation),
    ]
    try require(
      Set(ranks.compactMap { $0 }).count < 2,
      "a block of shape \(size) that begins at \(self[1]) is no part of \(self[0]); the ranks must "
        + "be equal")
    guard let rank = self[0].shape.rankIfKnown, size.rankIfKnown != nil else { return }
    for axis in 0..<rank {
      guard let whole = self[0].shape[ifKnown: axis], let part = size[ifKnown: axis],
        part > whole
      else { continue }
      throw TensorError(
        .outOfRange,
        "a block of shape \(size) is larger than the tensor, of shape \(self[0].shape)")
    }
  }
}

extension Pattern {
  /// The places of a block that begins at these positions of a tensor of `shape`.
  ///
  /// - Throws: `TensorError` (`outOfRange`) naming the axis on which it does not lie inside.
  fileprivate init(block: Shape, at start: Tensor, in shape: Shape) throws {
    let positions = try start.wholeNumbers()
    self.init(shape.knownExtents)
    try require(
      block.rankIfKnown == extents.count && positions.count == extents.count,
      "a block of shape \(block) that begins at \(positions) is no part of a tensor of shape \(shape)"
    )
    for (axis, position) in positions.enumerated() {
      let (extent, size) = (extents[axis], block[axis])
      try require(
        position >= 0 && size <= extent && position <= extent - size, code: .outOfRange,
        "a block of \(size) from \(position) on does not lie on axis \(axis), whose extent is "
          + "\(extent)")
      self.start += position * strides[axis]
      extents[axis] = size
    }
  }
}

extension Tensor {
  /// The block of this size that begins at the positions in `start`, which a loop may compute.
  ///
  /// ```swift
  /// let row = try x.slice(start: stack([i, zero]), size: [1, columns])
  /// ```
  ///
  /// Any dtype; `start` holds one whole number for each axis, and no negative ones. See
  /// <https://www.tensorflow.org/api_docs/python/tf/slice>.
  ///
  /// - Throws: `OperationError`: `outOfRange` when the block does not lie inside the tensor, in a
  ///   graph perhaps only when it runs; `invalidArgument` when ranks differ.
  public func slice(
    start: Tensor, size: [Int], file: String = #fileID, line: Int = #line
  ) throws -> Tensor {
    try located("dynamicSlice", file, line) { location in
      let shape = try Shape(inferring: size)
      return try DynamicSlice(size: shape).result(of: self, start, at: location)
    }
  }

  /// The tensor with `block` in place of the elements that begin at the positions in `start`.
  ///
  /// Any dtype but string, the same for both; `start` holds one whole number for each axis, and no
  /// negative ones. The tensor is updated in place if it has a unique reference, as in a loop.
  ///
  /// - Throws: `OperationError`: `outOfRange` when the block does not lie inside the tensor, in a
  ///   graph perhaps only when it runs; `invalidArgument` when ranks or dtypes differ.
  public func updating(
    from start: Tensor, with block: Tensor, file: String = #fileID, line: Int = #line
  ) throws -> Tensor {
    try DynamicUpdate().result(of: self, start, block, file: file, line: line)
  }
}
