internal import TensorCore

/// What elements being zero or not says of all of them along axes.
struct Truths: Operation, Hashable {
  /// What is asked.
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
    [try Visitor(tensor: inputs[0], operation: self).visit(inputs[0].dtype)]
  }

  private struct Visitor: ReductionVisitor {
    let tensor: Tensor
    let operation: Truths
    func visit<T: ReductionElement>(_ type: T.Type) throws -> Tensor {
      let (axes, dtype) = (operation.axes, operation.dtype)
      return switch operation.kind {
      case .any: try tensor.reduced(along: axes, by: AnyTrue<T>(), to: dtype)
      case .all: try tensor.reduced(along: axes, by: AllTrue<T>(), to: dtype)
      case .countNonZero: try tensor.reduced(along: axes, by: Count<T>(), to: dtype)
      }
    }
  }

  private struct AnyTrue<T: ReductionElement>: Reduction {
    func lift(_ element: T) -> Truth { Truth(element.isTrue) }
    func join(_ a: Truth, _ b: Truth) -> Truth { Truth.sum(a, b) }
    func finish(_ whole: Truth) -> Truth { whole }
    var empty: Truth { Truth(false) }
  }

  private struct AllTrue<T: ReductionElement>: Reduction {
    func lift(_ element: T) -> Truth { Truth(element.isTrue) }
    func join(_ a: Truth, _ b: Truth) -> Truth { Truth.product(a, b) }
    func finish(_ whole: Truth) -> Truth { whole }
    var empty: Truth { Truth(true) }
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
