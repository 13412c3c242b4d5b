// Shapes that are made from another one by removing, inserting or moving axes. The extents that
// remain keep their names.

extension Shape {
  /// Where an extent of a new shape comes from.
  package enum Pick: Sendable {
    /// The extent of this axis, which is not negative.
    case axis(Int)
    /// This extent; nil stands for an unknown one.
    case extent(Int?)
  }

  /// The shape made of these extents.
  ///
  /// - Precondition: the rank is known, and the axes are there.
  package func picking(_ extents: [Pick]) -> Shape {
    guard let raw else { preconditionFailure("Shape: the rank is not known") }
    return Shape(
      raw: extents.map { extent in
        switch extent {
        case .axis(let axis): raw[axis]
        case .extent(let extent): extent ?? -1
        }
      })
  }

  /// The shape with its axes in another order; unknown when the rank is.
  ///
  /// - Precondition: `order` is a permutation of the axes.
  package func permuted(by order: [Int]) -> Shape {
    rankIfKnown == nil ? self : picking(order.map { .axis($0) })
  }

  /// The shape without these axes; unknown when the rank is.
  package func removing(_ axes: [Int]) -> Shape {
    guard let rank = rankIfKnown else { return self }
    return picking((0..<rank).filter { !axes.contains($0) }.map { .axis($0) })
  }

  /// The shape with new axes of this extent, at the positions `axes` in the new shape; unknown when the rank
  /// is.
  ///
  /// - Precondition: `axes` lie in the new shape, and none occurs twice.
  package func inserting(_ extent: Int?, at axes: [Int]) -> Shape {
    guard let rank = rankIfKnown else { return self }
    var old = 0
    return picking(
      (0..<rank + axes.count).map { axis in
        if axes.contains(axis) { return .extent(extent) }
        old += 1
        return .axis(old - 1)
      })
  }

  /// The shape with another extent along one axis; unknown when the rank is.
  package func replacing(_ axis: Int, with extent: Int?) -> Shape {
    guard let rank = rankIfKnown else { return self }
    return picking((0..<rank).map { $0 == axis ? .extent(extent) : .axis($0) })
  }

  /// The shape with the extents of another in place of one axis; unknown when either rank is.
  package func replacing(_ axis: Int, withAxesOf other: Shape) -> Shape {
    guard let raw, let others = other.raw else { return .unknown }
    return Shape(raw: raw[..<axis] + others + raw[(axis + 1)...])
  }

  /// The axis counted from the first one.
  ///
  /// - Throws: `TensorError` (`invalidArgument`) naming the axis and the rank when it is not there.
  /// - Precondition: the rank is known.
  package func resolved(_ axis: Int) throws(TensorError) -> Int {
    try Self.resolved(axis, rank: raw?.count ?? 0)
  }

  /// An axis of a tensor of this rank, counted from the first one.
  ///
  /// - Throws: `TensorError` (`invalidArgument`) naming the axis and the rank when it is not there.
  package static func resolved(_ axis: Int, rank: Int) throws(TensorError) -> Int {
    guard axis >= -rank && axis < rank else {
      throw TensorError(
        .invalidArgument,
        rank == 0
          ? "axis \(axis) was asked of a tensor of rank 0, which has no axes"
          : "axis \(axis) was asked of a tensor of rank \(rank), whose axes are 0 to \(rank - 1), or "
            + "\(-rank) to -1 from the end")
    }
    return axis < 0 ? axis + rank : axis
  }

  /// Axes of a tensor of this rank, counted from the first one, in the order in which they are given.
  ///
  /// - Throws: `TensorError` (`invalidArgument`) when an axis does not exist, or occurs twice.
  package static func resolved(_ axes: [Int], rank: Int) throws(TensorError) -> [Int] {
    var found: [Int] = []
    for axis in axes {
      let resolved = try resolved(axis, rank: rank)
      guard !found.contains(resolved) else {
        throw TensorError(
          .invalidArgument,
          "axis \(resolved) is named twice in \(axes), for a tensor of rank \(rank)")
      }
      found.append(resolved)
    }
    return found
  }
}
