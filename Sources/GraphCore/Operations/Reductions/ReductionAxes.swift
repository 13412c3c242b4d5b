internal import TensorCore

/// The axes of a reduction, and whether they are kept: NumPy's `axis` and `keepdims`.
struct ReductionAxes: Hashable, Sendable {
  /// The axes as they were given, negative ones counted from the end; nil for all of them.
  let list: [Int]?

  /// Whether the axes stay, with extent 1.
  let keepDims: Bool

  init(_ list: [Int]? = nil, keepDims: Bool = false) {
    self.list = list
    self.keepDims = keepDims
  }

  /// One axis and several, as a reduction is called; all axes when both are nil.
  init(_ axis: Int?, _ axes: [Int]?, keepDims: Bool) {
    self.init(axis.map { (axes ?? []) + [$0] } ?? axes, keepDims: keepDims)
  }

  /// For each axis of a tensor, whether it is reduced.
  ///
  /// - Throws: `TensorError` (`invalidArgument`) for an axis that is out of range, or named twice.
  func mask(of shape: Shape, rank: Int) throws(TensorError) -> [Bool] {
    guard let list else { return [Bool](repeating: true, count: rank) }
    var mask = [Bool](repeating: false, count: rank)
    for axis in list {
      let place = try shape.place(ofAxis: axis, rank: rank)
      try require(
        !mask[place], "axes \(list) name axis \(place) of shape \(shape) twice; name it once")
      mask[place] = true
    }
    return mask
  }

  /// What is known of the result's shape.
  ///
  /// - Throws: as ``mask(of:rank:)``.
  func result(of shape: Shape) throws(TensorError) -> Shape {
    guard let rank = shape.rankIfKnown else {
      if let list, Set(list).count < list.count {
        throw TensorError(.invalidArgument, "axes \(list) name an axis twice; name it once")
      }
      return list == nil && !keepDims ? .scalar : .unknown
    }
    var extents: [Extent] = []
    for (axis, isReduced) in try mask(of: shape, rank: rank).enumerated() {
      if !isReduced || keepDims { extents.append(isReduced ? 1 : shape.extent(at: axis)) }
    }
    return Shape(extents: extents)
  }

  /// The shape of the result had its axes been kept, given the shape of what was reduced.
  func kept(of shape: Shape) throws(TensorError) -> Shape {
    try ReductionAxes(list, keepDims: true).result(of: shape)
  }

  /// The attributes for the printed graph: only those that are not the default.
  var attributes: [(name: String, value: String)] {
    (list.map { [("axes", "\($0)")] } ?? []) + (keepDims ? [("keepDims", "true")] : [])
  }

  /// Refuses empty axes, for a reduction that has no result for no elements.
  ///
  /// - Throws: `TensorError` (`invalidArgument`), naming the axis.
  func expectElements(in shape: Shape, for name: String) throws(TensorError) {
    guard let rank = shape.rankIfKnown else { return }
    for (axis, isReduced) in try mask(of: shape, rank: rank).enumerated() where isReduced {
      try require(
        shape[ifKnown: axis] != 0,
        "axis \(axis) of shape \(shape) has no elements, and \(name) of none has no value; reduce "
          + "other axes, or leave out empty tensors")
    }
  }
}

extension Shape {
  /// The number of an axis that may be counted from the end.
  ///
  /// - Throws: `TensorError` (`invalidArgument`) when the rank has no such axis.
  func place(ofAxis axis: Int, rank: Int) throws(TensorError) -> Int {
    try require(
      axis >= -rank && axis < rank,
      rank == 0
        ? "axis \(axis) was named of a scalar, whose rank is 0 and which has no axes"
        : "axis \(axis) is out of range for rank \(rank), shape \(self); "
          + "name one of \(-rank)...\(rank - 1)")
    return axis < 0 ? axis + rank : axis
  }
}

extension ReductionAxes {
  /// The number of elements that are reduced to one, for a fully known shape.
  func reducedCount(of shape: Shape) throws(TensorError) -> Int {
    let extents = try shape.extents
    let mask = try mask(of: shape, rank: extents.count)
    return zip(extents, mask).reduce(1) { $1.1 ? $0 &* $1.0 : $0 }
  }
}

extension Int {
  /// The number minus `ddof`, limited to the range of numbers that are not negative.
  func less(_ ddof: Int) -> Int {
    let (difference, isTooMuch) = subtractingReportingOverflow(ddof)
    return isTooMuch ? .max : Swift.max(difference, 0)
  }
}
