public import TensorCore

/// The tensor with its axes in another order.
struct Transpose: Rearrangement {
  /// The order of the axes; some orders do not need a known rank.
  enum Order: Hashable, Sendable {
    /// The last axis first.
    case reversed
    /// Axis i of the result is this one of the operand.
    case permutation([Int])
    /// Two axes change places.
    case swapped(Int, Int)
    /// Axes go to other places, the others stay in their order between them.
    case moved(from: [Int], to: [Int])
  }

  let order: Order

  let name = "transpose"

  func shape(of operand: Shape) throws -> Shape {
    if let rank = operand.rankIfKnown { return operand.permuted(by: try order.axes(rank: rank)) }
    guard case .permutation(let axes) = order else { return .unknown }
    _ = try order.axes(rank: axes.count)
    return .unknown(rank: axes.count)
  }

  func pattern(in shape: Shape) throws -> Pattern {
    let (extents, strides) = (shape.knownExtents, shape.knownExtents.strides)
    let axes = try order.axes(rank: extents.count)
    return Pattern(extents: axes.map { extents[$0] }, strides: axes.map { strides[$0] })
  }

  func gradients(for request: GradientRequest) throws -> [Tensor?] {
    [try Transpose(order: try order.inverse).result(of: request.upstream)]
  }

  var attributes: [(name: String, value: String)] {
    switch order {
    case .reversed: []
    case .permutation(let axes): [("permutation", "\(axes)")]
    case .swapped(let a, let b): [("swap", "[\(a), \(b)]")]
    case .moved(let from, let to):
      [("move", from.count == 1 ? "\(from + to)" : "[\(from), \(to)]")]
    }
  }
}

extension Transpose.Order {
  /// Which axis of the operand each axis of the result is.
  ///
  /// - Throws: `TensorError` when the axes are not those of a tensor of this rank.
  func axes(rank: Int) throws -> [Int] {
    var axes = Array(0..<rank)
    switch self {
    case .reversed:
      axes.reverse()
    case .permutation(let order):
      axes = try Shape.resolved(order, rank: rank)
      try require(
        axes.count == rank,
        "a permutation names each axis once: \(order) was given for a tensor of rank \(rank)")
    case .swapped(let a, let b):
      axes.swapAt(try Shape.resolved(a, rank: rank), try Shape.resolved(b, rank: rank))
    case .moved(let from, let to):
      try require(
        from.count == to.count,
        "the axes \(from) were to be moved to the places \(to); give a place for each axis")
      let (from, to) = (try Shape.resolved(from, rank: rank), try Shape.resolved(to, rank: rank))
      axes.removeAll { from.contains($0) }
      for (place, axis) in zip(to, from).sorted(by: { $0.0 < $1.0 }) {
        axes.insert(axis, at: place)
      }
    }
    return axes
  }

  /// The order that undoes this one.
  var inverse: Self {
    get throws {
      switch self {
      case .reversed, .swapped: return self
      case .moved(let from, let to): return .moved(from: to, to: from)
      case .permutation(let order):
        let axes = try axes(rank: order.count)
        var inverse = axes
        for (place, axis) in axes.enumerated() { inverse[axis] = place }
        return .permutation(inverse)
      }
    }
  }
}

extension Tensor {
  /// The tensor with its axes in another order: axis `i` of the result is axis `permutation[i]`; the
  /// last axis first when `permutation` is nil.
  ///
  /// Any dtype and rank. The elements are copied, unless only axes of extent 1 change places. See
  /// <https://numpy.org/doc/stable/reference/generated/numpy.transpose.html>.
  ///
  /// - Throws: `OperationError`: `invalidArgument` when `permutation` does not name each axis once;
  ///   `resourceExhausted` when there is no memory.
  public func transposed(
    permutation: [Int]? = nil, file: String = #fileID, line: Int = #line
  ) throws -> Tensor {
    let order = permutation.map { Transpose.Order.permutation($0) } ?? .reversed
    return try Transpose(order: order).result(of: self, file: file, line: line)
  }

  /// The tensor with two axes in each other's places; `swapAxes(-1, -2)` transposes matrices.
  ///
  /// See <https://numpy.org/doc/stable/reference/generated/numpy.swapaxes.html>.
  ///
  /// - Throws: `OperationError` (`invalidArgument`) when an axis is not there.
  public func swapAxes(
    _ a: Int, _ b: Int, file: String = #fileID, line: Int = #line
  ) throws -> Tensor {
    try Transpose(order: .swapped(a, b)).result(of: self, file: file, line: line)
  }

  /// The tensor with one axis at another place, the others in their order.
  ///
  /// See <https://numpy.org/doc/stable/reference/generated/numpy.moveaxis.html>.
  ///
  /// - Throws: `OperationError` (`invalidArgument`) when an axis is not there.
  public func moveAxis(
    from source: Int, to target: Int, file: String = #fileID, line: Int = #line
  ) throws -> Tensor {
    try moveAxes(from: [source], to: [target], file: file, line: line)
  }

  /// The tensor with several axes at other places, the others in their order between them.
  ///
  /// See <https://numpy.org/doc/stable/reference/generated/numpy.moveaxis.html>.
  ///
  /// - Throws: `OperationError` (`invalidArgument`) when an axis is not there or named twice, or there are
  ///   not as many places as axes.
  public func moveAxes(
    from sources: [Int], to targets: [Int], file: String = #fileID, line: Int = #line
  ) throws -> Tensor {
    try Transpose(order: .moved(from: sources, to: targets)).result(
      of: self, file: file, line: line)
  }
}
