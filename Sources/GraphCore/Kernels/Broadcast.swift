internal import TensorCore

/// How to walk up to three contiguous tensors so that their elements pair up by NumPy's
/// broadcasting rule: rows of one loop each, and around them as few axes as possible.
///
/// See <https://numpy.org/doc/stable/user/basics.broadcasting.html>.
struct Broadcast {
  /// Offsets in elements, one for each tensor.
  typealias Offsets = SIMD4<Int>

  /// One loop; strides are in elements, and 0 where an element is used again.
  struct Axis {
    var count: Int
    let strides: Offsets
  }

  /// The loops, innermost first; the strides of the innermost are 0 or 1.
  private let axes: [Axis]

  /// The walk for operands of these extents, which broadcast to `result`.
  ///
  /// Neighbouring axes with one common stride in all operands are merged into one axis.
  init(_ a: [Int], _ b: [Int], _ c: [Int] = [], result: [Int]) {
    var axes: [Axis] = []
    axes.reserveCapacity(max(result.count, 1))
    var steps = Offsets(1, 1, 1, 0)
    for axis in result.indices.reversed() where result[axis] != 1 {
      let fromEnd = result.count - axis
      let extents = Offsets(
        Self.extent(a, fromEnd), Self.extent(b, fromEnd), Self.extent(c, fromEnd), 1)
      let strides = steps.replacing(with: 0, where: extents .== 1)
      steps &*= extents
      if let inner = axes.last, strides == inner.strides &* Offsets(repeating: inner.count) {
        axes[axes.count - 1].count *= result[axis]
      } else {
        axes.append(Axis(count: result[axis], strides: strides))
      }
    }
    if axes.isEmpty { axes.append(Axis(count: 1, strides: Offsets(repeating: 0))) }
    self.axes = axes
  }

  /// The strides of a single loop over all elements; nil unless each operand has the result's shape
  /// or one element.
  static func flatStrides(_ a: Shape, _ b: Shape, _ c: Shape, to result: Shape) -> Offsets? {
    func stride(of operand: Shape) -> Int? {
      operand == result ? 1 : operand.hasOneElement ? 0 : nil
    }
    guard let a = stride(of: a), let b = stride(of: b), let c = stride(of: c) else { return nil }
    return Offsets(a, b, c, 0)
  }

  private static func extent(_ extents: [Int], _ fromEnd: Int) -> Int {
    fromEnd > extents.count ? 1 : extents[extents.count - fromEnd]
  }

  /// From one element of a row to the next.
  var strides: Offsets { axes[0].strides }

  /// Calls `body` for each row, or part of one, of the elements `range` of the result: with the
  /// offsets at which it begins in the operands, with the element of the result at which it begins,
  /// and with the number of elements.
  ///
  /// - Precondition: the result is not empty.
  @inline(__always)
  func forEachRow(
    in range: Range<Int>, _ body: (_ offsets: Offsets, _ result: Int, _ count: Int) -> Void
  ) {
    let row = axes[0]
    var element = range.lowerBound
    var skipped = element % row.count
    // Two axes, the usual case, need no list of indices.
    var (index, offsets) =
      axes.count > 2 || element >= row.count
      ? position(ofRow: element / row.count) : ([], Offsets(repeating: 0))
    while element < range.upperBound {
      let count = min(row.count - skipped, range.upperBound - element)
      body(offsets &+ row.strides &* Offsets(repeating: skipped), element, count)
      (element, skipped) = (element + count, 0)
      if axes.count == 2 { offsets &+= axes[1].strides } else { advance(&index, &offsets) }
    }
  }

  /// The indices along the outer axes at which a row is, and where it begins in the operands.
  private func position(ofRow row: Int) -> (index: [Int], offsets: Offsets) {
    var rest = row
    var offsets = Offsets(repeating: 0)
    let index = axes.dropFirst().map { axis in
      let index = rest % axis.count
      rest /= axis.count
      offsets &+= axis.strides &* Offsets(repeating: index)
      return index
    }
    return (index, offsets)
  }

  /// Steps to the next row.
  private func advance(_ index: inout [Int], _ offsets: inout Offsets) {
    for axis in index.indices {
      let loop = axes[axis + 1]
      index[axis] += 1
      offsets &+= loop.strides
      if index[axis] < loop.count { return }
      index[axis] = 0
      offsets &-= loop.strides &* Offsets(repeating: loop.count)
    }
  }
}

extension Shape {
  /// Whether each extent is 1.
  var hasOneElement: Bool {
    for extent in knownExtents where extent != 1 { return false }
    return true
  }
}
