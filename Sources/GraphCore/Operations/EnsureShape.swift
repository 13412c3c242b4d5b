package import TensorCore

/// Passes a tensor through if it fits a spec, as a graph's declared input that is inlined into
/// another graph must.
///
/// See <https://www.tensorflow.org/api_docs/python/tf/ensure_shape>.
package struct EnsureShape: PureOperation {
  /// What the tensor must be; its dtype is known to be right when the graph is built.
  let spec: TensorSpec

  /// What the message calls the tensor: `graph function 'f', input 0`.
  let subject: String

  package let name = "ensureShape"

  package func results(for inputs: [TensorSpec]) throws -> [TensorSpec] {
    try inputs.expect(1, for: self)
    let given = inputs[0]
    guard given.dtype == spec.dtype, let both = given.shape.intersection(spec.shape) else {
      throw spec.misfit(given, subject: subject)
    }
    return [TensorSpec(shape: both, dtype: spec.dtype)]
  }

  package func run(_ inputs: consuming [Tensor]) throws -> [Tensor] {
    guard spec.accepts(inputs[0]) else {
      throw spec.misfit(TensorSpec(of: inputs[0]), subject: subject)
    }
    return inputs
  }

  package func gradients(for request: GradientRequest) throws -> [Tensor?] { [request.upstream] }

  package var attributes: [(name: String, value: String)] { [("shape", "\(spec.shape)")] }
}

extension TensorSpec {
  /// The error for a tensor that was given where this was declared.
  func misfit(_ given: TensorSpec, subject: String) -> GraphError {
    let remedy: Message =
      given.dtype == dtype
      ? """
      give a tensor of that shape, or declare another, in which \(Message.none) stands for any extent
      """
      : "convert with \(Message.asType(dtype)), or declare \(given.dtype)"
    return GraphError(
      .invalidArgument, spelled: "\(subject): declared \(self), given \(given); \(remedy)")
  }
}
