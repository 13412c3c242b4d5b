public import TensorCore

/// The logarithm of the sum of the exponentials of the elements along axes.
struct LogSumExp: AxesReduction {
  let axes: ReductionAxes

  let name = "logSumExp"

  func check(_ inputs: [TensorSpec]) throws { try inputs.expectReals(for: self) }

  func dtype(of operand: DType) -> DType { operand.average }

  func run(_ inputs: consuming [Tensor]) throws -> [Tensor] {
    let dtype = inputs[0].dtype
    let x = try inputs.removeLast().casting(to: dtype.computation)
    let shape = try axes.result(of: x.shape)
    if try axes.reducedCount(of: x.shape) == 0 {
      let none = try Tensor(-Double.infinity).casting(to: dtype.average)
      return [try none.repeated(to: shape)]
    }
    // No exponential is greater than 1. Where the greatest element is infinite, differences with it
    // would be NaN.
    let kept = ReductionAxes(axes.list, keepDims: true)
    let most = try Extreme(kind: .max, axes: kept).computed([x]).finiteOrZero()
    let exponentials = try Subtract().computed([consume x, most]).exponentials()
    let sum = try Sum(axes: kept).computed([consume exponentials]).logarithms()
    return [try Add().computed([sum, most]).viewed(as: shape).casting(to: dtype.average)]
  }

  func gradients(for request: GradientRequest) throws -> [Tensor?] {
    let x = request.inputs[0]
    let shares = try Softmax(axes: axes.list).result(of: x)
    return [try request.upstream.spread(over: axes, of: x) * shares]
  }
}

extension Tensor {
  /// The logarithm of the sum of the exponentials of the elements, all or those along some axes.
  ///
  /// It is finite wherever its value is, however great or small the elements. Of whole numbers and bool
  /// it is a float64; float16 and bfloat16 are computed as float32. Of no elements it is negative
  /// infinity. See <https://docs.scipy.org/doc/scipy/reference/generated/scipy.special.logsumexp.html>.
  ///
  /// - Parameters:
  ///   - axes: the axes to go along; negative ones count from the end, nil means all.
  ///   - keepDims: whether the axes stay, with extent 1.
  ///   - file: the Swift file that errors name.
  ///   - line: the line that errors name.
  /// - Returns: the tensor without the axes, or with extent 1 along them.
  /// - Throws: `OperationError` (`invalidArgument`) when an axis is out of range or named twice, or
  ///   the elements are complex or strings.
  public func logSumExp(
    axes: [Int]? = nil, keepDims: Bool = false, file: String = #fileID, line: Int = #line
  ) throws -> Tensor {
    try LogSumExp(axes: ReductionAxes(axes, keepDims: keepDims)).result(
      of: self, file: file, line: line)
  }

  /// As ``logSumExp(axes:keepDims:file:line:)``, along one axis.
  ///
  /// - Throws: as that.
  public func logSumExp(
    axis: Int, keepDims: Bool = false, file: String = #fileID, line: Int = #line
  ) throws -> Tensor {
    try logSumExp(axes: [axis], keepDims: keepDims, file: file, line: line)
  }
}
