internal import TensorCore

/// One index of a slice: everything that Python's `x[...]` takes, except arrays.
///
/// See <https://numpy.org/doc/stable/user/basics.indexing.html#basic-indexing>.
enum SliceItem: Sendable, Hashable {
  /// One position of an axis; the axis is removed.
  case position(Int)
  /// Every `by`-th position; nil for an omitted part.
  case range(from: Int?, to: Int?, by: Int)
  /// A new axis of extent 1.
  case newAxis
  /// All axes that are not named.
  case ellipsis

  /// Whether the item indexes an axis of the operand.
  var takesAxis: Bool {
    switch self {
    case .position, .range: true
    case .newAxis, .ellipsis: false
    }
  }
}

extension SliceItem: CustomStringConvertible {
  /// As Python writes it.
  var description: String {
    switch self {
    case .position(let position): return "\(position)"
    case .newAxis: return "newaxis"
    case .ellipsis: return "..."
    case .range(let start, let end, let step):
      let ends = [start, end].map { $0.map(String.init) ?? "" }.joined(separator: ":")
      return step == 1 ? ends : "\(ends):\(step)"
    }
  }
}

extension [SliceItem] {
  /// The items for a tensor of this rank, one for each of its axes and new ones between.
  ///
  /// - Throws: `TensorError` when there are more than it has axes, two ellipses, or a step of 0.
  func spread(overRank rank: Int) throws -> [SliceItem] {
    try check()
    let taken = count(where: \.takesAxis)
    try require(taken <= rank, "\(taken) axes are indexed of a tensor of rank \(rank): [\(text)]")
    let rest = [SliceItem](repeating: .range(from: nil, to: nil, by: 1), count: rank - taken)
    let place = firstIndex(of: .ellipsis)
    return prefix(place ?? count) + rest + suffix(from: place.map { $0 + 1 } ?? count)
  }

  /// Refuses items that cannot index any tensor.
  func check() throws {
    try require(
      count(where: { $0 == .ellipsis }) < 2,
      "an index has one ellipsis at most, [\(text)] was given")
    for case .range(_, _, let step) in self where step == 0 {
      throw TensorError(.invalidArgument, "a slice has a step of 0: [\(text)]")
    }
  }

  /// The index as Python writes it, without its brackets.
  var text: String { map(\.description).joined(separator: ", ") }

  /// What is known of the shape of the slice.
  func slice(_ shape: Shape) throws -> Shape {
    guard let rank = shape.rankIfKnown else {
      try check()
      return .unknown
    }
    var axis = 0
    var extents: [Shape.Pick] = []
    for item in try spread(overRank: rank) {
      switch item {
      case .newAxis, .ellipsis: extents.append(.extent(1))
      case .position(let position):
        if let extent = shape[ifKnown: axis] { _ = try Self.resolved(position, extent, axis) }
      case .range(nil, nil, 1): extents.append(.axis(axis))
      case .range(let start, let end, let step):
        extents.append(
          .extent(shape[ifKnown: axis].map { Self.positions(start, end, step, extent: $0).count }))
      }
      if item.takesAxis { axis += 1 }
    }
    return shape.picking(extents)
  }

  /// The places, in a tensor of this shape, that the slice is made of.
  func pattern(in shape: Shape) throws -> Pattern {
    let (all, strides) = (shape.knownExtents, shape.knownExtents.strides)
    var pattern = Pattern(extents: [], strides: [])
    var axis = 0
    for item in try spread(overRank: all.count) {
      switch item {
      case .newAxis, .ellipsis:
        pattern.extents.append(1)
        pattern.strides.append(0)
      case .position(let position):
        pattern.start += try Self.resolved(position, all[axis], axis) * strides[axis]
      case .range(let start, let end, let step):
        let (first, count) = Self.positions(start, end, step, extent: all[axis])
        pattern.start += first * strides[axis]
        pattern.extents.append(count)
        pattern.strides.append(count > 1 ? step * strides[axis] : 0)
      }
      if item.takesAxis { axis += 1 }
    }
    return pattern
  }

  private static func resolved(_ position: Int, _ extent: Int, _ axis: Int) throws -> Int {
    try require(
      position >= -extent && position < extent, code: .outOfRange,
      "position \(position) was asked of axis \(axis), whose extent is \(extent)"
        + (extent == 0 ? "" : "; there are 0 to \(extent - 1), or \(-extent) to -1 from the end"))
    return position < 0 ? position + extent : position
  }

  /// The first position and the number of positions of a range, cut to the axis as Python cuts it.
  private static func positions(
    _ start: Int?, _ end: Int?, _ step: Int, extent: Int
  ) -> (first: Int, count: Int) {
    let (low, high) = step > 0 ? (0, extent) : (-1, extent - 1)
    func cut(_ bound: Int) -> Int {
      Swift.min(Swift.max(bound < 0 ? bound + extent : bound, low), high)
    }
    let first = start.map(cut) ?? (step > 0 ? low : high)
    let last = end.map(cut) ?? (step > 0 ? high : low)
    let distance = step > 0 ? last - first : first - last
    // Any step beyond the axis has the same effect.
    let size = step.magnitude > UInt(extent) ? Swift.max(extent, 1) : Swift.abs(step)
    return (first, distance > 0 ? (distance - 1) / size + 1 : 0)
  }
}
