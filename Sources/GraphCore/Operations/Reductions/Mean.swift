public import TensorCore

/// The mean of the elements along axes.
struct Mean: Operation, Hashable {
  let axes: ReductionAxes

  /// What is taken from the number of elements before it divides their sum: 0, but in the gradients
  /// of variances.
  var ddof = 0

  let name = "mean"

  func results(for inputs: [TensorSpec]) throws -> [TensorSpec] {
    try inputs.expectNumbers(for: self)
    return [
      TensorSpec(shape: try axes.result(of: inputs[0].shape), dtype: inputs[0].dtype.average)
    ]
  }

  func run(_ inputs: consuming [Tensor]) throws -> [Tensor] {
    let shape = inputs[0].shape
    let count = try axes.reducedCount(of: shape)
    let visitor = Visitor(tensor: inputs[0], axes: axes, divisor: max(count - ddof, 0))
    return [try visitor.visit(inputs[0].dtype)]
  }

  private struct Visitor: ReductionVisitor {
    let tensor: Tensor
    let axes: ReductionAxes
    let divisor: Int
    func visit<T: ReductionElement>(_ type: T.Type) throws -> Tensor {
      try tensor.reduced(along: axes, by: Means<T>(divisor: divisor), to: tensor.dtype.average)
    }
  }

  private struct Means<T: ReductionElement>: Reduction {
    let divisor: Int
    func lift(_ element: T) -> T.Measure { element.measure }
    func join(_ a: T.Measure, _ b: T.Measure) -> T.Measure { T.Measure.sum(a, b) }
    func finish(_ whole: T.Measure) -> T.Average {
      T.average(T.Measure.sum(whole, .zero).divided(by: divisor))
    }
    var empty: T.Average { finish(.zero) }
  }

  func gradients(for request: GradientRequest) throws -> [Tensor?] {
    [try request.upstream.spread(over: axes, of: request.inputs[0], ddof: ddof)]
  }

  let effects = Effects.pure

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
  /// - Returns: the tensor with the axes gone, or of extent 1.
  /// - Throws: `OperationError` (`invalidArgument`) when an axis is out of range or named twice, or
  ///   the elements are strings.
  public func mean(
    axes: [Int]? = nil, keepDims: Bool = false, file: String = #fileID, line: Int = #line
  ) throws -> Tensor {
    try Mean(axes: ReductionAxes(axes, keepDims: keepDims))
      .apply(to: [self], at: SourceLocation(file: file, line: line))[0]
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
