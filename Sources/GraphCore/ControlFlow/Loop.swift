internal import TensorCore

/// Runs a graph repeatedly: while a condition holds, or a number of times.
///
/// All loops are this one operation, as in lax.scan and lax.while_loop of JAX. Its inputs, in this
/// order: the number of iterations, unless there is a condition; the initial *carries*, which each
/// iteration replaces by the next ones; the *sequences*, whose elements are passed to the body, one
/// in each iteration; and the tensors that the body and the condition capture from the graphs
/// around them. Its results: the last carries, the number of iterations, and the *collected*
/// results of all iterations.
struct Loop: Operation {
  let name: String

  /// The condition, which takes the carries and what it has captured; nil when the first input is
  /// the number of iterations.
  let condition: Executor?

  /// The body, which takes the carries, an element of each sequence, and what it has captured; it
  /// returns the next carries and the results to collect.
  let body: Executor

  let carries: Int
  let sequences: [Form]
  let collected: [Form]

  /// Whether sequences are read from the last element to the first, and results are collected in
  /// that order.
  let isReversed: Bool

  /// The number of iterations after which a condition that still holds is an error.
  let maximumIterations: Int?

  /// How the values of all iterations are stored.
  enum Form: Sendable {
    /// Along the first axis of a tensor; all have one shape.
    case stacked
    /// As a list of tensors of any shapes, which are not copied; used for gradients.
    case list
  }

  init(
    _ name: String, condition: Executor? = nil, body: Executor, carries: Int,
    sequences: [Form] = [], collected: [Form] = [], isReversed: Bool = false,
    maximumIterations: Int? = nil
  ) {
    self.name = name
    self.condition = condition
    self.body = body
    self.carries = carries
    self.sequences = sequences
    self.collected = collected
    self.isReversed = isReversed
    self.maximumIterations = maximumIterations
    effects = Graph.effects(of: [body.graph] + (condition.map { [$0.graph] } ?? []))
  }

  /// The index of the first input of each kind.
  var firstCarry: Int { condition == nil ? 1 : 0 }
  var firstSequence: Int { firstCarry + carries }
  var firstCaptured: Int { firstSequence + sequences.count }
  var firstOfCondition: Int { firstCarry + body.graph.inputs.count }

  /// The index of the first collected result, after the carries and the number of iterations.
  var firstCollected: Int { carries + 1 }

  func results(for inputs: [TensorSpec]) throws -> [TensorSpec] {
    let graph = body.graph
    try inputs.expect(
      firstOfCondition + (condition.map { $0.graph.inputs.count - carries } ?? 0), for: self)
    for (index, value) in graph.inputs.enumerated() {
      let place = index - carries
      if sequences.indices.contains(place) {
        try expectSequence(inputs[firstCarry + index], sequences[place], of: graph.spec(of: value))
      } else {
        try graph.expect(inputs[firstCarry + index], at: value)
      }
    }
    let last = (0..<carries).map { graph.spec(of: graph.inputs[$0]).withoutName }
    let length = zip(sequences, inputs.dropFirst(firstSequence)).lazy
      .compactMap { $0 == .stacked ? $1.shape.first : nil }.first
    let kept = zip(collected, graph.outputs.dropFirst(carries)).map { form, value in
      let spec = graph.spec(of: value)
      return TensorSpec(
        shape: form == .list ? .unknown : spec.shape.stacked(length), dtype: spec.dtype)
    }
    return last + [TensorSpec(shape: .scalar, dtype: .int64)] + kept
  }

  private func expectSequence(_ given: TensorSpec, _ form: Form, of element: TensorSpec) throws {
    guard given.dtype == element.dtype,
      form == .list || given.shape.fits(element.shape.stacked(nil))
    else {
      throw GraphError(
        .internal, "the body '\(body.graph.name)' was made for \(element), of \(given)")
    }
  }

  func run(_ inputs: consuming [Tensor]) throws -> [Tensor] {
    var inputs = inputs
    let count = condition == nil ? Int(try Int64(inputs[0])) : nil
    let captured = Array(inputs[firstCaptured..<firstOfCondition])
    let capturedByCondition = Array(inputs[firstOfCondition...])
    let elements = Array(inputs[firstSequence..<firstCaptured])
    for (sequence, form) in zip(elements, sequences) { try sequence.expect(count, form) }
    var carry = Array(inputs[firstCarry..<firstSequence])
    inputs = []

    var collectors = try zip(collected, body.graph.outputs.dropFirst(carries)).map {
      try Collector($0, count: count, of: body.graph.spec(of: $1), isReversed: isReversed)
    }
    var iteration = 0
    var watch = Interruption.Watch()
    while try goesOn(iteration, count, carry, capturedByCondition, &watch) {
      let place = isReversed ? (count ?? 0) - 1 - iteration : iteration
      var values = carry
      carry = []
      values.reserveCapacity(body.graph.inputs.count)
      for (sequence, form) in zip(elements, sequences) {
        values.append(form == .list ? try sequence.element(place) : try sequence.part(place))
      }
      values += captured
      var results = try body.run(consume values)
      for index in collectors.indices {
        try collectors[index].add(results[carries + index], iteration)
      }
      results.removeSubrange(carries...)
      carry = results
      iteration += 1
    }
    return try carry + [Tensor(Int64(iteration))] + collectors.map { try $0.result() }
  }

  func goesOn(
    _ iteration: Int, _ count: Int?, _ carry: [Tensor], _ captured: [Tensor],
    _ watch: inout Interruption.Watch
  ) throws -> Bool {
    try watch.look()
    if Task.isCancelled {
      throw GraphError(.cancelled, "the task was cancelled after \(iteration) iterations of a loop")
    }
    guard let condition else { return iteration < count ?? 0 }
    guard try condition.run(carry + captured)[0].truth else { return false }
    if let maximumIterations, iteration >= maximumIterations {
      throw GraphError(
        .outOfRange,
        spelled: """
          the condition of the loop still holds after \(maximumIterations) iterations, the \
          maximum; give a larger \(Message.argument("maximumIterations")), or see why it holds
          """)
    }
    return true
  }

  let effects: Effects

  var bodies: [(name: String, graph: Graph)] {
    (condition.map { [("condition", $0.graph)] } ?? []) + [("body", body.graph)]
  }

  var attributes: [(name: String, value: String)] {
    maximumIterations.map { [("maximumIterations", "\($0)")] } ?? []
  }
}

extension Tensor {
  /// Refuses a sequence of another length.
  func expect(_ count: Int?, _ form: Loop.Form) throws {
    let length = form == .list ? list?.count : shape.first
    guard let length, length == count else {
      throw GraphError(
        .invalidArgument,
        "the loop goes over \(count ?? 0) elements, a sequence of shape \(shape) has "
          + "\(length ?? 0); the first extents must be the same")
    }
  }

  func element(_ index: Int) throws -> Tensor {
    guard let list, list.indices.contains(index) else {
      throw GraphError(.internal, "a loop's list has no element \(index); please report this")
    }
    return list[index]
  }
}

extension TensorSpec {
  /// Dtype and shape alone.
  var withoutName: TensorSpec { TensorSpec(shape: shape, dtype: dtype) }
}

extension Shape {
  /// The extent of the first axis, nil when it is not known or there is none.
  var first: Int? { rankIfKnown.flatMap { $0 > 0 ? self[ifKnown: 0] : nil } }

  /// The shape of tensors of this shape, one after another along a new first axis.
  func stacked(_ count: Int?) -> Shape {
    guard let axes else { return .unknown }
    return Shape(extents: [count.map { Extent($0) } ?? nil] + axes)
  }

  /// The shape of the elements along the first axis.
  func unstacked() throws -> Shape {
    guard let rank = rankIfKnown else { return .unknown }
    guard rank > 0 else {
      throw GraphError(
        .invalidArgument, "a tensor of rank 0 has no first axis to go along; give one of rank 1")
    }
    return Shape(extents: (1..<rank).map { extent(at: $0) })
  }
}
