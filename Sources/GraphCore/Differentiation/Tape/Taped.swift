internal import TensorCore

/// An operation that also returns a tape of its run.
struct Taped: CompositeOperation, InlineOperation {
  let base: any CompositeOperation

  /// Where the operation was applied, for errors in the record.
  let location: SourceLocation

  var name: String { base.name }

  func results(for inputs: [TensorSpec]) throws -> [TensorSpec] {
    try base.results(for: inputs) + [Tape.spec]
  }

  func run(_ inputs: [Tensor]) throws -> [Tensor] {
    let (results, tape) = try base.runRecording(inputs, at: location)
    return results + [Tensor(object: tape)]
  }

  func runParts(on inputs: [Tensor]) throws -> [Tensor] {
    let (results, tape) = try base.runTaped(inputs, at: location)
    return results + [Tensor(object: tape)]
  }

  func gradients(for request: GradientRequest) throws -> [Tensor?] {
    try base.recordedGradients(for: request, rematerializes: false, tape: request.results.last)
  }

  func mayRead(_ variables: Set<Variable>?) -> Bool { base.mayRead(variables) }

  var effects: Effects { base.effects }

  var attributes: [(name: String, value: String)] { base.attributes + [("tape", "true")] }

  var identity: AnyHashable? {
    base.identity.map { [AnyHashable(ObjectIdentifier(type(of: base))), $0] }
  }

  let mayTakeLong = true
}
