public import TensorCore

/// The sum of the elements along axes.
struct Sum: AxesReduction {
  let axes: ReductionAxes

  let name = "sum"

  func dtype(of operand: DType) -> DType { operand.total }

  func run(_ inputs: consuming [Tensor]) throws -> [Tensor] {
    [try inputs[0].total(along: axes)]
  }

  func gradients(for request: GradientRequest) throws -> [Tensor?] {
    [try request.upstream.spread(over: axes, of: request.inputs[0])]
  }
}

extension Tensor {
  /// The sum along axes, in the dtype of sums; sums, means, and gradients of broadcasts are all this.
  ///
  /// - Parameters:
  ///   - axes: the axes.
  ///   - divisor: what each sum is divided by, of floating-point and complex numbers.
  ///   - keepsSign: whether the sum of negative zeros is one. NumPy begins with 0, which is positive.
  /// - Returns: a tensor without the axes, or with extent 1 along them.
  /// - Throws: `TensorError` as ``reduced(along:by:to:)``.
  func total(
    along axes: ReductionAxes, dividedBy divisor: Int? = nil, keepsSign: Bool = false
  ) throws -> Tensor {
    try TotalVisitor(axes: axes, divisor: divisor, keepsSign: keepsSign).visit(dtype, self)
  }
}

private struct TotalVisitor: ElementVisitor {
  let axes: ReductionAxes
  let divisor: Int?
  let keepsSign: Bool

  func visit<T: KernelElement>(_ type: T.Type, _ tensor: Tensor) throws -> Tensor {
    let totals = Totals<T>(divisor: divisor, keepsSign: keepsSign)
    return try tensor.reduced(along: axes, by: totals, to: tensor.dtype.total)
  }
}

private struct Totals<T: KernelElement>: Reduction {
  let divisor: Int?
  let keepsSign: Bool
  func lift(_ element: T) -> T.Wide { element.wide }
  func join(_ a: T.Wide, _ b: T.Wide) -> T.Wide { T.Wide.sum(a, b) }
  func finish(_ whole: T.Wide) -> T.Total {
    let sum = keepsSign ? whole : T.Wide.sum(whole, .zero)
    return T.total(divisor.map { sum.divided(by: $0) } ?? sum)
  }
  var empty: T.Total { finish(.zero) }
}

extension Tensor {
  /// The sum of the elements, all or those along some axes.
  ///
  /// Whole numbers and bool are added up as int64, unsigned ones as uint64, and wrap. Floating-point
  /// numbers are added up pairwise, so that the error grows with the logarithm of their number, and
  /// float16 and bfloat16 as float32. The sum of no elements is 0. See
  /// <https://numpy.org/doc/stable/reference/generated/numpy.sum.html>.
  ///
  /// ```swift
  /// let x = try Tensor([[1.0, 2], [3, 4]])
  /// try x.sum()  // 10
  /// try x.sum(axes: [0])  // [4 6]
  /// try x.sum(axes: [-1], keepDims: true)  // [[3], [7]]
  /// ```
  ///
  /// - Parameters:
  ///   - axes: the axes to sum along; negative ones count from the end, nil means all, and an empty
  ///     list none.
  ///   - keepDims: whether the axes stay, with extent 1.
  ///   - file: the Swift file that errors name.
  ///   - line: the line that errors name.
  /// - Returns: the tensor without the axes, or with extent 1 along them.
  /// - Throws: `OperationError` (`invalidArgument`) when an axis is out of range or named twice, or
  ///   the elements are strings.
  public func sum(
    axes: [Int]? = nil, keepDims: Bool = false, file: String = #fileID, line: Int = #line
  ) throws -> Tensor {
    try Sum(axes: ReductionAxes(axes, keepDims: keepDims)).result(of: self, file: file, line: line)
  }

  /// The sum of the elements along one axis.
  ///
  /// - Throws: as ``sum(axes:keepDims:file:line:)``.
  public func sum(
    axis: Int, keepDims: Bool = false, file: String = #fileID, line: Int = #line
  ) throws -> Tensor {
    try sum(axes: [axis], keepDims: keepDims, file: file, line: line)
  }
}
