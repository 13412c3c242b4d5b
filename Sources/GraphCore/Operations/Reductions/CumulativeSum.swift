public import TensorCore

/// The sums of the elements along an axis up to each of them.
struct CumulativeSum: OneResultOperation, ElementVisitor {
  let axis: Int

  /// Whether the element itself is left out.
  let exclusive: Bool

  /// Whether the sums begin at the end of the axis.
  let reverse: Bool

  let name = "cumulativeSum"

  func check(_ inputs: [TensorSpec]) throws {
    try inputs.expectNumbers(for: self)
    let shape = inputs[0].shape
    if let rank = shape.rankIfKnown { _ = try shape.place(ofAxis: axis, rank: rank) }
  }

  func dtype(of operand: DType) -> DType { operand.total }

  func run(_ inputs: consuming [Tensor]) throws -> [Tensor] {
    [try visit(inputs[0].dtype, inputs[0])]
  }

  func visit<T: KernelElement>(_ type: T.Type, _ tensor: Tensor) throws -> Tensor {
    let (shape, dtype) = (tensor.shape, tensor.dtype.total)
    let (result, target) = try Tensor.uninitialized(shape, dtype)
    let extents = shape.knownExtents
    let axis = try shape.place(ofAxis: axis, rank: extents.count)
    let total = try shape.elementCount
    if total == 0 { return result }
    let (rows, inner) = (extents[axis], extents[(axis + 1)...].reduce(1, *))
    let width = Swift.min(inner, 256)
    let columns = (inner + width - 1) / width
    let (source, offset) = try tensor.stored
    let x = unsafe UnsafePointer((source.base + offset).assumingMemoryBound(to: T.self))
    let sums = unsafe target.base.assumingMemoryBound(to: T.Total.self)
    Parallel.forEachPiece(of: total / rows / inner * columns, work: total) { index in
      let column = index % columns * width
      let start = index / columns * rows * inner + column
      unsafe add(
        x + start, rows, stride: inner, width: Swift.min(width, inner - column),
        into: sums + start, T.self)
    }
    withExtendedLifetime(source) {}
    return result
  }

  private func add<T: KernelElement>(
    _ x: UnsafePointer<T>, _ rows: Int, stride: Int, width: Int,
    into sums: UnsafeMutablePointer<T.Total>, _: T.Type
  ) {
    // Negative, so that the sum of a negative zero alone is one.
    let start = exclusive ? T.Wide.zero : T.Wide.negative(.zero)
    unsafe withUnsafeTemporaryAllocation(of: T.Wide.self, capacity: width) {
      let running = unsafe $0.baseAddress.unsafelyUnwrapped
      for i in 0..<width { unsafe (running + i).initialize(to: start) }
      for step in 0..<rows {
        let row = (reverse ? rows - 1 - step : step) * stride
        for i in 0..<width {
          let before = unsafe running[i]
          let after = unsafe T.Wide.sum(before, x[row + i].wide)
          unsafe running[i] = after
          unsafe (sums + row + i).initialize(to: T.total(exclusive ? before : after))
        }
      }
    }
  }

  func gradients(for request: GradientRequest) throws -> [Tensor?] {
    let adjoint = CumulativeSum(axis: axis, exclusive: exclusive, reverse: !reverse)
    return [try adjoint.result(of: request.upstream)]
  }

  var attributes: [(name: String, value: String)] {
    [("axis", "\(axis)")] + (exclusive ? [("exclusive", "true")] : [])
      + (reverse ? [("reverse", "true")] : [])
  }
}

extension Tensor {
  /// The sums of the elements along an axis up to each of them, or from it on with `reverse`; with
  /// `exclusive` the element itself is left out.
  ///
  /// The shape stays, the dtype is that of ``sum(axis:axes:keepDims:file:line:)``. See
  /// <https://numpy.org/doc/stable/reference/generated/numpy.cumulative_sum.html> and, for the two
  /// options, <https://www.tensorflow.org/api_docs/python/tf/math/cumsum>.
  ///
  /// ```swift
  /// let x = try Tensor([1, 2, 4])
  /// try x.cumulativeSum(axis: 0)  // [1 3 7]
  /// try x.cumulativeSum(axis: 0, exclusive: true)  // [0 1 3]
  /// try x.cumulativeSum(axis: 0, reverse: true)  // [7 6 4]
  /// ```
  ///
  /// - Throws: `OperationError` (`invalidArgument`) when the axis is out of range, or the elements are
  ///   strings.
  public func cumulativeSum(
    axis: Int, exclusive: Bool = false, reverse: Bool = false, file: String = #fileID,
    line: Int = #line
  ) throws -> Tensor {
    try CumulativeSum(axis: axis, exclusive: exclusive, reverse: reverse).result(
      of: self, file: file, line: line)
  }
}
