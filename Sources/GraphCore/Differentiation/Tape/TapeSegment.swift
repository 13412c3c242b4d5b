internal import TensorCore

/// A part of a tape that is differentiated on its own, the run of one operation: which values of the
/// tape are its inputs, and which its results.
///
/// It is a value in the run of a graph. The tape is released with its last segment.
package final class TapeSegment: Sendable {
  /// The name of the recorded code, for messages.
  private let name: String

  /// Keeps the tape open; nil when it belongs to code around the run.
  let owner: GradientTape?

  let tape: Tape

  /// For each input its place on the tape; nil for those that cannot be differentiated.
  let sources: [Graph.Value?]

  /// For each result its place on the tape; nil for those that depend on no input.
  let targets: [Graph.Value?]

  private let specs: [TensorSpec]

  /// The first node of the run; reads of variables count from this node on.
  let firstNode: Int

  /// Where the recorded code first read a recorded tensor as a number.
  private let firstRead: SourceLocation?

  /// - Parameters:
  ///   - name: what was recorded, for messages.
  ///   - tape: the tape.
  ///   - owner: what keeps the tape open, if the segment is to do so.
  ///   - sources: for each input its place on the tape, if it has one.
  ///   - targets: the results.
  ///   - firstNode: the first node of the run.
  ///   - firstRead: where the run first read a recorded tensor as a number.
  init(
    of name: String, on tape: Tape, owner: GradientTape?, sources: [Graph.Value?],
    targets: [Tensor], firstNode: Int, firstRead: SourceLocation? = nil
  ) {
    self.name = name
    self.tape = tape
    self.owner = owner
    self.sources = sources
    self.targets = targets.map(tape.place)
    specs = targets.map(TensorSpec.init(of:))
    self.firstNode = firstNode
    self.firstRead = firstRead
  }

  /// The spec of a segment as a value in a graph.
  static var spec: TensorSpec { TensorSpec(of: Tensor(object: Placeholder())) }

  private final class Placeholder: Sendable {}

  /// The gradients of inputs, and of variables; nil for those on which no result depends.
  ///
  /// - Parameters:
  ///   - wanted: which inputs.
  ///   - given: which results have an upstream gradient.
  ///   - variables: which variables: the sum over their reads.
  ///   - upstreams: the upstream gradients of `given`.
  ///   - isRecorded: whether the gradients are recorded, so that they can be differentiated.
  /// - Returns: a gradient for each of the wanted inputs, and then for each of the variables.
  /// - Throws: `GraphError` when an upstream gradient does not have its result's shape, its result
  ///   is a value that may depend on a number read from a recorded tensor, or the tape is closed;
  ///   `OperationError` for a recorded operation that has no gradient.
  func gradients(
    wanted: [Int], given: [Int], variables: [Variable] = [], upstreams: [Tensor], isRecorded: Bool
  ) throws -> [Tensor?] {
    guard tape.isOpen else {
      throw GraphError(
        .failedPrecondition, "the record of \(name) is closed, and has no gradient any more")
    }
    for (result, upstream) in zip(given, upstreams) where upstream.shape != specs[result].shape {
      throw GraphError(
        .invalidArgument,
        "the gradient of result \(result) of \(name) must have its shape, \(specs[result].shape), "
          + "not \(upstream.shape)")
    }
    if let firstRead {
      for result in given where targets[result] == nil && specs[result].dtype.isDifferentiable {
        throw specs[result].lost("result \(result) of \(name)", at: firstRead)
      }
    }
    let reads = reads(of: variables)
    func walk() throws -> [Tensor?] {
      var walk = Backpropagation(
        through: tape, at: tape.location, isRecorded: isRecorded)
      for (result, upstream) in zip(given, upstreams) {
        if let target = targets[result] { walk.add(upstream, to: target) }
      }
      let inputs = wanted.compactMap { sources[$0] }
      let found = try walk.run(to: inputs + reads.flatMap(\.self))
      return try found.prefix(inputs.count)
        + found.dropFirst(inputs.count).totals(of: reads.map(\.count), at: tape.location)
    }
    var found = try isRecorded ? Recorder.$current.withValue(tape, operation: walk) : walk()
    let ofVariables = found.suffix(variables.count)
    found.removeLast(variables.count)
    found.reverse()
    return wanted.map { sources[$0] == nil ? nil : found.removeLast() } + ofVariables
  }

  /// For each variable, the values that the run has read from it.
  private func reads(of variables: [Variable]) -> [[Graph.Value]] {
    if variables.isEmpty { return [] }
    let end = targets.reduce(0) { max($0, ($1?.node ?? -1) + 1) }
    let first = min(firstNode, end)
    return tape.nodes(first..<end).reads(of: variables).map { reads in
      reads.map { Graph.Value(node: first + $0.node, result: $0.result) }
    }
  }

  /// The gradients of inputs, and of variables; zeros for those on which no result depends.
  func gradients(
    wanted: [Int], given: [Int], variables: [Variable], upstreams: [Tensor], isRecorded: Bool,
    orZerosLike inputs: [Tensor]
  ) throws -> [Tensor] {
    let found = try gradients(
      wanted: wanted, given: given, variables: variables, upstreams: upstreams,
      isRecorded: isRecorded)
    return try zip(found, inputs + variables.map(\.current)).map { gradient, input in
      try gradient ?? Tensor(zeros: input.shape, dtype: input.dtype)
    }
  }
}

extension Tensor {
  /// The segment of a tape that this tensor holds.
  var segment: TapeSegment {
    get throws {
      guard let segment = object as? TapeSegment else {
        throw GraphError(.internal, "a gradient was given no tape; please report this")
      }
      return segment
    }
  }
}
