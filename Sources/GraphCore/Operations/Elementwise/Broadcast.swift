internal import TensorCore

/// How to walk up to three contiguous tensors so that their elements pair up by NumPy's
/// broadcasting rule: rows of one loop each, and around them as few axes as possible.
///
/// See <https://numpy.org/doc/stable/user/basics.broadcasting.html>.
struct Broadcast {
  /// Numbers of elements, one a tensor.
  typealias Offsets = SIMD4<Int>

  /// One loop; strides are in elements, and 0 where an element is used again.
  struct Axis {
    var count: Int
    let strides: Offsets
  }

  /// The innermost loop; its strides are 0 or 1.
  let row: Axis

  /// The loops around it, innermost first.
  let outer: [Axis]

  /// The walk for operands of these extents, which broadcast to `result`.
  ///
  /// Neighbouring axes that all operands pass through in one stride are one axis.
  init(_ operands: [[Int]], result: [Int]) {
    var axes: [Axis] = []
    var steps = Offsets(repeating: 1)
    for (axis, count) in result.enumerated().reversed() where count != 1 {
      var strides = Offsets(repeating: 0)
      for (index, extents) in operands.enumerated() {
        let own = axis - (result.count - extents.count)
        guard own >= 0, extents[own] != 1 else { continue }
        strides[index] = steps[index]
        steps[index] *= extents[own]
      }
      if let inner = axes.last, strides == inner.strides &* Offsets(repeating: inner.count) {
        axes[axes.count - 1].count *= count
      } else {
        axes.append(Axis(count: count, strides: strides))
      }
    }
    row = axes.first ?? Axis(count: 1, strides: Offsets(repeating: 0))
    outer = Array(axes.dropFirst())
  }

  /// Calls `body` for each row, or part of one, of the elements `range` of the result: with the
  /// offsets at which it begins in the operands, with the element of the result at which it begins,
  /// and with the number of elements.
  @inline(__always)
  func forEachRow(
    in range: Range<Int>, _ body: (_ offsets: Offsets, _ result: Int, _ count: Int) -> Void
  ) {
    guard !range.isEmpty else { return }
    var (index, offsets) = position(ofRow: range.lowerBound / row.count)
    var element = range.lowerBound
    var skipped = range.lowerBound % row.count
    while true {
      let count = min(row.count - skipped, range.upperBound - element)
      body(offsets &+ row.strides &* Offsets(repeating: skipped), element, count)
      element += count
      guard element < range.upperBound else { return }
      skipped = 0
      advance(&index, &offsets)
    }
  }

  /// The indices along the outer axes at which a row is, and where it begins in the operands.
  private func position(ofRow row: Int) -> (index: [Int], offsets: Offsets) {
    var rest = row
    var offsets = Offsets(repeating: 0)
    let index = outer.map { axis in
      let index = rest % axis.count
      rest /= axis.count
      offsets &+= axis.strides &* Offsets(repeating: index)
      return index
    }
    return (index, offsets)
  }

  /// Steps to the next row, as an odometer does.
  private func advance(_ index: inout [Int], _ offsets: inout Offsets) {
    for axis in outer.indices {
      index[axis] += 1
      offsets &+= outer[axis].strides
      if index[axis] < outer[axis].count { return }
      index[axis] = 0
      offsets &-= outer[axis].strides &* Offsets(repeating: outer[axis].count)
    }
  }
}
