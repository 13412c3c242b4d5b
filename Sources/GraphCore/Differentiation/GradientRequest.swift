public import TensorCore

/// One use of an operation in a graph, and what is known of the gradients on its far side: what
/// ``Operation/gradients(for:)`` is given.
public struct GradientRequest: Sendable {
  /// The inputs of the operation: symbolic, or with their values where code that has run is
  /// differentiated, as a pyFunction is.
  public let inputs: [Tensor]

  /// The results of the operation, as the inputs are.
  public let results: [Tensor]

  /// The gradient of the target with respect to each result, of that result's dtype and shape.
  ///
  /// It is nil where the target does not depend on the result; at least one is not.
  public let gradients: [Tensor?]

  /// For each input, whether its gradient is needed at all: inputs whose dtype is not floating-point
  /// or complex, and those that depend on nothing that is differentiated, need none.
  public let wanted: [Bool]

  /// The graph of which the use is a node, for operations that keep more of a run when it is to be
  /// differentiated.
  let node: Int
  let builder: GraphBuilder

  /// Variables of which the gradients are asked for too, of an operation that may read them itself.
  let variables: [Variable]
  /// Where these go.
  let variableGradients: VariableGradients

  /// The gradient of the only result.
  ///
  /// - Precondition: the operation has one result.
  public var upstream: Tensor {
    precondition(gradients.count == 1, "upstream: the operation has \(gradients.count) results")
    guard let only = gradients[0] else { preconditionFailure("a request without any gradient") }
    return only
  }
}

/// The gradients of variables that operations have read.
final class VariableGradients: Sendable {
  private let parts = Locked<[Variable: [Tensor]]>([:])

  /// Adds gradients to those of variables, in order.
  func add(_ gradients: ArraySlice<Tensor>, of variables: [Variable]) {
    parts.withLock { parts in
      for (variable, gradient) in zip(variables, gradients) {
        parts[variable, default: []].append(gradient)
      }
    }
  }

  /// What has been added of a variable.
  subscript(variable: Variable) -> [Tensor] { parts.withLock { $0[variable] ?? [] } }
}
