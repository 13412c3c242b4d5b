public import TensorCore

/// The tensor unchanged; no gradient flows through it.
struct StopGradient: Operation, Hashable {
  let name = "stopGradient"

  func results(for inputs: [TensorSpec]) throws -> [TensorSpec] {
    try inputs.expect(1, for: self)
    return inputs
  }

  func run(_ inputs: consuming [Tensor]) throws -> [Tensor] { inputs }

  func gradients(for request: GradientRequest) throws -> [Tensor?] { [nil] }

  let effects = Effects.pure
}

/// The tensor unchanged, but treated as a constant in gradients.
///
/// See <https://www.tensorflow.org/api_docs/python/tf/stop_gradient>.
///
/// - Throws: `OperationError` (`failedPrecondition`) for a symbolic tensor of a finished graph.
public func stopGradient(
  _ x: Tensor, file: String = #fileID, line: Int = #line
) throws -> Tensor {
  try StopGradient().apply(to: [x], at: SourceLocation(file: file, line: line))[0]
}
