internal import TensorCore

/// The gradients of an operation's inputs, computed by running the operation again and recording
/// it.
///
/// Its inputs are those of the operation, followed by the gradients of the results that have one.
struct Rematerialization: CompositeOperation {
  let base: any CompositeOperation
  let inputCount: Int
  let wanted: [Int]
  let given: [Int]
  /// The variables whose gradients are computed as well.
  let variables: [Variable]
  let location: SourceLocation

  var name: String { "\(base.name)Gradient" }

  func results(for inputs: [TensorSpec]) throws -> [TensorSpec] {
    try inputs.expect(inputCount + given.count, for: self)
    return wanted.map { inputs[$0].withoutName } + variables.map(\.spec)
  }

  func mayRead(_ variables: Set<Variable>?) -> Bool { base.mayRead(variables) }

  func run(_ inputs: [Tensor]) throws -> [Tensor] {
    let (_, segment) = try base.runRecording(Array(inputs.prefix(inputCount)), at: location)
    return try segment.gradients(
      wanted: wanted, given: given, variables: variables,
      upstreams: Array(inputs.suffix(given.count)), isRecorded: false,
      orZerosLike: wanted.map { inputs[$0] })
  }

  func runParts(on inputs: [Tensor]) throws -> [Tensor] {
    let (_, segment) = try base.runTaped(Array(inputs.prefix(inputCount)), at: location)
    let upstreams = Array(inputs.suffix(given.count))
    return try segment.gradients(
      wanted: wanted, given: given, variables: variables, upstreams: upstreams,
      isRecorded: segment.owner == nil,
      orZerosLike: wanted.map { inputs[$0] })
  }

  func gradients(for request: GradientRequest) throws -> [Tensor?] {
    try recordedGradients(for: request, rematerializes: true)
  }

  var effects: Effects { base.effects }

  var attributes: [(name: String, value: String)] {
    base.attributes + [("inputs", "\(wanted)"), ("results", "\(given)")]
  }

  var identity: AnyHashable? {
    base.identity.map {
      [
        AnyHashable(ObjectIdentifier(type(of: base))), $0, AnyHashable(wanted), AnyHashable(given),
        AnyHashable(variables),
      ]
    }
  }

  let mayTakeLong = true
}
