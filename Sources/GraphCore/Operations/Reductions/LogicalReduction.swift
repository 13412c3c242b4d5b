internal import TensorCore

/// Whether any or all elements along axes are not zero, or how many are not.
struct LogicalReduction: Operation, Hashable {
  /// What the operation computes.
  enum Kind: String {
    case any, all, countNonZero
  }

  let kind: Kind
  let axes: ReductionAxes

  var name: String { kind.rawValue }

  private var dtype: DType { kind == .countNonZero ? .int64 : .bool }

  func results(for inputs: [TensorSpec]) throws -> [TensorSpec] {
    try inputs.expectNumbers(for: self)
    return [TensorSpec(shape: try axes.result(of: inputs[0].shape), dtype: dtype)]
  }

  func run(_ inputs: consuming [Tensor]) throws -> [Tensor] {
    let x = inputs[0]
    let counts = try Visitor(tensor: x, axes: axes).visit(x.dtype)
    if kind == .countNonZero { return [counts] }
    // The number of elements that must be true.
    let least = kind == .any ? 1 : Int64(try axes.reducedCount(of: x.shape))
    return [
      try Tensor(counts.scalars(as: Int64.self).map { $0 >= least }, shape: counts.shape)
    ]
  }

  private struct Visitor: ReductionVisitor {
    let tensor: Tensor
    let axes: ReductionAxes
    func visit<T: ReductionElement>(_ type: T.Type) throws -> Tensor {
      try tensor.reduced(along: axes, by: Count<T>(), to: .int64)
    }
  }

  private struct Count<T: ReductionElement>: Reduction {
    func lift(_ element: T) -> Int64 { element.isTrue ? 1 : 0 }
    func join(_ a: Int64, _ b: Int64) -> Int64 { a &+ b }
    func finish(_ whole: Int64) -> Int64 { whole }
    var empty: Int64 { 0 }
  }

  func gradients(for request: GradientRequest) throws -> [Tensor?] { [nil] }

  let effects = Effects.pure

  var attributes: [(name: String, value: String)] { axes.attributes }
}
