package import TensorCore

/// An operation that is made of others: loops and conditions, and functions that apply operations
/// while they run.
///
/// On live tensors it is not recorded itself, but what it is made of.
package protocol CompositeOperation: Operation {
  /// The results, by applying operations to these tensors, some of which are live.
  func runParts(on inputs: [Tensor]) throws -> [Tensor]

  /// The results, as values, and what is needed to differentiate them.
  func runRecording(
    _ inputs: [Tensor], at location: SourceLocation
  ) throws -> (results: [Tensor], tape: Tape)

  /// The results of running the parts on tensors of which some are live, and what is needed to
  /// differentiate them apart from the rest of that recording.
  func runTaped(
    _ inputs: [Tensor], at location: SourceLocation
  ) throws -> (results: [Tensor], tape: Tape)

  /// Whether a run may read one of these variables, or any where none are given.
  func mayRead(_ variables: Set<Variable>?) -> Bool
}

extension CompositeOperation {
  /// What it captures may be live, and its parts may read variables.
  package var isRecordedAlways: Bool { true }

  /// Whether its bodies may.
  package func mayRead(_ variables: Set<Variable>?) -> Bool {
    bodies.contains { $0.graph.mayRead(variables) }
  }

  /// Runs the parts on live tensors of a recording of its own.
  package func runRecording(
    _ inputs: [Tensor], at location: SourceLocation
  ) throws -> (results: [Tensor], tape: Tape) {
    let recording = Recording(of: name, at: location)
    let live = inputs.map(recording.watch)
    let first = recording.builder.nodeCount
    let results = try recording.record { try runParts(on: live) }
    for result in results { try result.expectNotRecorded() }
    let tape = Tape(
      of: name, recording: recording, builder: recording.builder,
      sources: live.map(recording.builder.place), targets: results, firstNode: first,
      firstRead: recording.builder.record?.firstRead)
    return (results.map(\.detached), tape)
  }

  /// Runs the parts on nodes of their own: what leads from one input to another is not this
  /// operation's.
  package func runTaped(
    _ inputs: [Tensor], at location: SourceLocation
  ) throws -> (results: [Tensor], tape: Tape) {
    guard let builder = GraphBuilder.live(for: inputs) ?? Recording.current?.builder.ifUsable else {
      return try runRecording(inputs.map(\.plain), at: location)
    }
    let live = inputs.map { builder.watch($0, at: location) }
    let first = builder.nodeCount
    let (results, read) =
      try builder.record?.reading { try runParts(on: live) } ?? (runParts(on: live), nil)
    let tape = Tape(
      of: name, recording: nil, builder: builder, sources: live.map(builder.place),
      targets: results, firstNode: first, firstRead: read)
    return (results, tape)
  }

  /// The gradients in a graph of an operation that records what it does when it runs.
  ///
  /// The node keeps a tape as a further result, so that it does not run twice; or it runs again, and
  /// no tape is kept, if it *rematerializes*.
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
    let node = request.builder.nodes[request.node]
    let results: [Tensor]
    if rematerializes {
      let again = Rematerialization(
        base: self, inputCount: request.inputs.count, wanted: wanted, given: given,
        variables: request.variables, location: node.location)
      results = try again.apply(to: request.inputs + upstreams, name: "\(node.name)_gradient")
    } else {
      let tape =
        try tape
        ?? request.builder.extend(
          node: request.node, with: Taped(base: self, location: node.location))[0]
      let kept = request.inputs.indices.filter { request.inputs[$0].dtype.isDifferentiable }
      let backward = TapeGradient(
        of: name, kept: kept, wanted: wanted, given: given, variables: request.variables)
      results = try backward.apply(
        to: [tape] + kept.map { request.inputs[$0] } + upstreams, name: "\(node.name)_gradient")
    }
    var answers = [Tensor?](repeating: nil, count: request.inputs.count)
    for (input, result) in zip(wanted, results) { answers[input] = result }
    request.variableGradients.add(results.suffix(request.variables.count), of: request.variables)
    return answers
  }
}
