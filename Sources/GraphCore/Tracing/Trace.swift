internal import TensorCore

/// An object that keeps alive the objects that a graph's operations use.
package protocol GraphOwner {
  /// A new reference to it, for another graph or tape that gets the operations.
  func reference() throws -> any AnyObject & Sendable
}

/// A closure that has been traced as a graph, with everything that is needed to call it.
///
/// A class, since passing a reference costs less than copying all this at each call.
final class Trace: Sendable {
  /// The graph, with the plan to run it.
  let executor: Executor

  /// The structure of the results, for ``GraphResults``.
  let parts: [ResultPart]

  private let specs: [TensorSpec]

  /// The required dtype of the only input of a graph with one result; nil for other graphs.
  private let only: (dtype: DType, takesAnyShape: Bool)?

  /// The dtypes of the inputs, if no shapes are declared; otherwise nil.
  private let plainDTypes: [DType]?

  /// The specs, with the names that their extents share.
  private let declared: NamedExtents

  /// Calls `body` with a symbolic tensor for each spec, and makes a graph of its operations.
  ///
  /// `origin` identifies the closure, to detect one that calls itself.
  ///
  /// - Throws: what `body` throws; `GraphError` when it returns tensors of another graph.
  init(
    of body: ([Tensor]) throws -> FlatResults, for specs: [TensorSpec], name: String,
    at location: SourceLocation, origin: TraceOrigin?
  ) throws {
    let builder = GraphBuilder(name: name, location: location, origin: origin)
    // A tensor that is used after the closure has returned must not keep the nodes alive.
    defer { builder.close() }
    let inputs = specs.map(builder.addInput)
    let results = try builder.tracing { try body(inputs) }
    executor = try Executor(builder.finish(returning: results.tensors))
    parts = results.parts
    self.specs = specs
    plainDTypes = specs.allSatisfy { $0.shape.rankIfKnown == nil } ? specs.map(\.dtype) : nil
    let isSingle = specs.count == 1 && results.tensors.count == 1
    only =
      isSingle && !specs[0].shape.hasNames
      ? (specs[0].dtype, specs[0].shape.rankIfKnown == nil) : nil
    declared = NamedExtents(
      specs, labels: specs.indices.map { "input \($0)" }, of: "graph function '\(name)'")
  }

  /// Runs the graph; or adds its nodes to the graph that is being built, if an input is symbolic,
  /// or an operation has effects, which must happen each time that graph runs.
  ///
  /// If an input is taped, or if the graph may read variables inside recorded code, the nodes are
  /// run one by one, and recorded. A graph or tape that gets the nodes keeps `owner` alive.
  func call(_ inputs: [Tensor], owner: (any GraphOwner)? = nil) throws -> [Tensor] {
    if acceptsWithoutConversion(inputs), !(Recorder.areOpen && isOfInterest) {
      return try executor.run(inputs)
    }
    let inputs = try fitted(inputs)
    if let symbolic = inputs.first(where: \.isSymbolic) {
      guard let builder = Recorder.active ?? symbolic.symbol?.recorder else {
        throw GraphError(.invalidArgument, "a symbolic tensor was not made by a graph function")
      }
      return try inline(inputs, into: builder, owner)
    }
    if executor.hasEffects, let builder = Recorder.active {
      return try inline(inputs, into: builder, owner)
    }
    if let taped = Recorder.ofTaped(inputs) { return try inline(inputs, into: taped, owner) }
    if executor.readsVariables, Recorder.active == nil,
      let ambient = GradientTape.current?.tape.ifUsable
    {
      return try inline(inputs, into: ambient, owner)
    }
    return try executor.run(inputs.allSatisfy(\.isPlain) ? inputs : inputs.map(\.plain))
  }

  /// Whether code around a call may have to record it, even if its inputs are values.
  private var isOfInterest: Bool { executor.hasEffects || executor.readsVariables }

  /// Whether the inputs are values that fit whatever their shapes are; this is a quick check.
  private func acceptsWithoutConversion(_ inputs: [Tensor]) -> Bool {
    guard let plainDTypes, plainDTypes.count == inputs.count else { return false }
    for index in inputs.indices {
      guard inputs[index].dtype == plainDTypes[index], inputs[index].isPlain else { return false }
    }
    return true
  }

  /// The only result for the only input: as ``call(_:)``, but without arrays if possible.
  @inline(__always)
  func call(_ input: Tensor) throws -> Tensor {
    guard let only, input.dtype == only.dtype, input.isPlain,
      only.takesAnyShape || specs[0].accepts(input),
      !(Recorder.areOpen && isOfInterest)
    else { return try call([input])[0] }
    return try executor.run(input)
  }

  /// Refuses specs that do not fit the declared ones.
  func check(_ given: [TensorSpec]) throws(GraphError) {
    try specs.expect(given.count, ofGraphFunction: executor.graph.name)
    for (index, (spec, given)) in zip(specs, given).enumerated() {
      guard spec.dtype == given.dtype, given.shape.fits(spec.shape) else {
        throw spec.misfit(given, subject: declared.subject(index))
      }
    }
    try declared.check { given[$0].shape }
  }

  /// The inputs, with literals converted to the declared dtypes.
  private func fitted(_ inputs: [Tensor]) throws -> [Tensor] {
    try specs.expect(inputs.count, ofGraphFunction: executor.graph.name)
    var fitted = inputs
    for (index, spec) in specs.enumerated() {
      if fitted[index].isLiteral { fitted[index] = try literal(inputs[index], at: index) }
      guard spec.accepts(fitted[index]) else {
        throw spec.misfit(TensorSpec(of: fitted[index]), subject: declared.subject(index))
      }
    }
    try declared.check { [fitted] in fitted[$0].shape }
    return fitted
  }

  private func literal(_ input: Tensor, at index: Int) throws(GraphError) -> Tensor {
    do {
      return try input.literal(as: specs[index].dtype)
    } catch {
      throw GraphError(
        error.code,
        spelled: """
          \(declared.subject(index)): declared \(specs[index]); \(Message(of: error))
          """)
    }
  }

  /// Adds the nodes to `builder` instead of running the graph.
  private func inline(
    _ inputs: [Tensor], into builder: any OperationRecorder, _ owner: (any GraphOwner)?
  ) throws -> [Tensor] {
    try builder.check(inputs)
    if let owner {
      try builder.keep(owner.reference(), isShared: false)
    } else {
      for kept in executor.graph.kept { builder.keep(kept.object, isShared: true) }
    }
    return try Recorder.$current.withValue(builder) {
      try executor.graph.applied(to: ensured(inputs))
    }
  }

  /// The inputs, with checks in the graph for those that are not known to fit.
  private func ensured(_ inputs: [Tensor]) throws -> [Tensor] {
    var inputs = inputs
    let related = declared.undecided(inputs.map(\.shape)).sorted()
    if !related.isEmpty {
      let results = try EnsureExtents(declared: declared.only(related))
        .apply(to: related.map { inputs[$0] }, at: executor.graph.location)
      for (index, result) in zip(related, results) { inputs[index] = result }
    }
    for (index, spec) in specs.enumerated() where !spec.includes(TensorSpec(of: inputs[index])) {
      let location = executor.graph.nodes[executor.graph.inputs[index].node].location
      let check = EnsureShape(spec: spec, subject: declared.subject(index))
      inputs[index] = try check.apply(to: [inputs[index]], at: location)[0]
    }
    return inputs
  }
}

extension [TensorSpec] {
  /// Refuses another number of inputs than a graph function takes.
  func expect(_ given: Int, ofGraphFunction name: String) throws(GraphError) {
    guard given == count else {
      let list = map { spec in spec.name.map { "\($0): \(spec)" } ?? "\(spec)" }
      throw GraphError(
        .invalidArgument,
        "graph function '\(name)' takes \(counted(count, "input")) "
          + "(\(list.joined(separator: ", "))), \(given) \(given == 1 ? "was" : "were") given")
    }
  }
}
