package import TensorCore

/// Runs a graph: a plan that is made once, and any number of runs, on any threads.
///
/// Each run has its own slots, one for each value that is used. A value is removed from its slot at
/// its last use, so that memory is released early. The operation that uses it last has the only
/// reference: it may overwrite the value, and return the same memory without a copy.
///
/// A run begins on the calling thread. When it reaches large operations that do not wait for each
/// other, other threads help with the rest of the run: see ``OverlappingRun``.
package struct Executor: Sendable {
  /// The graph as it was traced, which is inlined into other graphs, and differentiated.
  package let graph: Graph

  /// The graph that is run.
  package var optimizedGraph: Graph { plan.graph }

  /// Whether an operation does more than compute its results.
  package let hasEffects: Bool

  /// Whether a variable may be read.
  let readsVariables: Bool

  private let plan: ExecutionPlan

  /// The observer that the nodes of this task's runs are reported to; nil unless profiling.
  @TaskLocal static var observer: ProfileRecorder?

  /// A plan for `graph`, which the verifier has passed, optimised unless the options say otherwise.
  ///
  /// - Throws: `GraphError` (`internal`) when a pass of the optimiser breaks the graph.
  package init(_ graph: Graph) throws {
    let options = GraphOptions.current
    self.graph = graph
    hasEffects = graph.hasEffects
    readsVariables = graph.mayRead(nil)
    plan = ExecutionPlan(
      for: options.optimizes ? try graph.optimized() : graph, options: options)
  }

  /// The results for these inputs, which have been checked against the graph's input specs.
  ///
  /// After an error no other operation is started; the next run starts from the beginning.
  ///
  /// - Throws: `OperationError` for the operation that throws; for the first of them, in the order of
  ///   the nodes, when several did so at the same time.
  package func run(_ values: consuming [Tensor]) throws -> [Tensor] { try plan.run(values) }

  /// The only result for the only input of a graph, as ``run(_:)``.
  ///
  /// - Precondition: the graph has one of each.
  @inline(__always)
  func run(_ value: Tensor) throws -> Tensor { try plan.run(value) }
}

// MARK: - Runs

extension ExecutionPlan {
  func run(_ values: consuming [Tensor]) throws -> [Tensor] {
    let observer = currentObserver
    if observer == nil, let results = scalars?.run(values) { return results }
    if observer == nil, unsafe onlyBody != nil {
      return try Recorder.withoutRecording { try runOnly(values) }
    }
    return try runSlots(&values, observer)
  }

  private func runSlots(
    _ values: inout [Tensor], _ observer: ProfileRecorder? = nil
  ) throws -> [Tensor] {
    try withSlots { slots in
      for index in inputs.indices {
        if let slot = inputs[index] { slots[slot] = values[index] }
      }
      values = []
      if let results = try run(slots, observer) { return results }
      return try outputs.map { try take($0, from: slots) }
    }
  }

  // A short call uses this function only: passing the result through another costs as much as the
  // call.
  @inline(__always)
  func run(_ value: Tensor) throws -> Tensor {
    if unsafe onlyBody != nil, !Profile.isBeingMade, !Recorder.areOpen {
      return try runOnly(value)
    }
    return try runLong(value)
  }

  private func runLong(_ value: Tensor) throws -> Tensor {
    let observer = currentObserver
    if observer == nil, let result = scalars?.run(value) { return result }
    if observer == nil, unsafe onlyBody != nil { return try run([value])[0] }
    return try withSlots { slots in
      if let input = inputs[0] { slots[input] = value }
      if let results = try run(slots, observer) { return results[0] }
      return try take(outputs[0], from: slots)
    }
  }

  @inline(__always)
  private func runOnly(_ value: Tensor) throws -> Tensor {
    do {
      return try unsafe withUnsafeTemporaryAllocation(of: Tensor.self, capacity: 1) { result in
        guard let result = result.baseAddress else { throw Self.missingValue }
        try unsafe withUnsafePointer(to: value) { try unsafe onlyBody?($0, result) }
        return unsafe result.move()
      }
    } catch {
      throw self.error(error, of: steps[0])
    }
  }

  private func runOnly(_ values: [Tensor]) throws -> [Tensor] {
    let count = outputs.count
    guard count > 0, !values.isEmpty else {
      var values = values
      return try runSlots(&values)
    }
    do {
      return try unsafe values.withUnsafeBufferPointer { values in
        try unsafe Array(unsafeUninitializedCapacity: count) { results, filled in
          guard let inputs = values.baseAddress, let start = results.baseAddress else { return }
          try unsafe onlyBody?(inputs, start)
          filled = count
        }
      }
    } catch {
      throw self.error(error, of: steps[0])
    }
  }

  /// Calls `body` with the slots as they are at the beginning, and records nothing meanwhile.
  @inline(__always)
  private func withSlots<R>(_ body: (borrowing TensorSlots) throws -> R) throws -> R {
    let count = slotCount
    return try unsafe withUnsafeTemporaryAllocation(
      of: Tensor?.self, capacity: count
    ) { memory in
      guard let base = memory.baseAddress else { throw Self.missingValue }
      // One by one: initialising all at once calls the runtime, which takes longer for a few slots.
      if hasConstants {
        for index in 0..<count { unsafe (base + index).initialize(to: slots[index]) }
      } else {
        for index in 0..<count { unsafe (base + index).initialize(to: nil) }
      }
      defer {
        for index in 0..<count { unsafe (base + index).deinitialize(count: 1) }
      }
      let slots = unsafe TensorSlots(base, count: count)
      if Recorder.areOpen { return try Recorder.withoutRecording { try body(slots) } }
      return try body(slots)
    }
  }

  /// The observer; reading it from the task costs more than checking whether a profile is being
  /// made.
  private var currentObserver: ProfileRecorder? {
    Profile.isBeingMade ? Executor.observer : nil
  }

  /// Runs all steps; the results, unless they are in their slots.
  private func run(
    _ slots: borrowing TensorSlots, _ observer: ProfileRecorder?
  ) throws -> [Tensor]? {
    for index in steps.indices {
      let step = steps[index]
      if overlaps, !step.peers.isEmpty, isWorthOverlapping(index, slots) {
        var values = slots.takeAll()
        return try OverlappingRun(of: self, from: index, taking: &values, observer).finish()
      }
      if let body = unsafe step.body, observer == nil {
        do {
          try unsafe run(step, body, slots)
        } catch {
          throw self.error(error, of: step)
        }
        continue
      }
      var arguments: [Tensor] = []
      arguments.reserveCapacity(step.inputs.count)
      for use in step.inputs { arguments.append(try take(use, from: slots)) }
      let results = try run(step, consume arguments, observer)
      for index in results.indices {
        if let slot = step.results[index] { slots[slot] = results[index] }
      }
    }
    return nil
  }

  /// Runs the body of a step on the values of slots.
  @inline(__always)
  private func run(
    _ step: Step, _ body: ValueBody, _ slots: borrowing TensorSlots
  ) throws {
    let (count, resultCount) = (step.inputs.count, step.results.count)
    try unsafe withUnsafeTemporaryAllocation(
      of: Tensor.self, capacity: max(count + resultCount, 1)
    ) { tensors in
      guard let tensors = tensors.baseAddress else { throw Self.missingValue }
      for index in 0..<count {
        guard let tensor = slots.take(step.inputs[index]) else {
          unsafe tensors.deinitialize(count: index)
          throw Self.missingValue
        }
        unsafe (tensors + index).initialize(to: tensor)
      }
      // One by one, as elsewhere in this file: doing all at once calls the runtime.
      defer {
        for index in 0..<count { unsafe (tensors + index).deinitialize(count: 1) }
      }
      try unsafe body(tensors, tensors + count)
      for index in 0..<resultCount {
        let tensor = unsafe (tensors + count + index).move()
        if let slot = step.results[index] { slots[slot] = tensor }
      }
    }
  }

  /// The value in a slot, which is empty afterwards if this was its last use.
  private func take(
    _ use: Use, from slots: borrowing TensorSlots
  ) throws -> Tensor {
    guard let value = slots.take(use) else { throw Self.missingValue }
    return value
  }
}

extension ExecutionPlan {
  /// The results of one step, checked.
  ///
  /// - Throws: `OperationError`.
  func run(
    _ step: Step, _ arguments: consuming [Tensor], _ observer: ProfileRecorder?
  ) throws -> [Tensor] {
    do {
      guard observer == nil && step.duration == nil else {
        return try measured(step, consume arguments, observer)
      }
      return try step.operation.checkedRun(consume arguments, declared: step.declared)
    } catch {
      throw self.error(error, of: step)
    }
  }

  /// The error of a step, with the node's name and line.
  func error(_ error: any Error, of step: Step) -> OperationError {
    let node = graph.nodes[step.node]
    return OperationError(error, in: node.operation, node: node.name, at: node.location)
  }

  private func measured(
    _ step: Step, _ arguments: consuming [Tensor], _ observer: ProfileRecorder?
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

// MARK: - When another thread is worth it

extension ExecutionPlan {
  /// The number of bytes of inputs from which an operation is worth another thread: about 20 µs of
  /// work.
  private static let largeSize = 256 << 10

  /// Whether the next step, and one that does not wait for it, are both large.
  func isWorthOverlapping(_ index: Int, _ slots: borrowing TensorSlots) -> Bool {
    guard isLarge(steps[index], { slots[$0] }) else { return false }
    for peer in steps[index].peers where isLarge(steps[peer], { slots[$0] }) {
      return OverlappingRun.isAllowed
    }
    return false
  }

  /// Whether a step is worth another thread, estimated from the values that are in slots now.
  @inline(__always)
  func isLarge(_ step: Step, _ value: (_ slot: Int) -> Tensor?) -> Bool {
    if let duration = step.duration { return duration.isLong }
    var size = 0
    for use in step.inputs { size += value(use.slot)?.approximateSize ?? 0 }
    return size >= Self.largeSize
  }

  /// Whether inputs are that large; nil when their sizes are not known.
  static func isLarge(_ inputs: [TensorSpec]) -> Bool? {
    var size = 0
    for spec in inputs {
      guard let count = spec.shape.countIfKnown else { return nil }
      if count >= largeSize { return true }
      size += count * spec.dtype.approximateSize
    }
    return size >= largeSize
  }
}

extension Tensor {
  /// The size of the elements, in bytes; estimated for strings, and 0 for what is no tensor.
  fileprivate var approximateSize: Int { (countIfKnown ?? 0) * dtype.approximateSize }
}

extension DType {
  /// The size of an element, in bytes; estimated for strings.
  fileprivate var approximateSize: Int { self == .string ? 16 : itemSize }
}
