public import TensorCore

/// Passes numbers through if none is zero, as divisors must be where a quotient by zero has no meaning.
struct EnsureNotZero: Operation, Hashable {
  /// What the numbers are, for the error.
  let subject: String

  let name = "ensureNotZero"

  func results(for inputs: [TensorSpec]) throws -> [TensorSpec] {
    try inputs.expect(1, for: self)
    guard inputs[0].dtype != .string, inputs[0].dtype != .bool else {
      throw TensorError(.invalidArgument, "numbers are expected, not \(inputs[0].dtype)")
    }
    return inputs
  }

  func run(_ inputs: consuming [Tensor]) throws -> [Tensor] {
    guard try !inputs[0].casting(to: .bool).scalars(as: Bool.self).contains(false) else {
      throw TensorError(.invalidArgument, "\(subject) is zero, by which was to be divided")
    }
    return inputs
  }

  func gradients(for request: GradientRequest) throws -> [Tensor?] { [request.upstream] }

  let effects = Effects.pure

  var attributes: [(name: String, value: String)] {
    [("subject", String(reflecting: subject))]
  }
}

/// Numbers as they are, if none is zero: divisors whose quotients must be numbers.
///
/// `subject` says what they are, for the error: `the sum of the weights`.
///
/// - Throws: `OperationError` (`invalidArgument`) when one is zero, in a graph perhaps only when it runs, or
///   when they are no numbers.
public func ensureNotZero(
  _ x: Tensor, _ subject: String, file: String = #fileID, line: Int = #line
) throws -> Tensor {
  let location = SourceLocation(file: file, line: line)
  return try EnsureNotZero(subject: subject).apply(to: [x], at: location)[0]
}
