public import TensorCore

/// The product of the elements along axes.
struct Product: AxesReduction, ElementVisitor {
  let axes: ReductionAxes

  let name = "product"

  func dtype(of operand: DType) -> DType { operand.total }

  func run(_ inputs: consuming [Tensor]) throws -> [Tensor] {
    [try visit(inputs[0].dtype, inputs[0])]
  }

  func visit<T: KernelElement>(_ type: T.Type, _ tensor: Tensor) throws -> Tensor {
    try tensor.reduced(along: axes, by: Totals<T>(), to: tensor.dtype.total)
  }

  private struct Totals<T: KernelElement>: Reduction {
    func lift(_ element: T) -> T.Wide { element.wide }
    func join(_ a: T.Wide, _ b: T.Wide) -> T.Wide { T.Wide.product(a, b) }
    func finish(_ whole: T.Wide) -> T.Total { T.total(whole) }
    var empty: T.Total { T.total(.one) }
  }

  func gradients(for request: GradientRequest) throws -> [Tensor?] {
    let x = request.inputs[0]
    let others = try ProductOfOthers(axes: axes).result(of: x.conjugate())
    return [try request.upstream.spread(over: axes, of: x) * others]
  }
}

extension Tensor {
  /// The product of the elements, all or those along some axes.
  ///
  /// Whole numbers and bool are multiplied as int64, unsigned ones as uint64, and wrap; float16 and
  /// bfloat16 are multiplied as float32. The product of no elements is 1. See
  /// <https://numpy.org/doc/stable/reference/generated/numpy.prod.html>.
  ///
  /// - Parameters:
  ///   - axes: the axes to go along; negative ones count from the end, nil means all.
  ///   - keepDims: whether the axes stay, with extent 1.
  ///   - file: the Swift file that errors name.
  ///   - line: the line that errors name.
  /// - Returns: the tensor without the axes, or with extent 1 along them.
  /// - Throws: `OperationError` (`invalidArgument`) when an axis is out of range or named twice, or
  ///   the elements are strings.
  public func product(
    axes: [Int]? = nil, keepDims: Bool = false, file: String = #fileID, line: Int = #line
  ) throws -> Tensor {
    try Product(axes: ReductionAxes(axes, keepDims: keepDims)).result(
      of: self, file: file, line: line)
  }

  /// The product of the elements along one axis.
  ///
  /// - Throws: as ``product(axes:keepDims:file:line:)``.
  public func product(
    axis: Int, keepDims: Bool = false, file: String = #fileID, line: Int = #line
  ) throws -> Tensor {
    try product(axes: [axis], keepDims: keepDims, file: file, line: line)
  }
}
