internal import TensorCore

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
