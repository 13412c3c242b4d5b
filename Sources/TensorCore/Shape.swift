/// The extents of a tensor, as far as they are known.
///
/// The shape of a tensor that holds values is known in full. Inside a graph an extent may be nil
/// (`[nil, 3]`) or a name (`Shape(extents: ["batch", 3])`), and the rank itself may be open
/// (``Shape/unknown``).
///
/// ```swift
/// let matrix: Shape = [2, 3]
/// let batch: Shape = [nil, 3]
/// matrix.fits(batch)  // true
/// ```
///
/// See <https://www.tensorflow.org/api_docs/python/tf/TensorShape>.
public struct Shape: Sendable {
  /// One number for each axis, as in ``Extent``: negative where the extent is unknown; nil when the
  /// rank is unknown.
  let raw: [Int]?

  init(raw: [Int]?) {
    self.raw = raw
  }

  /// A shape with these extents; nil stands for one that is not known.
  ///
  /// - Precondition: no extent is negative.
  public init(_ extents: [Int?]) {
    raw = extents.map { extent in
      guard let extent else { return -1 }
      precondition(extent >= 0, "Shape: extent \(extent) is negative; nil stands for unknown")
      return extent
    }
  }

  /// A fully known shape with these extents.
  ///
  /// - Precondition: no extent is negative.
  public init(_ extents: [Int]) {
    precondition(
      extents.allSatisfy { $0 >= 0 }, "Shape: an extent of \(extents) is negative")
    raw = extents
  }

  /// A shape with these extents: each is a number, a name, or nil.
  ///
  /// ```swift
  /// Shape(extents: ["batch", Extent(width), nil])
  /// ```
  public init(extents: [Extent]) {
    raw = extents.map(\.raw)
  }

  /// The shape of unknown rank.
  public static let unknown = Shape(raw: nil)

  /// The shape of a scalar: rank 0, one element.
  public static let scalar = Shape(raw: [])

  /// A shape of this rank whose extents are all unknown.
  public static func unknown(rank: Int) -> Shape {
    Shape(raw: Array(repeating: -1, count: rank))
  }

  /// The number of axes, or nil when it is not known.
  public var rankIfKnown: Int? { raw?.count }

  /// The number of axes, which is known where a tensor has a value.
  ///
  /// If it is not known while a graph is traced, the trace throws `failedPrecondition` when its closure
  /// has returned; until then the number is 1.
  ///
  /// - Precondition: outside of a trace, the rank is known.
  public var rank: Int {
    raw?.count ?? UnknownExtent.reported("rank", of: self, instead: "rankIfKnown")
  }

  /// The extent of one axis, nil when it is not known; a negative axis counts from the end.
  ///
  /// - Precondition: `axis` lies in `-rank ..< rank`, if the rank is known.
  public subscript(ifKnown axis: Int) -> Int? { extent(at: axis).number }

  /// The extent of one axis, which is known where a tensor has a value; a negative axis counts from
  /// the end.
  ///
  /// If it is not known while a graph is traced, the trace throws `failedPrecondition` when its closure
  /// has returned; until then the number is 1.
  ///
  /// - Precondition: `axis` lies in `-rank ..< rank`; outside of a trace, the extent is known.
  public subscript(axis: Int) -> Int {
    if let raw, !(-raw.count..<raw.count ~= axis) {
      return UnknownExtent.reported(
        "axis \(axis) was asked of a tensor of shape \(self), which has no such axis")
    }
    return extent(at: axis).number
      ?? UnknownExtent.reported("extent \(axis)", of: self, instead: "shape[ifKnown: \(axis)]")
  }

  /// The extent of one axis, with its name.
  ///
  /// It is unknown when the rank is. A negative axis counts from the end.
  ///
  /// - Precondition: `axis` lies in `-rank ..< rank`, if the rank is known.
  public func extent(at axis: Int) -> Extent {
    guard let raw else { return .unknown }
    precondition(-raw.count..<raw.count ~= axis, "Shape: \(self) has no axis \(axis)")
    return Extent(raw: raw[axis < 0 ? axis + raw.count : axis])
  }

  /// The extents of all axes, with their names; nil when the rank is unknown.
  public var axes: [Extent]? { raw?.map(Extent.init(raw:)) }

  /// Whether rank and all extents are known.
  public var isFullyKnown: Bool {
    guard let raw else { return false }
    return raw.allSatisfy { $0 >= 0 }
  }

  /// All extents.
  ///
  /// - Throws: `TensorError` (`failedPrecondition`) when one is not known.
  public var extents: [Int] {
    get throws(TensorError) {
      guard let raw, isFullyKnown else {
        throw TensorError(
          .failedPrecondition, "shape \(self) is not fully known before the graph runs")
      }
      return raw
    }
  }

  /// The extents of a shape that is known in full, as a tensor with values has it.
  package var knownExtents: [Int] {
    guard let raw else { preconditionFailure("Shape: the rank is not known") }
    return raw
  }

  /// The number of elements, nil when an extent is not known or the number does not fit an `Int`.
  public var countIfKnown: Int? { try? elementCount }

  /// The number of elements, which is known where a tensor has a value.
  ///
  /// If it is not known while a graph is traced, the trace throws `failedPrecondition` when its closure
  /// has returned; until then the number is 1.
  ///
  /// - Precondition: outside of a trace, all extents are known; the number fits an `Int`.
  public var count: Int {
    precondition(
      countIfKnown != nil || !isFullyKnown, "Shape: a tensor of shape \(self) is too large")
    return countIfKnown
      ?? UnknownExtent.reported("number of elements", of: self, instead: "countIfKnown")
  }
}

extension Shape: ExpressibleByArrayLiteral {
  /// The shape with these extents; nil stands for one that is not known.
  public init(arrayLiteral elements: Int?...) {
    self.init(elements)
  }
}

extension Shape: Hashable {
  /// Whether both have the same rank and extents, or both unknown ones; names are compared by their
  /// text.
  public static func == (a: Shape, b: Shape) -> Bool {
    a.raw == b.raw || a.scoped(to: 0).raw == b.scoped(to: 0).raw
  }

  /// Hashes the rank and the extents.
  public func hash(into hasher: inout Hasher) { hasher.combine(scoped(to: 0).raw) }
}

extension Shape: CustomStringConvertible {
  /// `[2, 3]`, `[?, 3]`, `[batch, 3]`, `[]` for a scalar, `[...]` when the rank is unknown.
  public var description: String {
    guard let axes else { return "[...]" }
    return "[" + axes.map(\.description).joined(separator: ", ") + "]"
  }
}
