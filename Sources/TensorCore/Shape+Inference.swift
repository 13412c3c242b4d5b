// What follows of shapes before there are values. A name is taken for what it is only within its
// own graph, by its code; see ExtentName.

extension Shape {
  /// Whether a value of this shape may stand where `other` was declared: ranks and extents agree
  /// wherever both are known.
  ///
  /// A name may be any number.
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

  /// What is known when both are known of one tensor; nil when they contradict each other.
  package func intersection(_ other: Shape) -> Shape? {
    guard fits(other) else { return nil }
    guard let raw, let otherRaw = other.raw else { return self.raw == nil ? other : self }
    return Shape(
      raw: zip(raw, otherRaw).map { a, b in
        if a >= 0 || b >= 0 { return max(a, b) }
        return a == -1 ? b : a
      })
  }

  /// What is known when a tensor is of either shape.
  package func union(_ other: Shape) -> Shape {
    guard let raw, let otherRaw = other.raw, raw.count == otherRaw.count else { return .unknown }
    return Shape(raw: zip(raw, otherRaw).map { $0 == $1 ? $0 : -1 })
  }

  /// Whether values of these shapes, in one graph, will have one shape for certain: each extent is
  /// the same number, or the same name.
  package func isSurelyEqual(to other: Shape) -> Bool {
    guard let raw else { return false }
    return raw == other.raw && !raw.contains(-1)
  }
}

// MARK: - Names

extension Shape {
  /// Whether an extent has a name.
  package var hasNames: Bool { raw?.contains { $0 < -1 } ?? false }

  /// The graph in which the names mean something; nil when there are none.
  package var scope: Int? { raw?.lazy.compactMap { ExtentName(raw: $0)?.scope }.first }

  /// The shape with nothing known where there are names.
  package var withoutNames: Shape {
    hasNames ? Shape(raw: raw?.map { $0 < -1 ? -1 : $0 }) : self
  }

  /// The same names, as those of the graph with this scope.
  package func scoped(to scope: Int) -> Shape {
    guard hasNames else { return self }
    return Shape(raw: raw?.map { ExtentName(raw: $0)?.scoped(to: scope).raw ?? $0 })
  }

  /// What is known in the graph with this scope: names of other graphs say nothing there.
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
