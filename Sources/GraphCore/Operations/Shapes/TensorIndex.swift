public import TensorCore

/// What may stand between the brackets of `x[...]`, one for each axis: a position, a range of
/// positions, a tensor of positions, or what names no axis, ``AxisIndex/ellipsis`` and `newAxis`.
///
/// ```swift
/// x[0]                          // one position: the axis is removed
/// x[-1]                         // counted from the end
/// x[1..<3], x[1...], x[..<(-1)] // ranges, also with negative ends, cut to the axis as NumPy's
/// x[.slice(from: 4, to: 1, by: -2), stride(from: 0, to: 6, by: 2)]
/// x[..., 0], x[0, .ellipsis, 0] // all axes between
/// x[.newAxis, .all]             // an axis of extent 1; the whole axis
/// x[positions]                  // gathered along the axis; a scalar removes the axis
/// ```
///
/// Swift's ranges do not begin after they end: `1 ..< -1` stops the program, in Swift itself. Say
/// `.slice(from: 1, to: -1)`.
///
/// See <https://numpy.org/doc/stable/user/basics.indexing.html>.
public protocol TensorIndex {
  /// The index in the one form that tensors understand.
  var axisIndex: AxisIndex { get }
}

/// An index of one axis, or of none.
public struct AxisIndex: TensorIndex, Sendable {
  enum Kind: Sendable {
    case item(SliceItem)
    case gathered(Tensor)
    case invalid(String)
  }

  let kind: Kind

  init(_ kind: Kind) { self.kind = kind }

  /// The index itself.
  public var axisIndex: AxisIndex { self }
}

extension TensorIndex where Self == AxisIndex {
  /// As many whole axes as the other indices leave; at most once.
  public static var ellipsis: AxisIndex { AxisIndex(.item(.ellipsis)) }

  /// A new axis of extent 1.
  public static var newAxis: AxisIndex { AxisIndex(.item(.newAxis)) }

  /// The whole axis.
  public static var all: AxisIndex { .slice() }

  /// The last of the axis's positions, `count` of them or all there are; none when negative.
  public static func last(_ count: Int) -> AxisIndex {
    count > 0 ? .slice(from: -count) : .slice(from: 0, to: 0)
  }

  /// Every `step`-th position from `start` to before `end`: Python's `start:end:step`, with nil for
  /// what is left out there.
  ///
  /// Negative ends count from the end of the axis; those beyond it are cut. A step of 0 is refused
  /// when the index is used.
  public static func slice(from start: Int? = nil, to end: Int? = nil, by step: Int = 1)
    -> AxisIndex
  {
    AxisIndex(.item(.range(from: start, to: end, by: step)))
  }
}

extension Int: TensorIndex {
  /// One position; a negative one counts from the end.
  public var axisIndex: AxisIndex { AxisIndex(.item(.position(self))) }
}

extension Range: TensorIndex where Bound == Int {
  /// The positions from the lower bound to before the upper one.
  public var axisIndex: AxisIndex { .slice(from: lowerBound, to: upperBound) }
}

extension ClosedRange: TensorIndex where Bound == Int {
  /// The positions from the lower bound to the upper one.
  public var axisIndex: AxisIndex { .slice(from: lowerBound, to: upperBound.after) }
}

extension PartialRangeFrom: TensorIndex where Bound == Int {
  /// The positions from the bound on.
  public var axisIndex: AxisIndex { .slice(from: lowerBound) }
}

extension PartialRangeUpTo: TensorIndex where Bound == Int {
  /// The positions before the bound.
  public var axisIndex: AxisIndex { .slice(to: upperBound) }
}

extension PartialRangeThrough: TensorIndex where Bound == Int {
  /// The positions up to the bound, with it.
  public var axisIndex: AxisIndex { .slice(to: upperBound.after) }
}

extension StrideTo: TensorIndex where Element == Int {
  /// The positions of the stride, which must not pass from 0 to -1 or back.
  public var axisIndex: AxisIndex { AxisIndex(stride: Mirror(reflecting: self), isThrough: false) }
}

extension StrideThrough: TensorIndex where Element == Int {
  /// The positions of the stride, which must not pass from 0 to -1 or back.
  public var axisIndex: AxisIndex { AxisIndex(stride: Mirror(reflecting: self), isThrough: true) }
}

extension Tensor: TensorIndex {
  /// The positions that the tensor holds, as in `gather`.
  public var axisIndex: AxisIndex { AxisIndex(.gathered(self)) }
}

extension Int {
  /// The position behind this one, nil behind the last.
  fileprivate var after: Int? { self == -1 || self == .max ? nil : self + 1 }
}

extension AxisIndex {
  /// A stride, whose ends Swift shows in its mirror only.
  fileprivate init(stride mirror: Mirror, isThrough: Bool) {
    let ends = mirror.children.compactMap { $0.value as? Int }
    guard ends.count == 3, ends[2] != 0, ends[2] != .min else {
      kind = .invalid("a stride of Int was expected; use .slice(from:to:by:)")
      return
    }
    let (start, step) = (ends[0], ends[2])
    // No axis is longer than this; larger positions are cut to the axis anyway.
    let far = Int.max / 4
    let end = Swift.min(Swift.max(ends[1], -far), far)
    let distance = (end - Swift.min(Swift.max(start, -far), far)) * (step > 0 ? 1 : -1)
    guard isThrough ? distance >= 0 : distance > 0 else {
      kind = .item(.range(from: 0, to: 0, by: 1))
      return
    }
    let last = start + (distance - (isThrough ? 0 : 1)) / Swift.abs(step) * step
    guard (start < 0) == (last < 0) else {
      kind = .invalid(
        "the stride from \(start) to \(last) by \(step) passes from the end of the axis to its "
          + "beginning; use .slice(from:to:by:)")
      return
    }
    let behind = last + (step > 0 ? 1 : -1)
    let isOpen = (behind < 0) != (last < 0)
    kind = .item(.range(from: start, to: isOpen ? nil : behind, by: step))
  }
}
