internal import TensorCore

/// How to walk two contiguous tensors so that their elements pair up by NumPy's broadcasting rule:
/// rows of one loop each, and around them as few axes as possible.
///
/// See <https://numpy.org/doc/stable/user/basics.broadcasting.html>.
struct Broadcast {
  /// One loop; strides are in elements, and 0 where an element is used again.
  struct Axis {
    var count: Int
    let aStride: Int
    let bStride: Int
  }

  /// The innermost loop.
  let row: Axis

  /// The loops around it, innermost first.
  let outer: [Axis]

  /// The walk for operands of these extents, which broadcast to `result`.
  init(_ a: [Int], _ b: [Int], result: [Int]) {
    let (aCount, bCount) = (a.reduce(1, *), b.reduce(1, *))
    if a == b {
      self.init(row: Axis(count: aCount, aStride: 1, bStride: 1))
    } else if aCount == 1 && result.count == b.count {
      self.init(row: Axis(count: bCount, aStride: 0, bStride: 1))
    } else if bCount == 1 && result.count == a.count {
      self.init(row: Axis(count: aCount, aStride: 1, bStride: 0))
    } else {
      let axes = Self.merged(a, b, result)
      self.init(row: axes.first ?? Axis(count: 1, aStride: 0, bStride: 0), outer: axes.dropFirst())
    }
  }

  private init(row: Axis, outer: ArraySlice<Axis> = []) {
    self.row = row
    self.outer = Array(outer)
  }

  /// The axes of more than one element, innermost first; neighbours that both operands pass
  /// through in one stride are one axis.
  private static func merged(_ a: [Int], _ b: [Int], _ result: [Int]) -> [Axis] {
    var axes: [Axis] = []
    var (aStep, bStep) = (1, 1)
    for (axis, count) in result.enumerated().reversed() {
      let aExtent = axis < result.count - a.count ? 1 : a[axis - (result.count - a.count)]
      let bExtent = axis < result.count - b.count ? 1 : b[axis - (result.count - b.count)]
      if count == 1 { continue }
      let aStride = aExtent == 1 ? 0 : aStep
      let bStride = bExtent == 1 ? 0 : bStep
      if let inner = axes.last, aStride == inner.aStride * inner.count,
        bStride == inner.bStride * inner.count
      {
        axes[axes.count - 1].count *= count
      } else {
        axes.append(Axis(count: count, aStride: aStride, bStride: bStride))
      }
      aStep *= aExtent
      bStep *= bExtent
    }
    return axes
  }

  /// Calls `body` for each row with the offsets, in elements, at which it begins in the operands
  /// and in the result.
  ///
  /// - Precondition: the result is not empty.
  @inline(__always)
  func forEachRow(_ body: (_ a: Int, _ b: Int, _ result: Int) -> Void) {
    body(0, 0, 0)
    if outer.isEmpty { return }
    var index = [Int](repeating: 0, count: outer.count)
    var (a, b, result) = (0, 0, 0)
    while advance(&index, &a, &b) {
      result += row.count
      body(a, b, result)
    }
  }

  /// Steps to the next row, as an odometer does; false after the last.
  private func advance(_ index: inout [Int], _ a: inout Int, _ b: inout Int) -> Bool {
    for (axis, loop) in outer.enumerated() {
      index[axis] += 1
      a += loop.aStride
      b += loop.bStride
      if index[axis] < loop.count { return true }
      index[axis] = 0
      a -= loop.aStride * loop.count
      b -= loop.bStride * loop.count
    }
    return false
  }
}
