internal import TensorCore

/// Computes once what several pure nodes compute from the same inputs.
///
/// Operations that do not know what tells them apart (``Operation/identity``) are left alone.
struct CommonSubexpressions: Pass {
  let name = "common subexpressions"

  private struct Key: Hashable {
    let type: ObjectIdentifier
    let name: String
    let identity: AnyHashable
    /// What is printed of it: 0.0 and -0.0, which are equal, are not the same.
    let attributes: [String]
    let inputs: [Graph.Value]

    init?(_ operation: any Operation, _ inputs: [Graph.Value]) {
      guard operation.effects == .pure, !(operation is Input), let identity = operation.identity
      else { return nil }
      type = ObjectIdentifier(Swift.type(of: operation))
      name = operation.name
      self.identity = identity
      attributes = operation.attributes.map { "\($0.name): \($0.value)" }
      self.inputs = inputs
    }
  }

  func run(on graph: Graph) throws -> Graph? {
    let rewriter = GraphRewriter(graph)
    // For each the first node of the graph that computes it.
    var first: [Key: Int] = [:]
    for (index, node) in graph.nodes.enumerated() {
      guard let key = Key(node.operation, rewriter.inputs(of: node)) else {
        try rewriter.keep()
        continue
      }
      if let known = first[key] {
        try rewriter.replace(
          with: node.results.indices.map { rewriter.new(Graph.Value(node: known, result: $0)) })
      } else {
        try rewriter.keep()
        first[key] = index
      }
    }
    return rewriter.finish()
  }
}
