internal import TensorCore

/// The sum of tensors of one dtype and shape, which adds up the parts of a gradient.
///
/// Lists, which loops keep for their gradients, are added element by element.
struct AddAll: InlineOperation, PureOperation {
  let name = "addAll"

  func results(for inputs: [TensorSpec]) throws -> [TensorSpec] {
    guard let first = inputs.first, inputs.allSatisfy({ $0.dtype == first.dtype }) else {
      throw GraphError(.invalidArgument, "addAll takes tensors of one dtype, \(inputs) were given")
    }
    var spec = TensorSpec(shape: first.shape, dtype: first.dtype)
    for other in inputs.dropFirst() {
      guard let both = spec.shape.intersection(other.shape) else {
        throw GraphError(.invalidArgument, "addAll takes tensors of one shape, not \(inputs)")
      }
      spec = TensorSpec(shape: both, dtype: spec.dtype)
    }
    return [spec]
  }

  func run(_ inputs: consuming [Tensor]) throws -> [Tensor] {
    var rest = inputs
    var sum = rest.removeLast()
    while let next = rest.popLast() { sum = try Self.sum(consume sum, consume next) }
    return [sum]
  }

  private static func sum(_ a: consuming Tensor, _ b: consuming Tensor) throws -> Tensor {
    guard let first = a.list, let second = b.list else {
      guard a.shape == b.shape else {
        throw GraphError(
          .invalidArgument, "parts of one gradient have the shapes \(a.shape) and \(b.shape)")
      }
      return try Add().run([consume a, consume b])[0]
    }
    guard first.count == second.count else {
      throw GraphError(.internal, "lists of \(first.count) and \(second.count) tensors were added")
    }
    let sums = try zip(first, second).map { try sum($0, $1) }
    return Tensor(list: sums, dtype: b.dtype)
  }

  func gradients(for request: GradientRequest) throws -> [Tensor?] {
    request.inputs.map { _ in request.upstream }
  }
}
