internal import TensorCore

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
