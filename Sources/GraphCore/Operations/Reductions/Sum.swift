internal import TensorCore

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
