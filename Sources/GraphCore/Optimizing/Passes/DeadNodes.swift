/// Removes pure nodes whose results are not used.
struct DeadNodes: Pass {
  let name = "dead nodes"

  func run(on graph: Graph) throws -> Graph? {
    var isUsed = [Bool](repeating: false, count: graph.nodes.count)
    for output in graph.outputs { isUsed[output.node] = true }
    // Nodes are accessed in place: copying one costs more than all the rest.
    for index in graph.nodes.indices.reversed() {
      isUsed[index] =
        isUsed[index] || graph.nodes[index].operation.effects != .pure
        || graph.nodes[index].isInput
      if isUsed[index] { for input in graph.nodes[index].inputs { isUsed[input.node] = true } }
    }
    let rewriter = GraphRewriter(graph)
    for isUsed in isUsed {
      if isUsed { try rewriter.keep() } else { try rewriter.drop() }
    }
    return rewriter.finish()
  }
}
