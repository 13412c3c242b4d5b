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

/// An operation with one result.
protocol OneResultOperation: PureOperation {
  /// The number of inputs; 1 by default.
  var arity: Int { get }

  /// Refuses inputs that the operation does not take.
  func check(_ inputs: [TensorSpec]) throws

  /// What is known of the shape of the result; by default that for the first input.
  func shape(for inputs: [TensorSpec]) throws -> Shape

  /// What is known of the shape of the result for a first input of this shape, which it is by default.
  func shape(of operand: Shape) throws -> Shape

  /// The dtype of the result, given that of the first input, which it is by default.
  func dtype(of operand: DType) -> DType
}

extension OneResultOperation {
  var arity: Int { 1 }
  func check(_ inputs: [TensorSpec]) throws {}
  func shape(for inputs: [TensorSpec]) throws -> Shape { try shape(of: inputs[0].shape) }
  func shape(of operand: Shape) throws -> Shape { operand }
  func dtype(of operand: DType) -> DType { operand }

  func results(for inputs: [TensorSpec]) throws -> [TensorSpec] {
    try inputs.expect(arity, for: self)
    try check(inputs)
    return [TensorSpec(shape: try shape(for: inputs), dtype: dtype(of: inputs[0].dtype))]
  }
}

/// An operation that gives the elements another shape, in the same order; nothing is copied.
protocol Reshaping: OneResultOperation {}

extension Reshaping {
  func run(_ inputs: consuming [Tensor]) throws -> [Tensor] {
    let x = inputs.removeLast()
    let shape = try shape(of: x.shape)
    return [try x.viewed(as: shape)]
  }
}
