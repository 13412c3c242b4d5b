package import TensorCore

/// Runs a graph: a plan that is made once, and any number of runs, on any threads.
///
/// Each run has its own slots, one for each value that is used. A value leaves its slot with its
/// last use, so that memory is released early, and the operation that uses it last is the only one
/// that holds it: it may write in place, and hand the memory on without a copy.
package struct Executor: Sendable {
  /// The graph as it was traced: what is inlined into other graphs, and differentiated.
  package let graph: Graph

  /// The graph that is run.
  package let optimizedGraph: Graph

  /// Whether an operation does more than compute its results.
  package let hasEffects: Bool

  /// The slots at the beginning of a run: the constants are in place.
  private let slots: [Tensor?]

  /// Where the inputs go; nil for one that nobody uses.
  private let inputs: [Int?]

  private let steps: [Step]

  /// Where the results are found; each is the last use of its slot, or not.
  private let outputs: [Use]

  private struct Use {
    let slot: Int
    let isLast: Bool
  }

  /// A class, since handing on a reference costs less than copying all this.
  private final class Step: Sendable {
    let operation: any Operation
    let inputs: [Use]
    /// What the results must be.
    let declared: [TensorSpec]
    /// Where the results go; nil for one that nobody uses.
    let results: [Int?]
    /// The node's index in the graph, for errors.
    let node: Int

    init(_ node: Graph.Node, inputs: [Use], results: [Int?], node index: Int) {
      operation = node.operation
      declared = node.results
      self.inputs = inputs
      self.results = results
      self.node = index
    }
  }

  /// Who is told of the nodes that this task runs; nobody, unless a profile is being made.
  @TaskLocal package static var observer: (any RunObserver)?

  /// A plan for `graph`, which the verifier has passed.
  ///
  /// - Throws: `GraphError` (`internal`) when a pass of the optimiser breaks the graph.
  package init(_ graph: Graph) throws {
    self.graph = graph
    hasEffects = graph.hasEffects
    let graph = GraphOptions.current.optimizes ? try graph.optimized() : graph
    optimizedGraph = graph

    // Values get slots in the order of their first use, and lose them at their last: walking the
    // uses backwards, the first one met is the last one made.
    var slotOf: [Graph.Value: Int] = [:]
    var used: Set<Graph.Value> = []
    func use(_ value: Graph.Value) -> Use {
      let slot = slotOf[value] ?? slotOf.count
      slotOf[value] = slot
      return Use(slot: slot, isLast: used.insert(value).inserted)
    }
    outputs = Array(graph.outputs.reversed().map(use).reversed())
    // A pure node whose results nobody uses is not run, and needs no inputs.
    var uses: [[Use]?] = []
    for (index, node) in graph.nodes.enumerated().reversed() {
      let isNeeded =
        node.operation.effects != .pure
        || node.results.indices.contains {
          slotOf[Graph.Value(node: index, result: $0)] != nil
        }
      uses.append(isNeeded ? Array(node.inputs.reversed().map(use).reversed()) : nil)
    }
    uses.reverse()

    var slots = [Tensor?](repeating: nil, count: slotOf.count)
    var steps: [Step] = []
    for (index, node) in graph.nodes.enumerated() {
      let results = node.results.indices.map { slotOf[Graph.Value(node: index, result: $0)] }
      if let constant = node.operation as? Constant {
        if let slot = results.first, let slot { slots[slot] = constant.value }
      } else if !(node.operation is Input), let inputs = uses[index] {
        steps.append(Step(node, inputs: inputs, results: results, node: index))
      }
    }
    self.slots = slots
    self.steps = steps
    inputs = graph.inputs.map { slotOf[$0] }
  }

  /// The results for these inputs, which have been found to fit the graph's input specs.
  ///
  /// After an error no later operation runs; the next run begins anew.
  ///
  /// - Throws: `OperationError` for the first operation that throws.
  package func run(_ values: consuming [Tensor]) throws -> [Tensor] {
    var slots = slots
    for (slot, value) in zip(inputs, values) {
      if let slot { slots[slot] = value }
    }
    values = []
    let observer = Self.observer
    try GraphBuilder.withoutRecording {
      for step in steps { try run(step, &slots, observer) }
    }
    return try outputs.map { try take($0, from: &slots) }
  }

  private func run(
    _ step: Step, _ slots: inout [Tensor?], _ observer: (any RunObserver)?
  ) throws {
    do {
      var arguments: [Tensor] = []
      arguments.reserveCapacity(step.inputs.count)
      for index in step.inputs.indices {
        arguments.append(try take(step.inputs[index], from: &slots))
      }
      let results =
        if let observer {
          try observed(step, consume arguments, by: observer)
        } else {
          try step.operation.checkedRun(consume arguments, declared: step.declared)
        }
      for index in results.indices {
        if let slot = step.results[index] { slots[slot] = results[index] }
      }
    } catch {
      let node = optimizedGraph.nodes[step.node]
      throw OperationError(error, in: node.operation, node: node.name, at: node.location)
    }
  }

  private func observed(
    _ step: Step, _ arguments: consuming [Tensor], by observer: any RunObserver
  ) throws -> [Tensor] {
    observer.nodeBegins(step.node, of: optimizedGraph)
    let clock = ContinuousClock()
    let began = clock.now
    var results: [Tensor]?
    defer {
      observer.nodeEnds(
        step.node, of: optimizedGraph, times: began..<clock.now, results: results)
    }
    results = try step.operation.checkedRun(consume arguments, declared: step.declared)
    return results ?? []
  }

  /// The value in a slot, which is empty afterwards if this was its last use.
  private func take(_ use: Use, from slots: inout [Tensor?]) throws -> Tensor {
    guard let value = use.isLast ? slots[use.slot].take() : slots[use.slot] else {
      throw GraphError(.internal, "a value was used before it was there; please report this")
    }
    return value
  }
}
