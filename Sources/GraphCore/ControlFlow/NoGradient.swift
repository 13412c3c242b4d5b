internal import TensorCore

/// Zeros of the dtype and shape of a tensor; a list of zeros for a list that a loop has kept.
struct ZerosOf: Operation, Hashable {
  let name = "zerosOf"

  func results(for inputs: [TensorSpec]) throws -> [TensorSpec] {
    try inputs.expect(1, for: self)
    return [inputs[0].withoutName]
  }

  func run(_ inputs: consuming [Tensor]) throws -> [Tensor] { [try Self.zeros(of: inputs[0])] }

  private static func zeros(of tensor: Tensor) throws -> Tensor {
    guard let list = tensor.list else {
      return try Tensor(zeros: tensor.shape, dtype: tensor.dtype)
    }
    return Tensor(list: try list.map(zeros), dtype: tensor.dtype)
  }

  func gradients(for request: GradientRequest) throws -> [Tensor?] { [nil] }

  let effects = Effects.pure
}

/// The gradient, zeros, of a captured tensor on which no result depends.
func noGradient(of captured: Tensor) throws -> Tensor {
  captured.shape.isFullyKnown ? try zerosLike(captured) : try ZerosOf().apply(to: [captured])[0]
}
