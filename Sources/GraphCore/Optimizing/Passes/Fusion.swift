internal import TensorCore

/// Fuses elementwise operations that feed each other into one, which passes over memory once.
///
/// A node joins the nodes that use its result if no other node uses it. It is moved after an effect
/// only if its shapes are known to agree, since it must not fail after the effect has happened.
struct Fusion: Pass {
  let name = "fusion"

  /// The maximum number of nodes that are fused into one.
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

  /// The operation that replaces `members`, which are in order, and the values that it takes; the
  /// last member computes the result.
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

/// The groups of nodes of a graph that are fused into one node each.
private struct Groups {
  /// For the last node of each group, all nodes of the group, in order.
  private(set) var members: [[Int]]

  /// Whether a node is in the group of a later one.
  private(set) var isInside: [Bool]

  init(in graph: Graph, most: Int) {
    let count = graph.nodes.count
    members = Array(repeating: [], count: count)
    isInside = Array(repeating: false, count: count)
    // The users of each node. The graph's outputs count as a user `count`, which is in no group.
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
      // From the last to the first, so that all users of a node are decided on before it.
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

  /// Whether the shapes of an elementwise node's operands are known to broadcast.
  fileprivate func cannotFail(_ node: Node) -> Bool {
    guard node.operation is any ElementwiseOperation else { return false }
    let shapes = node.inputs.map { spec(of: $0).shape }
    return shapes.allSatisfy(\.isFullyKnown) || shapes.count { $0.rankIfKnown != 0 } <= 1
  }
}
