public import TensorCore

/// The tensor unchanged; no gradient flows through it.
struct StopGradient: PureOperation, ZeroGradient {
  let name = "stopGradient"

  func results(for inputs: [TensorSpec]) throws -> [TensorSpec] {
    try inputs.expect(1, for: self)
    return inputs
  }

  func run(_ inputs: consuming [Tensor]) throws -> [Tensor] { inputs }
}

/// The tensor unchanged, but treated as a constant in gradients.
///
/// See <https://www.tensorflow.org/api_docs/python/tf/stop_gradient>.
///
/// - Throws: `OperationError` (`failedPrecondition`) for a symbolic tensor of a finished graph.
public func stopGradient(
  _ x: Tensor, file: String = #fileID, line: Int = #line
) throws -> Tensor {
  try StopGradient().result(of: x, file: file, line: line)
}
