// Shape inference. Names are compared within their own graph only, by their codes; see ExtentName.

extension Shape {
  /// Whether a value of this shape may stand where `other` was declared: ranks and extents agree
  /// wherever both are known.
  ///
  /// A name fits any number.
  public func fits(_ other: Shape) -> Bool {
    guard let raw, let otherRaw = other.raw else { return true }
    guard raw.count == otherRaw.count else { return false }
    return zip(raw, otherRaw).allSatisfy { $0 == $1 || $0 < 0 || $1 < 0 }
  }

  /// The shape of an elementwise operation's result on these two shapes, by NumPy's rule.
  ///
  /// An unknown extent stays unknown against 1 or unknown, and takes the other's number otherwise.
  /// So does a name, which stays itself against 1 or itself; against another name, or unknown, it is
  /// unknown, since either may be 1. See
  /// <https://numpy.org/doc/stable/user/basics.broadcasting.html>.
  ///
  /// - Throws: `TensorError` (`invalidArgument`) naming both shapes when they do not broadcast.
  public func broadcast(with other: Shape) throws(TensorError) -> Shape {
    guard let raw, let otherRaw = other.raw else { return .unknown }
    let rank = max(raw.count, otherRaw.count)
    var result = [Int](repeating: 1, count: rank)
    for axis in 0..<rank {
      let a = axis < rank - raw.count ? 1 : raw[axis - (rank - raw.count)]
      let b = axis < rank - otherRaw.count ? 1 : otherRaw[axis - (rank - otherRaw.count)]
      switch (a, b) {
      case _ where a == b: result[axis] = a
      case (1, _): result[axis] = b
      case (_, 1): result[axis] = a
      case (..<0, ..<0): result[axis] = -1
      case (..<0, _): result[axis] = b
      case (_, ..<0): result[axis] = a
      default:
        throw TensorError(
          .invalidArgument,
          "shapes \(self) and \(other) do not broadcast: axis \(axis - rank) has \(a) and \(b); "
            + "extents must be equal or 1")
      }
    }
    return Shape(raw: result)
  }

  /// The combined knowledge of both shapes, for one tensor; nil when they contradict each other.
  package func intersection(_ other: Shape) -> Shape? {
    guard fits(other) else { return nil }
    guard let raw, let otherRaw = other.raw else { return self.raw == nil ? other : self }
    return Shape(
      raw: zip(raw, otherRaw).map { a, b in
        if a >= 0 || b >= 0 { return max(a, b) }
        return a == -1 ? b : a
      })
  }

  /// The knowledge that both shapes share, for a tensor that has one of them.
  package func union(_ other: Shape) -> Shape {
    guard let raw, let otherRaw = other.raw, raw.count == otherRaw.count else { return .unknown }
    return Shape(raw: zip(raw, otherRaw).map { $0 == $1 ? $0 : -1 })
  }

  /// Whether values of these shapes in one graph certainly have the same shape: each extent is the
  /// same number, or the same name.
  package func isSurelyEqual(to other: Shape) -> Bool {
    guard let raw else { return false }
    return raw == other.raw && !raw.contains(-1)
  }
}

// MARK: - Names

extension Shape {
  /// Whether an extent has a name.
  package var hasNames: Bool { raw?.contains { $0 < -1 } ?? false }

  /// The scope of the names, which is a graph; nil when there are no names.
  package var scope: Int? { raw?.lazy.compactMap { ExtentName(raw: $0)?.scope }.first }

  /// The shape with an unknown extent in place of each name.
  package var withoutNames: Shape {
    hasNames ? Shape(raw: raw?.map { $0 < -1 ? -1 : $0 }) : self
  }

  /// The same shape with its names in the scope of another graph.
  package func scoped(to scope: Int) -> Shape {
    guard hasNames else { return self }
    return Shape(raw: raw?.map { ExtentName(raw: $0)?.scoped(to: scope).raw ?? $0 })
  }

  /// The shape as seen in the graph with this scope: names of other graphs are unknown extents.
  package func inScope(_ scope: Int) -> Shape {
    guard hasNames else { return self }
    return Shape(
      raw: raw?.map { raw in
        guard let name = ExtentName(raw: raw) else { return raw }
        return name.scope == scope ? raw : -1
      })
  }

  /// The shape without the names where `other` knows nothing.
  package func droppingNames(unknownTo other: Shape) -> Shape {
    guard hasNames, let raw, let otherRaw = other.raw, raw.count == otherRaw.count else {
      return self
    }
    return Shape(raw: zip(raw, otherRaw).map { $0 < -1 && $1 == -1 ? -1 : $0 })
  }
}
