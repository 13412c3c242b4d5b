internal import TensorCore

/// A tensor with a border of one value.
struct Pad: Movement, OneResultOperation {
  let border: Border

  let name = "pad"
  let arity = 2

  func check(_ inputs: [TensorSpec]) throws {
    try inputs.expectOneDType()
    try Self.expectScalar(inputs[1].shape)
  }

  func shape(of operand: Shape) throws -> Shape { try border.around(operand) }

  private static func expectScalar(_ value: Shape) throws {
    try require(value.fits(.scalar), "a border has one value, of shape [], not \(value)")
  }

  func movedCount(_ count: Int) -> Int { count }

  func move(_ inputs: consuming [Tensor]) throws -> [Tensor] {
    let (x, value) = (inputs[0], inputs[1])
    try Self.expectScalar(value.shape)
    let shape = try border.around(x.shape)
    let storage = try Storage(byteCount: shape.byteCount(of: x.dtype))
    let count = try shape.elementCount
    if count > 0 {
      let item = x.dtype.itemSize
      let (source, offset) = try value.stored
      Pattern(extents: [count], strides: [0]).copy(to: Pattern([count]), item: item)
        .run(from: source, at: offset, to: storage, at: 0)
    }
    try x.write(to: border.inner(of: shape), of: storage)
    return [Tensor(storage: storage, shape: shape, dtype: x.dtype)]
  }

  func gradients(for request: GradientRequest) throws -> [Tensor?] {
    let inner = try Crop(border: border).result(of: request.upstream)
    guard request.wanted[1] else { return [inner, nil] }
    let scalar = SumTo(shape: .scalar)
    return [inner, try scalar.result(of: request.upstream) - scalar.result(of: inner)]
  }

  var attributes: [(name: String, value: String)] { border.attributes }
}

/// A tensor without its border: the gradient of ``Pad``.
struct Crop: Rearrangement {
  let border: Border

  let name = "crop"

  func shape(of operand: Shape) throws -> Shape { try border.within(operand) }

  func pattern(in shape: Shape) throws -> Pattern { try border.inner(of: shape) }

  func gradients(for request: GradientRequest) throws -> [Tensor?] {
    let zero = try Fill(shape: .scalar, value: .integer(0), dtype: request.upstream.dtype).result()
    return [try Pad(border: border).result(of: request.upstream, zero)]
  }

  var attributes: [(name: String, value: String)] { border.attributes }
}

/// The numbers of elements before and after a tensor's own elements, along each axis.
struct Border: Sendable, Hashable {
  /// One for each axis, or one for all of them.
  let widths: [Width]

  struct Width: Sendable, Hashable {
    let before: Int
    let after: Int
  }

  /// - Throws: `TensorError` when a width is negative or not one of any tensor.
  init(_ widths: [(before: Int, after: Int)]) throws {
    for width in widths
    where width.before < 0 || width.after < 0
      || width.before.addingReportingOverflow(width.after).overflow
    {
      throw TensorError(
        .invalidArgument, "a border of (\(width.before), \(width.after)) elements was asked for")
    }
    self.widths = widths.map { Width(before: $0.before, after: $0.after) }
  }

  var attributes: [(name: String, value: String)] {
    [("widths", "[\(widths.map { "[\($0.before), \($0.after)]" }.joined(separator: ", "))]")]
  }

  /// The widths for a tensor of this rank.
  func widths(rank: Int) throws -> [Width] {
    if widths.count == rank { return widths }
    guard let only = widths.first, widths.count == 1 else {
      throw TensorError(
        .invalidArgument,
        "the widths of \(widths.count) borders were given for a tensor of rank \(rank); give one for "
          + "each axis, or one for all")
    }
    return [Width](repeating: only, count: rank)
  }

  func around(_ shape: Shape) throws -> Shape {
    try map(shape) { extent, width, _ in
      let (sum, overflow) = extent.addingReportingOverflow(width.before + width.after)
      try require(!overflow, "a tensor with such a border is too large to address")
      return sum
    }
  }

  func within(_ shape: Shape) throws -> Shape {
    try map(shape) { extent, width, axis in
      let rest = extent - width.before - width.after
      try require(
        rest >= 0,
        "axis \(axis) of shape \(shape) has no border of \(width.before) and \(width.after)")
      return rest
    }
  }

  private func map(_ shape: Shape, _ extent: (Int, Width, Int) throws -> Int) throws -> Shape {
    guard let rank = shape.rankIfKnown else { return .unknown }
    return shape.picking(
      try widths(rank: rank).enumerated().map { axis, width in
        if width.before == 0 && width.after == 0 { return .axis(axis) }
        return .extent(try shape[ifKnown: axis].map { try extent($0, width, axis) })
      })
  }

  /// The places, in a tensor of `shape`, that are not its border.
  func inner(of shape: Shape) throws -> Pattern {
    var pattern = Pattern(shape.knownExtents)
    for (axis, width) in try widths(rank: pattern.extents.count).enumerated() {
      pattern.extents[axis] -= width.before + width.after
      pattern.start += width.before * pattern.strides[axis]
    }
    return pattern
  }
}
