internal import TensorCore

/// The gradients of an operation's inputs, computed from the tape of its run.
///
/// Its inputs are the tape, the operation's inputs, and the gradients of the operation's results.
/// The values of the operation's inputs are in the tape; they are passed too because the gradients
/// depend on them and may be differentiated. In that case this operation makes a tape as well, on
/// the same tape.
struct TapeGradient: CompositeOperation, InlineOperation, Hashable {
  let name: String

  /// The indices of the operation's inputs that are passed.
  let kept: [Int]

  /// The indices of the operation's inputs whose gradients are computed.
  let wanted: [Int]

  /// The indices of the operation's results that have an upstream gradient.
  let given: [Int]

  /// The variables whose gradients are computed as well.
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

  /// True: the tape may contain reads of any variable.
  func mayRead(_ variables: Set<Variable>?) -> Bool { true }

  func results(for inputs: [TensorSpec]) throws -> [TensorSpec] {
    try inputs.expect(1 + kept.count + given.count, for: self)
    return wanted(of: inputs).map(\.withoutName) + variables.map(\.spec)
  }

  /// The elements of `given`, which has one for each input of this operation, for the inputs in
  /// `wanted`.
  private func wanted<T>(of given: [T]) -> [T] {
    // `kept` and `wanted` are both sorted.
    wanted.map { wanted in given[1 + kept.partitioningIndex { $0 >= wanted }] }
  }

  func run(_ inputs: [Tensor]) throws -> [Tensor] {
    let upstreams = Array(inputs.suffix(given.count))
    return try gradients(in: inputs[0].segment, upstreams, inputs, isRecorded: false)
  }

  private func gradients(
    in segment: TapeSegment, _ upstreams: [Tensor], _ inputs: [Tensor], isRecorded: Bool
  ) throws -> [Tensor] {
    try segment.gradients(
      wanted: wanted, given: given, variables: variables, upstreams: upstreams,
      isRecorded: isRecorded, orZerosLike: wanted(of: inputs))
  }

  func runParts(on inputs: [Tensor]) throws -> [Tensor] {
    let segment = try inputs[0].segment
    // Tensors that the segment has captured may be recorded, even if no input is.
    let isRecorded = segment.tape.isRecording || Recorder.ofTaped(inputs) === segment.tape
    return try gradients(
      in: segment, Array(inputs.suffix(given.count)), inputs, isRecorded: isRecorded)
  }

  func runRecording(
    _ inputs: [Tensor], at location: SourceLocation
  ) throws -> (results: [Tensor], tape: TapeSegment) {
    let (results, tape) = try walk(inputs, at: location)
    return (results.map(\.detached), tape)
  }

  func runTaped(
    _ inputs: [Tensor], at location: SourceLocation
  ) throws -> (results: [Tensor], tape: TapeSegment) {
    guard try Recorder.ofTaped(inputs) === inputs[0].segment.tape else {
      throw GraphError(
        .unimplemented,
        "\(name) is to be recorded, and what it is the gradient of was not; have the code around "
          + "both recorded, by giving it a live tensor that both depend on")
    }
    return try walk(inputs, at: location)
  }

  /// The gradients, recorded on the tape of the run.
  private func walk(
    _ inputs: [Tensor], at location: SourceLocation
  ) throws -> (results: [Tensor], tape: TapeSegment) {
    let segment = try inputs[0].segment
    let tape = segment.tape
    let upstreams = inputs.suffix(given.count).map { tape.watch($0, at: location) }
    let results = try gradients(in: segment, upstreams, inputs, isRecorded: true)
    let next = TapeSegment(
      of: name, on: tape, owner: segment.owner,
      sources: [nil] + kept.map { segment.sources[$0] } + upstreams.map(tape.place),
      targets: results, firstNode: segment.firstNode)
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
