internal import TensorCore

/// The gradients of an operation's inputs, by walking back through the tape of its run.
///
/// It is given the tape, the operation's inputs, and the gradients of its results. The inputs are
/// not looked at, since the tape has them; they are there because the answer depends on them, so that
/// it can be differentiated: then this operation leaves a tape in turn, on the same record.
struct TapeGradient: CompositeOperation, InlineOperation, Hashable {
  let name: String

  /// Which of the operation's inputs are given.
  let kept: [Int]

  /// Of which of its inputs the gradients are asked for.
  let wanted: [Int]

  /// Which of its results have a gradient.
  let given: [Int]

  /// The variables of which the gradients are asked for as well.
  let variables: [Variable]

  init(
    of operation: String, kept: [Int], wanted: [Int], given: [Int], variables: [Variable]
  ) {
    let suffix = "Gradient"
    name = operation.hasSuffix(suffix) ? operation : operation + suffix
    self.kept = kept
    self.wanted = wanted
    self.given = given
    self.variables = variables
  }

  /// The tape may have any.
  func mayRead(_ variables: Set<Variable>?) -> Bool { true }

  func results(for inputs: [TensorSpec]) throws -> [TensorSpec] {
    try inputs.expect(1 + kept.count + given.count, for: self)
    return wanted(of: inputs).map(\.withoutName) + variables.map(\.spec)
  }

  /// Of what the operation is given for the inputs, those of which the gradients are asked for.
  private func wanted<T>(of given: [T]) -> [T] {
    // Both are in order.
    wanted.map { wanted in given[1 + kept.partitioningIndex { $0 >= wanted }] }
  }

  func run(_ inputs: [Tensor]) throws -> [Tensor] {
    let tape = try inputs[0].tape
    return try tape.gradients(
      wanted: wanted, given: given, variables: variables,
      upstreams: Array(inputs.suffix(given.count)),
      isRecorded: false, orZerosLike: wanted(of: inputs))
  }

  func runParts(on inputs: [Tensor]) throws -> [Tensor] {
    let tape = try inputs[0].tape
    let upstreams = Array(inputs.suffix(given.count))
    // What the tape captured may be of interest, even if no input is.
    let isRecorded = tape.builder.isRecording || GraphBuilder.live(for: inputs) === tape.builder
    return try tape.gradients(
      wanted: wanted, given: given, variables: variables, upstreams: upstreams,
      isRecorded: isRecorded,
      orZerosLike: wanted(of: inputs))
  }

  func runRecording(
    _ inputs: [Tensor], at location: SourceLocation
  ) throws -> (results: [Tensor], tape: Tape) {
    let (results, tape) = try walk(inputs, at: location)
    return (results.map(\.detached), tape)
  }

  func runTaped(
    _ inputs: [Tensor], at location: SourceLocation
  ) throws -> (results: [Tensor], tape: Tape) {
    guard try GraphBuilder.live(for: inputs) === inputs[0].tape.builder else {
      throw GraphError(
        .unimplemented,
        "\(name) is to be recorded, and what it is the gradient of was not; have the code around "
          + "both recorded, by giving it a live tensor that both depend on")
    }
    return try walk(inputs, at: location)
  }

  /// The walk back, recorded where the way forward was.
  private func walk(
    _ inputs: [Tensor], at location: SourceLocation
  ) throws -> (results: [Tensor], tape: Tape) {
    let tape = try inputs[0].tape
    let builder = tape.builder
    let upstreams = inputs.suffix(given.count).map { builder.watch($0, at: location) }
    let results = try tape.gradients(
      wanted: wanted, given: given, variables: variables, upstreams: upstreams, isRecorded: true,
      orZerosLike: wanted(of: inputs))
    let next = Tape(
      of: name, recording: tape.recording, builder: builder,
      sources: [nil] + kept.map { tape.sources[$0] } + upstreams.map(builder.place),
      targets: results, firstNode: tape.firstNode)
    return (results, next)
  }

  func gradients(for request: GradientRequest) throws -> [Tensor?] {
    try recordedGradients(for: request, rematerializes: false)
  }

  let effects = Effects.pure

  var attributes: [(name: String, value: String)] {
    [("inputs", "\(wanted)"), ("results", "\(given)")]
  }

  var mayTakeLong: Bool { true }
}
