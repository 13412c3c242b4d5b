internal import TensorCore

/// Has elementwise operations that feed each other pass over memory once, together.
///
/// A node joins those that use its result if nobody else does. What they have not computed before an
/// effect happens must not fail after it: a node is not taken past one unless its shapes are known to
/// agree.
struct Fusion: Pass {
  let name = "fusion"

  /// The most nodes that are made into one.
  private static let most = 512

  func run(on graph: Graph) throws -> Graph? {
    let groups = Groups(in: graph, most: Self.most)
    let rewriter = GraphRewriter(graph)
    for index in graph.nodes.indices {
      let members = groups.members[index]
      if groups.isInside[index] {
        try rewriter.drop()
      } else if members.count > 1 {
        let (fused, inputs) = try fuse(members, of: graph)
        try rewriter.replace(with: fused, on: inputs.map(rewriter.new))
      } else {
        try rewriter.keep()
      }
    }
    return rewriter.finish()
  }

  /// The operation that stands for some nodes, in order, of which the last has the result; and the
  /// values that it takes.
  private func fuse(_ members: [Int], of graph: Graph) throws -> (Fused, [Graph.Value]) {
    var inputs: [Graph.Value] = []
    var numbers: [Graph.Value: Fused.Operand] = [:]
    var steps: [Fused.Step] = []
    for member in members {
      let node = graph.nodes[member]
      let operands = node.inputs.map { value in
        if let known = numbers[value] { return known }
        let operand = Fused.Operand.input(inputs.count)
        numbers[value] = operand
        inputs.append(value)
        return operand
      }
      numbers[Graph.Value(node: member, result: 0)] = .step(steps.count)
      steps.append(Fused.Step(node.operation, operands, node: node.name, at: node.location))
    }
    let dtypes = inputs.map { graph.spec(of: $0).dtype }
    return (try Fused(steps: steps, inputs: dtypes), inputs)
  }
}

/// Which nodes of a graph are to be made into one.
private struct Groups {
  /// For the last node of each group all of its nodes, in order.
  private(set) var members: [[Int]]

  /// Whether a node is in the group of a later one.
  private(set) var isInside: [Bool]

  init(in graph: Graph, most: Int) {
    let count = graph.nodes.count
    members = Array(repeating: [], count: count)
    isInside = Array(repeating: false, count: count)
    // For each node those that use it; outputs use it too, and are nobody's group.
    var users = [[Int]](repeating: [], count: count)
    var effects = 0
    // How many effects have happened when it is a node's turn.
    var effectsBefore: [Int] = []
    for (index, node) in graph.nodes.enumerated() {
      effectsBefore.append(effects)
      if node.operation.effects != .pure { effects += 1 }
      for input in node.inputs { users[input.node].append(index) }
    }
    for output in graph.outputs { users[output.node].append(count) }

    for last in graph.nodes.indices.reversed() where !isInside[last] {
      guard graph.isFusible(graph.nodes[last]) else { continue }
      // From the last to the first, so that all who use a node have been decided on before it.
      var group: Set<Int> = [last]
      var candidates = Candidates()
      for input in graph.nodes[last].inputs { candidates.insert(input.node) }
      while group.count < most, let next = candidates.popLast() {
        let node = graph.nodes[next]
        guard graph.isFusible(node),
          users[next].allSatisfy(group.contains),
          effectsBefore[next] == effectsBefore[last] || graph.cannotFail(node)
        else { continue }
        group.insert(next)
        isInside[next] = true
        for input in node.inputs { candidates.insert(input.node) }
      }
      members[last] = group.sorted()
    }
  }
}

/// Nodes that may join a group, in order, each once.
private struct Candidates {
  private var nodes: [Int] = []

  mutating func insert(_ node: Int) {
    let place = nodes.partitioningIndex { $0 >= node }
    if place == nodes.count || nodes[place] != node { nodes.insert(node, at: place) }
  }

  mutating func popLast() -> Int? { nodes.popLast() }
}

extension Graph {
  /// Whether a node may be run block by block.
  fileprivate func isFusible(_ node: Node) -> Bool {
    if node.operation is any ElementwiseOperation { return true }
    guard let operation = node.operation as? any KernelOperation,
      case .loop(let loop) = operation.kernel(for: node.inputs.map { spec(of: $0).dtype })
    else { return false }
    return loop.isFusible
  }

  /// Whether the shapes of an elementwise node's operands are known to go together.
  fileprivate func cannotFail(_ node: Node) -> Bool {
    guard node.operation is any ElementwiseOperation else { return false }
    let shapes = node.inputs.map { spec(of: $0).shape }
    return shapes.allSatisfy(\.isFullyKnown) || shapes.count { $0.rank != 0 } <= 1
  }
}
