package import TensorCore

/// An operation that is made of others: loops and conditions, and functions that apply operations
/// while they run.
///
/// On taped tensors, its parts are recorded in place of the operation itself.
package protocol CompositeOperation: Operation {
  /// The results of applying the parts to `inputs`, if some of these are taped.
  func runParts(on inputs: [Tensor]) throws -> [Tensor]

  /// The results, as values, and the tape to differentiate them.
  func runRecording(
    _ inputs: [Tensor], at location: SourceLocation
  ) throws -> (results: [Tensor], tape: TapeSegment)

  /// The results of applying the parts to `inputs`, if some of these are taped, and the tape to
  /// differentiate them apart from the rest of the tape.
  func runTaped(
    _ inputs: [Tensor], at location: SourceLocation
  ) throws -> (results: [Tensor], tape: TapeSegment)

  /// Whether a run may read one of these variables, or any variable when `variables` is nil.
  func mayRead(_ variables: Set<Variable>?) -> Bool
}

extension CompositeOperation {
  /// True: captured tensors may be taped, and the parts may read variables.
  package var isRecordedAlways: Bool { true }

  /// Whether its bodies may read one of these variables.
  package func mayRead(_ variables: Set<Variable>?) -> Bool {
    bodies.contains { $0.graph.mayRead(variables) }
  }

  /// Applies the parts to taped tensors of a new tape.
  package func runRecording(
    _ inputs: [Tensor], at location: SourceLocation
  ) throws -> (results: [Tensor], tape: TapeSegment) {
    let owner = GradientTape(of: name, at: location)
    let tape = owner.tape
    let taped = inputs.map(owner.watch)
    let first = tape.nodeCount
    let results = try owner.record { try runParts(on: taped) }
    for result in results { try result.expectNotRecorded() }
    let segment = TapeSegment(
      of: name, on: tape, owner: owner, sources: taped.map(tape.place), targets: results,
      firstNode: first, firstRead: tape.firstRead)
    return (results.map(\.detached), segment)
  }

  /// Applies the parts to new nodes for the inputs, so that a dependence of one input on another is
  /// not part of this operation's gradient.
  package func runTaped(
    _ inputs: [Tensor], at location: SourceLocation
  ) throws -> (results: [Tensor], tape: TapeSegment) {
    guard let tape = (Recorder.ofTaped(inputs) ?? GradientTape.current?.tape.ifUsable) as? Tape
    else { return try runRecording(inputs.map(\.plain), at: location) }
    let taped = inputs.map { tape.watch($0, at: location) }
    let first = tape.nodeCount
    let (results, read) = try tape.reading { try runParts(on: taped) }
    let segment = TapeSegment(
      of: name, on: tape, owner: nil, sources: taped.map(tape.place), targets: results,
      firstNode: first, firstRead: read)
    return (results, segment)
  }

  /// The gradients, in a graph, of an operation that is recorded when it runs.
  ///
  /// The node returns a tape as a further result, so that the operation does not run twice. If it
  /// *rematerializes*, there is no tape, and it runs again.
  package func recordedGradients(
    for request: GradientRequest, rematerializes: Bool
  ) throws -> [Tensor?] {
    try recordedGradients(for: request, rematerializes: rematerializes, tape: nil)
  }

  func recordedGradients(
    for request: GradientRequest, rematerializes: Bool, tape: Tensor?
  ) throws -> [Tensor?] {
    let wanted = request.wanted.indices.filter { request.wanted[$0] }
    let given = request.gradients.indices.filter { request.gradients[$0] != nil }
    let upstreams = given.compactMap { request.gradients[$0] }
    let results: [Tensor]
    if rematerializes {
      let again = Rematerialization(
        base: self, inputCount: request.inputs.count, wanted: wanted, given: given,
        variables: request.variables, location: request.location)
      results = try again.apply(to: request.inputs + upstreams, name: "\(request.name)_gradient")
    } else {
      let tape =
        try tape ?? request.extend(Taped(base: self, location: request.location))[0]
      let kept = request.inputs.indices.filter { request.inputs[$0].dtype.isDifferentiable }
      let backward = TapeGradient(
        of: name, kept: kept, wanted: wanted, given: given, variables: request.variables)
      results = try backward.apply(
        to: [tape] + kept.map { request.inputs[$0] } + upstreams, name: "\(request.name)_gradient")
    }
    var answers = [Tensor?](repeating: nil, count: request.inputs.count)
    for (input, result) in zip(wanted, results) { answers[input] = result }
    request.variableGradients.add(results.suffix(request.variables.count), of: request.variables)
    return answers
  }
}
