internal import TensorCore

/// An operation that also returns the segment of the tape of its run.
struct Taped: CompositeOperation, InlineOperation {
  let base: any CompositeOperation

  /// Where the operation was applied, for errors in the tape.
  let location: SourceLocation

  var name: String { base.name }

  func results(for inputs: [TensorSpec]) throws -> [TensorSpec] {
    try base.results(for: inputs) + [TapeSegment.spec]
  }

  func run(_ inputs: [Tensor]) throws -> [Tensor] {
    let (results, segment) = try base.runRecording(inputs, at: location)
    return results + [Tensor(object: segment)]
  }

  func runParts(on inputs: [Tensor]) throws -> [Tensor] {
    let (results, segment) = try base.runTaped(inputs, at: location)
    return results + [Tensor(object: segment)]
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
