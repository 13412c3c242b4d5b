internal import TensorCore

/// Returns its input unchanged, as the result of a new node; in a graph also for a value.
struct Passed: Operation {
  let name = "identity"

  func results(for inputs: [TensorSpec]) throws -> [TensorSpec] {
    try inputs.expect(1, for: self)
    return inputs
  }

  func run(_ inputs: consuming [Tensor]) throws -> [Tensor] { inputs }

  func gradients(for request: GradientRequest) throws -> [Tensor?] { [request.upstream] }

  let effects = Effects.pure
}
