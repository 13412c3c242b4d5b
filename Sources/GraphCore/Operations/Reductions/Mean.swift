internal import TensorCore

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
