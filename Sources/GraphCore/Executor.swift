package import TensorCore

/// Runs a graph: a plan that is made once, and any number of runs, on any threads.
///
/// Each run has its own slots, one for each value that is used. A value leaves its slot with its
/// last use, so that memory is released early, and the operation that uses it last is the only one
/// that holds it: it may write in place, and hand the memory on without a copy.
///
/// A run takes place on the thread that calls. When it comes to operations that do not wait for each
/// other, and are large enough, other threads help with what is left of it: see ``OverlappingRun``.
package struct Executor: Sendable {
  /// The graph as it was traced: what is inlined into other graphs, and differentiated.
  package let graph: Graph

  /// The graph that is run.
  package var optimizedGraph: Graph { plan.graph }

  /// Whether an operation does more than compute its results.
  package let hasEffects: Bool

  private let plan: ExecutionPlan

  private let overlaps: Bool

  /// Who is told of the nodes that this task runs; nobody, unless a profile is being made.
  @TaskLocal package static var observer: (any RunObserver)?

  /// A plan for `graph`, which the verifier has passed, optimised unless the options say otherwise.
  ///
  /// - Throws: `GraphError` (`internal`) when a pass of the optimiser breaks the graph.
  package init(_ graph: Graph) throws {
    let options = GraphOptions.current
    self.graph = graph
    hasEffects = graph.hasEffects
    plan = ExecutionPlan(for: options.optimizes ? try graph.optimized() : graph)
    overlaps = options.overlaps
  }

  /// The results for these inputs, which have been found to fit the graph's input specs.
  ///
  /// After an error no later operation begins; the next run begins anew.
  ///
  /// - Throws: `OperationError` for the operation that throws; for the first of them, in the order of
  ///   the nodes, when several did so at the same time.
  package func run(_ values: consuming [Tensor]) throws -> [Tensor] {
    var slots = plan.slots
    for index in plan.inputs.indices {
      if let slot = plan.inputs[index] { slots[slot] = values[index] }
    }
    values = []
    return try GraphBuilder.withoutRecording { try run(&slots, Self.observer) }
  }

  private func run(_ slots: inout [Tensor?], _ observer: (any RunObserver)?) throws -> [Tensor] {
    for index in plan.steps.indices {
      let step = plan.steps[index]
      if overlaps, !step.peers.isEmpty, plan.isWorthOverlapping(index, slots) {
        return try OverlappingRun(of: plan, from: index, taking: &slots, observer).finish()
      }
      var arguments: [Tensor] = []
      arguments.reserveCapacity(step.inputs.count)
      for use in step.inputs { arguments.append(try take(use, from: &slots)) }
      let results = try plan.run(step, consume arguments, observer)
      for index in results.indices {
        if let slot = step.results[index] { slots[slot] = results[index] }
      }
    }
    return try plan.outputs.map { try take($0, from: &slots) }
  }

  /// The value in a slot, which is empty afterwards if this was its last use.
  private func take(_ use: ExecutionPlan.Use, from slots: inout [Tensor?]) throws -> Tensor {
    guard let value = use.isLast ? slots[use.slot].take() : slots[use.slot] else {
      throw ExecutionPlan.missingValue
    }
    return value
  }
}

extension ExecutionPlan {
  /// The results of one step, checked.
  ///
  /// - Throws: `OperationError`.
  func run(
    _ step: Step, _ arguments: consuming [Tensor], _ observer: (any RunObserver)?
  ) throws -> [Tensor] {
    do {
      guard observer == nil && step.duration == nil else {
        return try measured(step, consume arguments, observer)
      }
      return try step.operation.checkedRun(consume arguments, declared: step.declared)
    } catch {
      let node = graph.nodes[step.node]
      throw OperationError(error, in: node.operation, node: node.name, at: node.location)
    }
  }

  private func measured(
    _ step: Step, _ arguments: consuming [Tensor], _ observer: (any RunObserver)?
  ) throws -> [Tensor] {
    observer?.nodeBegins(step.node, of: graph)
    let clock = ContinuousClock()
    let began = clock.now
    var results: [Tensor]?
    defer {
      let times = began..<clock.now
      step.duration?.note(times.lowerBound.duration(to: times.upperBound))
      observer?.nodeEnds(step.node, of: graph, times: times, results: results)
    }
    results = try step.operation.checkedRun(consume arguments, declared: step.declared)
    return results ?? []
  }

  static var missingValue: GraphError {
    GraphError(.internal, "a value was used before it was there; please report this")
  }
}

// MARK: - What pays

extension ExecutionPlan {
  /// From how many bytes of inputs on an operation is worth another thread: some 20 µs of work.
  private static let largeSize = 256 << 10

  /// Whether a step that is to be run now, and one that does not wait for it, are both large.
  func isWorthOverlapping(_ index: Int, _ slots: [Tensor?]) -> Bool {
    isLarge(steps[index], slots) && steps[index].peers.contains { isLarge(steps[$0], slots) }
      && OverlappingRun.isAllowed
  }

  /// Whether a step takes long enough for another thread to be worth it, by what is known now.
  func isLarge(_ step: Step, _ slots: [Tensor?]) -> Bool {
    if let duration = step.duration { return duration.isLong }
    var size = 0
    for use in step.inputs {
      guard let tensor = slots[use.slot] else { continue }
      size += (tensor.count ?? 0) * tensor.dtype.approximateSize
    }
    return size >= Self.largeSize
  }

  /// Whether inputs are so large; nil when their sizes are not known.
  static func isLarge(_ inputs: [TensorSpec]) -> Bool? {
    var size = 0
    for spec in inputs {
      guard let count = spec.shape.count else { return nil }
      if count >= largeSize { return true }
      size += count * spec.dtype.approximateSize
    }
    return size >= largeSize
  }
}

extension DType {
  /// The size of an element, in bytes; a guess for strings.
  fileprivate var approximateSize: Int { self == .string ? 16 : itemSize }
}
