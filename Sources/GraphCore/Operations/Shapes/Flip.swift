public import TensorCore

/// The tensor with the order of its elements reversed along axes.
struct Flip: Rearrangement {
  /// The axes; nil for all.
  let axes: [Int]?

  let name = "flip"

  func check(_ inputs: [TensorSpec]) throws {
    if let rank = inputs[0].shape.rankIfKnown { _ = try resolved(rank) }
  }

  private func resolved(_ rank: Int) throws -> [Int] {
    try axes.map { try Shape.resolved($0, rank: rank) } ?? Array(0..<rank)
  }

  func pattern(in shape: Shape) throws -> Pattern {
    var pattern = Pattern(shape.knownExtents)
    for axis in try resolved(pattern.extents.count) {
      pattern.start += (pattern.extents[axis] - 1) * pattern.strides[axis]
      pattern.strides[axis] *= -1
    }
    return pattern
  }

  func gradients(for request: GradientRequest) throws -> [Tensor?] {
    [try Flip(axes: axes).result(of: request.upstream)]
  }

  var attributes: [(name: String, value: String)] { axes.map { [("axes", "\($0)")] } ?? [] }
}

/// The tensor with its elements moved along an axis, those that leave it coming in again at the
/// other end.
struct Roll: Movement, OneResultOperation {
  /// By how many places; negative to the front.
  let shift: Int
  /// The axis; nil for the elements in row-major order, as if there were one axis.
  let axis: Int?

  let name = "roll"

  func check(_ inputs: [TensorSpec]) throws {
    if let axis, let rank = inputs[0].shape.rankIfKnown { _ = try Shape.resolved(axis, rank: rank) }
    try require(shift > .min, "a shift of \(shift) has no opposite to undo it; ask for less")
  }

  func move(_ inputs: consuming [Tensor]) throws -> [Tensor] {
    let x = inputs[0]
    var extents = x.shape.knownExtents
    let count = try x.shape.elementCount
    var along = 0
    if let axis { along = try x.shape.resolved(axis) } else { extents = [count] }
    guard count > 0 else { return [x] }
    let extent = extents[along]
    let shift = (shift % extent + extent) % extent
    if shift == 0 { return [x] }
    let (storage, offset) = try x.stored
    let target = try Storage(byteCount: x.shape.byteCount(of: x.dtype))
    let item = x.dtype.itemSize
    let step = extents.strides[along]
    for (from, to, length) in [(0, shift, extent - shift), (extent - shift, 0, shift)] {
      var part = Pattern(extents)
      part.extents[along] = length
      part.copy(to: part, item: item).run(
        from: storage, at: offset + from * step * item, to: target, at: to * step * item)
    }
    return [Tensor(storage: target, shape: x.shape, dtype: x.dtype)]
  }

  func gradients(for request: GradientRequest) throws -> [Tensor?] {
    [try Roll(shift: -shift, axis: axis).result(of: request.upstream)]
  }

  var attributes: [(name: String, value: String)] {
    [("shift", "\(shift)")] + (axis.map { [("axis", "\($0)")] } ?? [])
  }
}

extension Tensor {
  /// The tensor with the order of its elements reversed along these axes; along all when nil.
  ///
  /// Any dtype. See <https://numpy.org/doc/stable/reference/generated/numpy.flip.html>.
  ///
  /// - Throws: `OperationError` (`invalidArgument`) when an axis is not there, or named twice.
  public func flipped(
    axes: [Int]? = nil, file: String = #fileID, line: Int = #line
  ) throws -> Tensor {
    try Flip(axes: axes).result(of: self, file: file, line: line)
  }

  /// The tensor with its elements `shift` places further along an axis, those that leave it coming in
  /// again at the other end; through all elements in row-major order when `axis` is nil.
  ///
  /// Any dtype. See <https://numpy.org/doc/stable/reference/generated/numpy.roll.html>.
  ///
  /// - Throws: `OperationError` (`invalidArgument`) when the axis is not there.
  public func rolled(
    by shift: Int, axis: Int? = nil, file: String = #fileID, line: Int = #line
  ) throws -> Tensor {
    try Roll(shift: shift, axis: axis).result(of: self, file: file, line: line)
  }
}
