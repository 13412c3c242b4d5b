public import TensorCore

/// The argument of ``Operation/gradients(for:)``: one use of an operation in a graph, and the
/// gradients of its results.
public struct GradientRequest: Sendable {
  /// The inputs of the operation: symbolic, or values when code that has already run is
  /// differentiated, such as a pyFunction.
  public let inputs: [Tensor]

  /// The results of the operation: symbolic or values, as the inputs.
  public let results: [Tensor]

  /// The gradient of the target with respect to each result, of that result's dtype and shape.
  ///
  /// It is nil where the target does not depend on the result; at least one is not.
  public let gradients: [Tensor?]

  /// For each input, whether its gradient is needed.
  ///
  /// It is not needed if the input's dtype is neither floating-point nor complex, or if the input
  /// does not depend on a source.
  public let wanted: [Bool]

  /// Replaces the node's operation by one that computes the same results and then more; returns those.
  ///
  /// For operations that keep more values of a run when it is differentiated.
  let extend: @Sendable (_ operation: any Operation) throws -> [Tensor]

  /// The name of the node, and the line of the program that it comes from.
  let name: String
  let location: SourceLocation

  /// The variables whose gradients are needed too, if the operation may read variables itself.
  let variables: [Variable]
  /// The gradients of `variables` are added here.
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

  /// The gradients that have been added for a variable.
  subscript(variable: Variable) -> [Tensor] { parts.withLock { $0[variable] ?? [] } }
}
