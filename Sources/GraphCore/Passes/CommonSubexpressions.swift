internal import TensorCore

/// Computes once what several pure nodes compute from the same inputs.
///
/// Operations that do not know what tells them apart (``Operation/identity``) are left alone.
struct CommonSubexpressions: Pass {
  let name = "common subexpressions"

  private struct Key: Hashable {
    private let operation: any Operation
    private let type: ObjectIdentifier
    private let identity: AnyHashable
    private let inputs: [Graph.Value]

    init?(_ operation: any Operation, _ inputs: [Graph.Value]) {
      guard operation.effects == .pure, !(operation is Input), let identity = operation.identity
      else { return nil }
      self.operation = operation
      type = ObjectIdentifier(Swift.type(of: operation))
      self.identity = identity
      self.inputs = inputs
    }

    static func == (a: Key, b: Key) -> Bool {
      a.type == b.type && a.inputs == b.inputs && a.identity == b.identity
        && a.operation.name == b.operation.name
        // What is printed of them: 0.0 and -0.0, which are equal, are not the same.
        && a.operation.attributes.elementsEqual(b.operation.attributes, by: ==)
    }

    func hash(into hasher: inout Hasher) {
      hasher.combine(type)
      hasher.combine(identity)
      hasher.combine(inputs)
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
