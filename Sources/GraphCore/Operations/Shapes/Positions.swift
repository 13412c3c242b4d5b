internal import TensorCore

extension TensorSpec {
  /// Refuses what cannot be positions along an axis.
  func expectPositions() throws {
    try require(
      dtype.isInteger,
      spelled: dtype == .bool
        ? """
        positions are whole numbers, not bool; for those where a condition holds, give \
        \(swift: "nonZero", python: "numpyfn.nonzero")(condition), or choose with \
        \(swift: "select", python: "numpyfn.where")
        """
        : "positions are whole numbers, not \(dtype); convert with \(Message.asType(.int64))")
  }
}

extension Tensor {
  /// The positions that the tensor holds, counted from the first of an axis of this extent.
  ///
  /// - Throws: `TensorError` (`outOfRange`) naming the first one that is not there.
  func positions(alongAxis axis: Int, extent: Int) throws -> [Int] {
    var positions = try wholeNumbers()
    for place in positions.indices {
      let position = positions[place]
      guard position >= -extent && position < extent else {
        let given = try dtype == .uint64 ? "\(scalars(as: UInt64.self)[place])" : "\(position)"
        throw TensorError(
          .outOfRange,
          "position \(given), element \(place) of the indices, is not on axis \(axis), whose extent "
            + "is \(extent)")
      }
      if position < 0 { positions[place] = position + extent }
    }
    return positions
  }
}

/// What indexing along one axis makes of a tensor's elements: blocks of `run` elements that lie
/// together, `extent` of them along the axis, and this `outer` times.
struct AxisBlocks {
  let outer: Int
  let extent: Int
  let run: Int

  init(_ extents: [Int], axis: Int) {
    outer = extents[..<axis].reduce(1, *)
    extent = extents[axis]
    run = extents[(axis + 1)...].reduce(1, *)
  }
}
