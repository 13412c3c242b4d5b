internal import TensorCore

/// The index of the smallest, or the greatest, element along one axis, or of all elements in
/// row-major order.
///
/// It is the index of the first NaN if there is one, otherwise that of the first of equal elements.
struct ArgExtreme: AxesReduction, ZeroGradient, ElementVisitor {
  let kind: Extreme.Kind
  let axis: Int?
  let keepDims: Bool

  var axes: ReductionAxes { ReductionAxes(axis.map { [$0] }, keepDims: keepDims) }

  var name: String { kind == .min ? "argMin" : "argMax" }

  func check(_ inputs: [TensorSpec]) throws {
    try inputs.expectOrder(for: self)
    try axes.expectElements(in: inputs[0].shape, for: name)
  }

  func dtype(of operand: DType) -> DType { .int64 }

  func run(_ inputs: consuming [Tensor]) throws -> [Tensor] {
    // First the extreme, then its position: two fast loops instead of a slow one.
    let x = inputs[0]
    try axes.expectElements(in: x.shape, for: name)
    let best = try Extreme(kind: kind, axes: axes).run([x])[0]
    return [try visit(x.dtype, (x, best))]
  }

  func visit<T: KernelElement>(
    _ type: T.Type, _ operand: (tensor: Tensor, best: Tensor)
  ) throws -> Tensor {
    let (tensor, best) = operand
    let (result, target) = try Tensor.uninitialized(best.shape, .int64)
    let (total, count) = (try tensor.shape.elementCount, try best.shape.elementCount)
    if total == 0 { return result }
    let extents = tensor.shape.knownExtents
    var layout = ReductionLayout(
      extents, mask: try axes.mask(of: tensor.shape, rank: extents.count))
    let pass =
      layout.removeInnermost()
      ?? ReductionLayout.Pass(outer: 1, reduced: 1, inner: count)
    let ((source, offset), (whole, wholeOffset)) = (try tensor.stored, try best.stored)
    let x = unsafe UnsafePointer((source.base + offset).assumingMemoryBound(to: T.self))
    let sought = unsafe UnsafePointer(
      (whole.base + wholeOffset).assumingMemoryBound(to: T.self))
    let places = unsafe target.base.assumingMemoryBound(to: Int64.self)
    Parallel.forEachPiece(of: pass.outer, work: total) { outer in
      let (row, width) = (outer * pass.inner, pass.inner)
      unsafe locate(
        sought + row, in: x + row * pass.reduced, rows: pass.reduced, width: width,
        places + row)
    }
    withExtendedLifetime((source, whole)) {}
    return result
  }

  private func locate<T: KernelElement>(
    _ sought: UnsafePointer<T>, in x: UnsafePointer<T>, rows: Int, width: Int,
    _ places: UnsafeMutablePointer<Int64>
  ) {
    if width == 1 {
      let element = unsafe sought[0]
      var row = 0
      while row < rows - 1, unsafe !T.isSame(x[row], element) { row += 1 }
      unsafe places[0] = Int64(row)
      return
    }
    // From the last row to the first, so that the first position is kept.
    for row in (0..<rows).reversed() {
      let elements = unsafe x + row * width
      for i in 0..<width {
        unsafe places[i] = T.isSame(elements[i], sought[i]) ? Int64(row) : places[i]
      }
    }
  }

  var attributes: [(name: String, value: String)] {
    (axis.map { [("axis", "\($0)")] } ?? []) + (keepDims ? [("keepDims", "true")] : [])
  }
}
