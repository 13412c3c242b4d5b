public import TensorCore

/// The mean of the elements along axes.
struct Mean: AxesReduction {
  let axes: ReductionAxes

  /// What is taken from the number of elements before it divides their sum: 0, but in the gradients
  /// of variances.
  var ddof = 0

  let name = "mean"

  func dtype(of operand: DType) -> DType { operand.average }

  func run(_ inputs: consuming [Tensor]) throws -> [Tensor] {
    let x = inputs[0]
    let divisor = try axes.reducedCount(of: x.shape).less(ddof)
    switch x.dtype {
    case .bool, .int8, .int16, .int32, .uint8, .uint16, .uint32:
      // Exact: no such sum that fits in memory overflows.
      let sum = try x.total(along: axes)
      return try Divide().run([sum, Tensor(divisor).casting(to: sum.dtype)])
    case .int64, .uint64:
      return [try x.casting(to: .float64).total(along: axes, dividedBy: divisor)]
    default:
      return [try x.total(along: axes, dividedBy: divisor)]
    }
  }

  func gradients(for request: GradientRequest) throws -> [Tensor?] {
    [try request.upstream.spread(over: axes, of: request.inputs[0], ddof: ddof)]
  }

  var attributes: [(name: String, value: String)] {
    axes.attributes + (ddof == 0 ? [] : [("ddof", "\(ddof)")])
  }
}

extension Tensor {
  /// The mean of the elements, all or those along some axes.
  ///
  /// Of whole numbers and bool it is a float64; float16 and bfloat16 are added up as float32, and
  /// the mean is of their dtype again. The mean of no elements is NaN. See
  /// <https://numpy.org/doc/stable/reference/generated/numpy.mean.html>.
  ///
  /// - Parameters:
  ///   - axes: the axes to go along; negative ones count from the end, nil means all.
  ///   - keepDims: whether the axes stay, with extent 1.
  ///   - file: the Swift file that errors name.
  ///   - line: the line that errors name.
  /// - Returns: the tensor without the axes, or with extent 1 along them.
  /// - Throws: `OperationError` (`invalidArgument`) when an axis is out of range or named twice, or
  ///   the elements are strings.
  public func mean(
    axes: [Int]? = nil, keepDims: Bool = false, file: String = #fileID, line: Int = #line
  ) throws -> Tensor {
    try Mean(axes: ReductionAxes(axes, keepDims: keepDims)).result(of: self, file: file, line: line)
  }

  /// The mean of the elements along one axis.
  ///
  /// - Throws: as ``mean(axes:keepDims:file:line:)``.
  public func mean(
    axis: Int, keepDims: Bool = false, file: String = #fileID, line: Int = #line
  ) throws -> Tensor {
    try mean(axes: [axis], keepDims: keepDims, file: file, line: line)
  }
}
