public import TensorCore

/// A tensor whose elements, or all of it, come several times.
///
/// See <https://numpy.org/doc/stable/reference/generated/numpy.tile.html> and
/// <https://numpy.org/doc/stable/reference/generated/numpy.repeat.html>.
struct Repeat: Rearrangement {
  let times: Times

  enum Times: Hashable, Sendable {
    /// The number of repetitions of the tensor along each axis of the result.
    case tiles([Int])
    /// The number of repetitions of each element along an axis.
    case elements(Int, axis: Int)
  }

  var name: String {
    switch times {
    case .tiles: "tile"
    case .elements: "repeatElements"
    }
  }

  func shape(of operand: Shape) throws -> Shape { try times.result(operand) }

  func pattern(in shape: Shape) throws -> Pattern { try times.pattern(of: shape) }

  func gradients(for request: GradientRequest) throws -> [Tensor?] {
    let x = request.inputs[0]
    return [
      try SumRepeats(times: times, shape: x.shape)
        .apply(to: [request.upstream] + x.shapeOperand())[0]
    ]
  }

  var attributes: [(name: String, value: String)] { times.attributes }
}

/// The sum of all copies of each element: the gradient of ``Repeat``.
struct SumRepeats: PureOperation {
  let times: Repeat.Times

  /// What is known of the shape of the tensor that was repeated.
  let shape: Shape

  let name = "sumRepeats"

  func results(for inputs: [TensorSpec]) throws -> [TensorSpec] {
    try inputs.expectShape(shape, after: 1, for: self)
    return [TensorSpec(shape: shape, dtype: inputs[0].dtype)]
  }

  func run(_ inputs: consuming [Tensor]) throws -> [Tensor] {
    let shape = try inputs.shape(shape, after: 1)
    try require(
      inputs[0].shape == times.result(shape),
      "shape \(inputs[0].shape) is not that of a repeated \(shape)")
    // Axes of repetition beside those of the tensor: where the stride is 0, a sum.
    let pattern = try times.pattern(of: shape)
    let kept = pattern.extents.indices.map { pattern.strides[$0] == 0 ? 1 : pattern.extents[$0] }
    let spread = try inputs[0].viewed(as: Shape(pattern.extents))
    inputs = []
    let sum = try SumTo(shape: Shape(kept)).run([spread])[0]
    return [try sum.viewed(as: shape)]
  }

  func gradients(for request: GradientRequest) throws -> [Tensor?] {
    request.gradients(first: try Repeat(times: times).result(of: request.upstream))
  }

  var attributes: [(name: String, value: String)] {
    times.attributes + [("shape", "\(shape)")]
  }
}

extension Repeat.Times {
  var attributes: [(name: String, value: String)] {
    switch self {
    case .tiles(let counts): [("multiples", "\(counts)")]
    case .elements(let count, let axis): [("count", "\(count)"), ("axis", "\(axis)")]
    }
  }

  /// What is known of the shape of what a tensor of `shape` is repeated to.
  func result(_ shape: Shape) throws -> Shape {
    switch self {
    case .tiles(let counts):
      try check(counts)
      guard let rank = shape.rankIfKnown else { return .unknown }
      let missing = max(counts.count - rank, 0)
      let counts = [Int](repeating: 1, count: max(rank - counts.count, 0)) + counts
      return shape.picking(
        try counts.enumerated().map { axis, count in
          axis < missing ? .extent(count) : try times(count, axis - missing, of: shape)
        })
    case .elements(let count, let axis):
      try check([count])
      guard let rank = shape.rankIfKnown else { return .unknown }
      let along = try Shape.resolved(axis, rank: rank)
      return shape.picking(
        try (0..<rank).map { $0 == along ? try times(count, $0, of: shape) : .axis($0) })
    }
  }

  private func check(_ counts: [Int]) throws {
    if let negative = counts.first(where: { $0 < 0 }) {
      throw TensorError(.invalidArgument, "a tensor cannot be repeated \(negative) times")
    }
  }

  private func times(_ count: Int, _ axis: Int, of shape: Shape) throws -> Shape.Pick {
    if count == 1 { return .axis(axis) }
    if count == 0 { return .extent(0) }
    guard let extent = shape[ifKnown: axis] else { return .extent(nil) }
    let (product, overflow) = extent.multipliedReportingOverflow(by: count)
    try require(!overflow, "\(count) times the extent \(extent) is too large to address")
    return .extent(product)
  }

  /// The pattern of the result's elements in the tensor: two axes for each axis of the tensor, one
  /// of them for the repetition.
  func pattern(of shape: Shape) throws -> Pattern {
    let own = Pattern(shape.knownExtents)
    let rank = own.extents.count
    var pattern = Pattern(extents: [], strides: [])
    func add(_ extent: Int, _ stride: Int) {
      pattern.extents.append(extent)
      pattern.strides.append(stride)
    }
    switch self {
    case .tiles(let counts):
      let missing = counts.count - rank
      for place in 0..<max(counts.count, rank) {
        let (axis, count) =
          missing >= 0
          ? (place - missing, counts[place])
          : (place, place + missing < 0 ? 1 : counts[place + missing])
        add(count, 0)
        if axis >= 0 { add(own.extents[axis], own.strides[axis]) }
      }
    case .elements(let count, let axis):
      let along = try Shape.resolved(axis, rank: rank)
      for axis in 0..<rank {
        add(own.extents[axis], own.strides[axis])
        if axis == along { add(count, 0) }
      }
    }
    return pattern
  }
}

extension Tensor {
  /// The tensor repeated a number of times along each axis; fewer numbers than axes are those of
  /// the last axes, more numbers make new axes in front.
  ///
  /// Any dtype. See <https://numpy.org/doc/stable/reference/generated/numpy.tile.html>.
  ///
  /// - Throws: `OperationError`: `invalidArgument` when a number is negative or the result too large
  ///   to address; `resourceExhausted` when there is no memory.
  public func tiled(
    _ multiples: [Int], file: String = #fileID, line: Int = #line
  ) throws -> Tensor {
    try Repeat(times: .tiles(multiples)).result(of: self, file: file, line: line)
  }

  /// Each element `count` times along an axis; of all elements in row-major order when `axis` is nil.
  ///
  /// Any dtype. See <https://numpy.org/doc/stable/reference/generated/numpy.repeat.html>.
  ///
  /// - Throws: `OperationError`: `invalidArgument` when `count` is negative, the axis is not there or
  ///   the result too large to address; `resourceExhausted` when there is no memory.
  public func repeatingElements(
    _ count: Int, axis: Int? = nil, file: String = #fileID, line: Int = #line
  ) throws -> Tensor {
    let location = SourceLocation(file: file, line: line)
    let x = axis == nil ? try flattened(file: file, line: line) : self
    return try Repeat(times: .elements(count, axis: axis ?? 0)).result(of: x, at: location)
  }
}
