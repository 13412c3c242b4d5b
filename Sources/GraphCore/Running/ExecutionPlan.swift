internal import Synchronization
internal import TensorCore

/// How a graph is run, decided once: which values have slots, what runs in which order, and what
/// may run at the same time.
///
/// A class, since passing a reference costs less than copying all this.
@safe final class ExecutionPlan: Sendable {
  /// The graph that is run.
  let graph: Graph

  /// The slots at the beginning of a run: the constants are in place.
  let slots: [Tensor?]

  let slotCount: Int

  /// Whether a slot has a value at the beginning.
  let hasConstants: Bool

  /// The slots of the inputs; nil for an unused input.
  let inputs: [Int?]

  /// What is run, in order.
  let steps: [Step]

  /// The body of the only step, whose inputs and results are those of the graph, in the same order;
  /// nil for any other graph.
  let onlyBody: ValueBody?

  /// Whether steps that do not wait for each other may run at the same time.
  let overlaps: Bool

  /// For each step, the later steps that wait for it.
  let successors: [[Int]]

  /// The slots of the results; each is a use of its slot, and may be the last one.
  let outputs: [Use]

  /// The program that runs the graph when all its inputs are scalars; nil when there is none.
  let scalars: LoopProgram?

  /// One use of a value.
  typealias Use = TensorSlots.Use

  /// One node that is run.
  @safe final class Step: Sendable {
    let operation: any Operation
    /// The body that runs the operation on values in memory; nil when it takes and returns arrays.
    let body: ValueBody?
    let inputs: [Use]
    /// The declared specs of the results.
    let declared: [TensorSpec]
    /// The slots of the results; nil for an unused result.
    let results: [Int?]
    /// The node's index in the graph, for errors.
    let node: Int
    /// Whether it must keep its order with the other ordered steps.
    let isOrdered: Bool
    /// The earlier steps that it waits for.
    let dependencies: [Int]
    /// The duration of the last run; nil if it depends on the sizes of the inputs, or does not
    /// matter.
    let duration: StepDuration?
    /// Later steps that might be run at the same time, if both are large enough; not all of them.
    let peers: [Int]

    fileprivate init(
      _ node: Graph.Node, of graph: Graph, inputs: [Use], results: [Int?], node index: Int,
      dependencies: [Int], peers: [Int], isPeer: Bool
    ) {
      operation = node.operation
      declared = node.results
      self.inputs = inputs
      self.results = results
      self.node = index
      // A loop ends when its task is cancelled, and helpers have no task.
      isOrdered = node.operation.effects == .ordered || !node.operation.bodies.isEmpty
      self.dependencies = dependencies
      // Only an operation that could run at the same time as another is timed.
      let isOfInterest = node.operation.mayTakeLong && (isPeer || !peers.isEmpty)
      duration = isOfInterest ? StepDuration() : nil
      if !isOfInterest, let operation = node.operation as? any KernelOperation,
        !(operation is any ElementwiseOperation),
        case .values(let body) = operation.kernel(for: node.inputs.map { graph.spec(of: $0).dtype })
      {
        unsafe self.body = body
      } else {
        unsafe body = nil
      }
      self.peers = peers
    }
  }

  /// A plan for a graph that the verifier has passed.
  init(for graph: Graph, options: GraphOptions) {
    self.graph = graph
    overlaps = options.overlaps
    // The uses are visited backwards, so that the first use of a value that is found is its last
    // one in a run. The value then gets a slot.
    var slots = SlotNumbers(graph)
    func use(_ value: Graph.Value) -> Use { slots.use(value) }
    outputs = Array(graph.outputs.reversed().map(use).reversed())
    // A pure node with unused results is not run, and needs no inputs.
    var uses: [[Use]?] = []
    uses.reserveCapacity(graph.nodes.count)
    for index in graph.nodes.indices.reversed() {
      let isNeeded =
        graph.nodes[index].operation.effects != .pure
        || slots.hasAny(ofNode: index)
      uses.append(
        isNeeded ? Array(graph.nodes[index].inputs.reversed().map(use).reversed()) : nil)
    }
    uses.reverse()

    var filled = [Tensor?](repeating: nil, count: slots.count)
    var running: [Int] = []
    // Nodes are accessed in place: copying one costs more than the rest.
    for index in graph.nodes.indices {
      if let constant = graph.nodes[index].operation as? Constant {
        if let slot = slots[Graph.Value(node: index, result: 0)] { filled[slot] = constant.value }
      } else if !graph.nodes[index].isInput, uses[index] != nil {
        running.append(index)
      }
    }
    let order = StepOrder(of: running, in: graph)
    let peers = running.indices.map { order.peers(of: $0) }
    let allPeers = Set(peers.joined())
    steps = running.enumerated().map { step, index in
      let node = graph.nodes[index]
      return Step(
        node, of: graph, inputs: uses[index] ?? [],
        results: node.results.indices.map { slots[Graph.Value(node: index, result: $0)] },
        node: index, dependencies: order.dependencies[step], peers: peers[step],
        isPeer: allPeers.contains(step))
    }
    let graphInputs = graph.inputs.map { slots[$0] }
    if steps.count == 1, case let only = steps[0], only.inputs.map(\.slot) == graphInputs,
      outputs.map(\.slot) == only.results
    {
      unsafe onlyBody = only.body
    } else {
      unsafe onlyBody = nil
    }
    successors = order.successors
    self.slots = filled
    slotCount = filled.count
    hasConstants = filled.contains { $0 != nil }
    inputs = graphInputs
    scalars =
      options.optimizes
      ? LoopProgram(
        steps, slots: filled,
        inputs: zip(inputs, graph.inputs).map { ($0, graph.spec(of: $1).dtype) }, outputs: outputs)
      : nil
  }
}

/// The slots of the values of a graph, numbered in the order in which the values are first
/// requested.
private struct SlotNumbers {
  private(set) var count = 0
  private let numbers: ValueNumbers
  private var slots: [Int?]

  init(_ graph: Graph) {
    numbers = ValueNumbers(of: graph.nodes)
    slots = Array(repeating: nil, count: numbers.count)
  }

  /// The slot of a value; nil for one that has none.
  subscript(value: Graph.Value) -> Int? { numbers[value].flatMap { slots[$0] } }

  /// Whether any result of a node has a slot.
  func hasAny(ofNode node: Int) -> Bool { numbers[node: node].contains { slots[$0] != nil } }

  /// A use of a value, which gets a slot if it has none: then this is the last use.
  mutating func use(_ value: Graph.Value) -> ExecutionPlan.Use {
    guard let number = numbers[value] else { preconditionFailure("a value of another graph") }
    if let slot = slots[number] { return ExecutionPlan.Use(slot: slot, isLast: false) }
    slots[number] = count
    count += 1
    return ExecutionPlan.Use(slot: count - 1, isLast: true)
  }
}

/// The duration of an operation in its last run.
final class StepDuration: Sendable {
  private let nanoseconds = Atomic<Int64>(.max)

  /// The duration from which another thread is worth it, in nanoseconds: waking one takes 10 000.
  private static let worthwhile: Int64 = 100_000

  /// Whether the operation took long, or has not run yet.
  var isLong: Bool { nanoseconds.load(ordering: .relaxed) >= Self.worthwhile }

  func note(_ duration: Duration) {
    let (seconds, attoseconds) = duration.components
    nanoseconds.store(seconds * 1_000_000_000 + attoseconds / 1_000_000_000, ordering: .relaxed)
  }
}

extension [Int] {
  /// Numbers in order, each once.
  fileprivate var withoutRepetition: [Int] {
    indices.dropFirst().allSatisfy { self[$0 - 1] != self[$0] }
      ? self : indices.filter { $0 == 0 || self[$0 - 1] != self[$0] }.map { self[$0] }
  }
}

/// The dependencies between the steps of a graph.
private struct StepOrder {
  /// For each step, the earlier steps that it waits for.
  private(set) var dependencies: [[Int]] = []

  /// For each step, the later steps that wait for it.
  var successors: [[Int]] {
    var successors = [[Int]](repeating: [], count: dependencies.count)
    for (step, earlier) in dependencies.enumerated() {
      for other in earlier { successors[other].append(step) }
    }
    return successors
  }

  /// For each step, whether it may be large enough to run at the same time as another.
  private var mayBeLarge: [Bool] = []

  /// The number of later steps that are searched for peers, and the maximum number of peers:
  /// without limits, the time to plan a graph would grow with the square of its size.
  private static let (horizon, most) = (128, 8)

  /// - Parameters:
  ///   - running: the indices of the nodes that are run.
  ///   - graph: their graph.
  init(of running: [Int], in graph: Graph) {
    var stepOf = [Int?](repeating: nil, count: graph.nodes.count)
    var lastOrdered: Int?
    for (step, index) in running.enumerated() {
      stepOf[index] = step
      var earlier = graph.nodes[index].inputs.compactMap { stepOf[$0.node] }
      if graph.nodes[index].operation.effects == .ordered {
        if let lastOrdered { earlier.append(lastOrdered) }
        lastOrdered = step
      }
      earlier.sort()
      dependencies.append(earlier.withoutRepetition)
      mayBeLarge.append(
        graph.nodes[index].operation.mayTakeLong
          || ExecutionPlan.isLarge(graph.nodes[index].inputs.map { graph.spec(of: $0) }) != false)
    }
  }

  /// Steps after this one that do not wait for it, if it and they may be large.
  func peers(of step: Int) -> [Int] {
    guard mayBeLarge[step] else { return [] }
    var peers: [Int] = []
    var waiting: Set<Int> = [step]
    for other in step + 1..<min(step + 1 + Self.horizon, dependencies.count) {
      // The dependencies are sorted; those before `step` do not wait for it.
      let earlier = dependencies[other]
      if earlier[earlier.partitioningIndex { $0 >= step }...].contains(where: waiting.contains) {
        waiting.insert(other)
      } else if mayBeLarge[other] {
        peers.append(other)
        if peers.count == Self.most { break }
      }
    }
    return peers
  }
}
