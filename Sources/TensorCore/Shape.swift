/// The extents of a tensor, as far as they are known.
///
/// The shape of a tensor that holds values is known in full. Inside a graph an extent may be nil
/// (`[nil, 3]`), and the rank itself may be open (``Shape/unknown``).
///
/// ```swift
/// let matrix: Shape = [2, 3]
/// let batch: Shape = [nil, 3]
/// matrix.fits(batch)  // true
/// ```
///
/// See <https://www.tensorflow.org/api_docs/python/tf/TensorShape>.
public struct Shape: Hashable, Sendable {
  /// One number an axis, −1 where the extent is not known; nil when the rank is not known.
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

  /// The shape of which not even the rank is known.
  public static let unknown = Shape(raw: nil)

  /// The shape of a scalar: rank 0, one element.
  public static let scalar = Shape(raw: [])

  /// A shape of this rank whose extents are all unknown.
  public static func unknown(rank: Int) -> Shape {
    Shape(raw: Array(repeating: -1, count: rank))
  }

  /// The number of axes, or nil when it is not known.
  public var rank: Int? { raw?.count }

  /// The extent of one axis, nil when it is not known; a negative axis counts from the end.
  ///
  /// - Precondition: the rank is known and `axis` lies in `-rank ..< rank`.
  public subscript(axis: Int) -> Int? {
    guard let raw else { preconditionFailure("Shape: the rank is not known") }
    let extent = raw[axis < 0 ? axis + raw.count : axis]
    return extent < 0 ? nil : extent
  }

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
  public var count: Int? { try? elementCount }

  /// Whether a value of this shape may stand where `other` was declared: ranks and extents agree
  /// wherever both are known.
  public func fits(_ other: Shape) -> Bool {
    guard let raw, let otherRaw = other.raw else { return true }
    guard raw.count == otherRaw.count else { return false }
    return zip(raw, otherRaw).allSatisfy { $0 == $1 || $0 < 0 || $1 < 0 }
  }

  /// The shape of an elementwise operation's result on these two shapes, by NumPy's rule.
  ///
  /// An unknown extent stays unknown against 1 or unknown, and takes the other's extent otherwise.
  /// See <https://numpy.org/doc/stable/user/basics.broadcasting.html>.
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
      case (-1, _): result[axis] = b
      case (_, -1): result[axis] = a
      default:
        throw TensorError(
          .invalidArgument,
          "shapes \(self) and \(other) do not broadcast: axis \(axis - rank) has \(a) and \(b); "
            + "extents must be equal or 1")
      }
    }
    return Shape(raw: result)
  }
}

extension Shape: ExpressibleByArrayLiteral {
  /// The shape with these extents; nil stands for one that is not known.
  public init(arrayLiteral elements: Int?...) {
    self.init(elements)
  }
}

extension Shape: CustomStringConvertible {
  /// `[2, 3]`, `[?, 3]`, `[]` for a scalar, `[...]` when not even the rank is known.
  public var description: String {
    guard let raw else { return "[...]" }
    return "[" + raw.map { $0 < 0 ? "?" : String($0) }.joined(separator: ", ") + "]"
  }
}
