/// Leaves out pure nodes whose results nobody uses.
struct DeadNodes: Pass {
  let name = "dead nodes"

  func run(on graph: Graph) throws -> Graph? {
    var isUsed = [Bool](repeating: false, count: graph.nodes.count)
    for output in graph.outputs { isUsed[output.node] = true }
    for (index, node) in graph.nodes.enumerated().reversed() {
      isUsed[index] =
        isUsed[index] || node.operation.effects != .pure || node.operation is Input
      if isUsed[index] { for input in node.inputs { isUsed[input.node] = true } }
    }
    let rewriter = GraphRewriter(graph)
    for isUsed in isUsed {
      if isUsed { try rewriter.keep() } else { try rewriter.drop() }
    }
    return rewriter.finish()
  }
}
