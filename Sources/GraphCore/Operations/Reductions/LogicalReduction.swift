internal import TensorCore

/// Whether any or all elements along axes are not zero, or how many are not.
struct LogicalReduction: AxesReduction, ZeroGradient, ElementVisitor {
  /// What the operation computes.
  enum Kind: String {
    case any, all, countNonZero
  }

  let kind: Kind
  let axes: ReductionAxes

  var name: String { kind.rawValue }

  func dtype(of operand: DType) -> DType { kind == .countNonZero ? .int64 : .bool }

  func run(_ inputs: consuming [Tensor]) throws -> [Tensor] {
    let x = inputs[0]
    let counts = try visit(x.dtype, x)
    if kind == .countNonZero { return [counts] }
    // The number of elements that must be true.
    let least = kind == .any ? 1 : Int64(try axes.reducedCount(of: x.shape))
    return [
      try Tensor(counts.scalars(as: Int64.self).map { $0 >= least }, shape: counts.shape)
    ]
  }

  func visit<T: KernelElement>(_ type: T.Type, _ tensor: Tensor) throws -> Tensor {
    try tensor.reduced(along: axes, by: Count<T>(), to: .int64)
  }

  private struct Count<T: KernelElement>: Reduction {
    func lift(_ element: T) -> Int64 { T.isTrue(element) ? 1 : 0 }
    func join(_ a: Int64, _ b: Int64) -> Int64 { a &+ b }
    func finish(_ whole: Int64) -> Int64 { whole }
    var empty: Int64 { 0 }
  }
}
