internal import TensorCore

/// An operation without effects, which its stored properties describe completely.
package protocol PureOperation: Operation, Hashable {}

extension PureOperation {
  package var effects: Effects { .pure }
}

/// An operation through which no gradient flows: its results stay the same when an input changes a
/// little, or are to be constants.
protocol ZeroGradient: Operation {}

extension ZeroGradient {
  func gradients(for request: GradientRequest) throws -> [Tensor?] {
    request.inputs.map { _ in nil }
  }
}

extension Operation {
  /// Applies the operation to these inputs; returns its first result.
  func result(of inputs: Tensor..., at location: SourceLocation? = nil) throws -> Tensor {
    try apply(to: inputs, at: location)[0]
  }

  /// Applies the operation to these inputs, at a line of the program; returns its first result.
  func result(of inputs: Tensor..., file: String, line: Int) throws -> Tensor {
    try apply(to: inputs, at: SourceLocation(file: file, line: line))[0]
  }
}
