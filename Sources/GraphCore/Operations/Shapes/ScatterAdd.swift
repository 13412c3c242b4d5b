public import TensorCore

/// A tensor to which others are added at positions along an axis; those at one position add up.
struct ScatterAdd: OneResultOperation {
  let axis: Int

  let name = "scatterAdd"
  let arity = 3

  func check(_ inputs: [TensorSpec]) throws {
    try inputs[1].expectPositions()
    let (base, indices, updates) = (inputs[0], inputs[1].shape, inputs[2])
    try [base, updates].expectOneDType()
    try require(
      base.dtype != .string,
      spelled: "strings have no sum; compute in a \(Message.name("numpyFunction"))")
    if base.shape.rankIfKnown != nil {
      let axis = try base.shape.resolved(axis)
      try expect(updates.shape, broadcastTo: base.shape.replacing(axis, withAxesOf: indices))
    }
  }

  /// Refuses updates that are not of the shape of what they are added to, or broadcast to it.
  private func expect(_ updates: Shape, broadcastTo parts: Shape) throws {
    guard updates.rankIfKnown != nil, parts.rankIfKnown != nil else { return }
    guard let both = try? updates.broadcast(with: parts), both.fits(parts) else {
      throw TensorError(
        .invalidArgument,
        "the updates have shape \(updates), and are to be added to parts of shape \(parts); they must "
          + "have it, or broadcast to it")
    }
  }

  func run(_ inputs: consuming [Tensor]) throws -> [Tensor] {
    var updates = inputs.removeLast()
    let indices = inputs.removeLast()
    var base = inputs.removeLast()
    let axis = try base.shape.resolved(axis)
    let blocks = AxisBlocks(base.shape.knownExtents, axis: axis)
    let parts = base.shape.replacing(axis, withAxesOf: indices.shape)
    if updates.shape != parts {
      try expect(updates.shape, broadcastTo: parts)
      updates = try BroadcastTo(shape: parts).run([updates])[0]
    }
    // The gradient of a `take` that has read no position.
    if blocks.outer == 0 { return [base] }
    let positions = try indices.positions(alongAxis: axis, extent: blocks.extent)
    try base.makeUnique()
    let dtype = base.dtype
    try AddParts(to: base.stored, updates.stored, positions, blocks).visit(dtype, ())
    return [base]
  }

  func gradients(for request: GradientRequest) throws -> [Tensor?] {
    [
      request.wanted[0] ? request.upstream : nil, nil,
      request.wanted[2]
        ? try gather(request.upstream, request.inputs[1], axis: axis)
          .summed(toShapeOf: request.inputs[2]) : nil,
    ]
  }

  var attributes: [(name: String, value: String)] { [("axis", "\(axis)")] }
}

/// The additions, one after another, so that their order, and with it rounding, is always the same.
private struct AddParts: ElementVisitor {
  let base: (storage: Storage, offset: Int)
  let updates: (storage: Storage, offset: Int)
  let positions: [Int]
  let blocks: AxisBlocks

  init(
    to base: (storage: Storage, offset: Int), _ updates: (storage: Storage, offset: Int),
    _ positions: [Int], _ blocks: AxisBlocks
  ) {
    (self.base, self.updates, self.positions, self.blocks) = (base, updates, positions, blocks)
  }

  func visit<T: KernelElement>(_ type: T.Type, _ operand: Void) {
    // The storages outlive the call. Only that of the base is written, and it is uniquely
    // referenced.
    var update = unsafe (updates.storage.base + updates.offset).assumingMemoryBound(to: T.self)
    let start = unsafe (base.storage.base + base.offset).assumingMemoryBound(to: T.self)
    for outer in 0..<blocks.outer {
      for position in positions {
        let target = unsafe start + (outer * blocks.extent + position) * blocks.run
        for i in 0..<blocks.run { unsafe target[i] = T.sum(target[i], update[i]) }
        unsafe update += blocks.run
      }
    }
  }
}

/// `base` with `updates` added at positions along an axis; updates at one position add up.
///
/// ```swift
/// let counts = try scatterAdd(zeros([10], dtype: .int64), digits, 1)
/// ```
///
/// The updates have the shape that `gather(base, indices, axis: axis)` has, or broadcast to it; a
/// literal takes the dtype of `base`. Any dtype but string, the same for both; "or" for bool.
/// `base` is updated in place if it has a unique reference. See
/// <https://numpy.org/doc/stable/reference/generated/numpy.ufunc.at.html>.
///
/// - Throws: `OperationError`: `outOfRange` naming the first position that is not on the axis;
///   `invalidArgument` when dtypes differ, shapes do not fit, or the axis is not there.
public func scatterAdd(
  _ base: Tensor, _ indices: Tensor, _ updates: Tensor, axis: Int = 0,
  file: String = #fileID, line: Int = #line
) throws -> Tensor {
  try located("scatterAdd", file, line) { location in
    let updates = updates.isLiteral ? try updates.literal(as: base.dtype) : updates
    return try ScatterAdd(axis: axis).result(of: base, indices, updates, at: location)
  }
}
