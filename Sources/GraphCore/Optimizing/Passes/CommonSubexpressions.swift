internal import TensorCore

/// Merges pure nodes that compute the same from the same inputs.
///
/// Operations without an ``Operation/identity`` are not merged.
struct CommonSubexpressions: Pass {
  let name = "common subexpressions"

  func run(on graph: Graph) throws -> Graph? {
    let rewriter = GraphRewriter(graph)
    var known = KnownNodes(count: graph.nodes.count)
    for (index, node) in graph.nodes.enumerated() {
      guard let key = Key(node.operation, rewriter.inputs(of: node)) else {
        try rewriter.keep()
        continue
      }
      let hash = key.hashValue
      let same = known.find(hash) { other in
        let node = graph.nodes[other]
        return Key(node.operation, rewriter.inputs(of: node)) == key
      }
      if let same {
        try rewriter.replace(
          with: node.results.indices.map { rewriter.new(Graph.Value(node: same, result: $0)) })
      } else {
        try rewriter.keep()
        known.add(index, hash: hash)
      }
    }
    return rewriter.finish()
  }
}

/// The operation and the inputs of a node.
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
      // Attributes are compared as text, since 0.0 and -0.0 are equal but not the same.
      && a.operation.attributes.elementsEqual(b.operation.attributes, by: ==)
  }

  func hash(into hasher: inout Hasher) {
    hasher.combine(type)
    hasher.combine(identity)
    hasher.combine(inputs)
  }
}

/// Nodes by the hashes of their keys.
///
/// The keys are large, so they are not stored, but made again for the few nodes with equal hashes.
private struct KnownNodes {
  /// For each hash the last node that has it.
  private var last: [Int: Int32]
  /// For each node the one before it that has the same hash, or -1.
  private var previous: [Int32]

  init(count: Int) {
    last = Dictionary(minimumCapacity: count)
    previous = Array(repeating: -1, count: count)
  }

  /// The node with this hash that `isSame` accepts.
  func find(_ hash: Int, _ isSame: (Int) -> Bool) -> Int? {
    var next = last[hash] ?? -1
    while next >= 0 {
      if isSame(Int(next)) { return Int(next) }
      next = previous[Int(next)]
    }
    return nil
  }

  mutating func add(_ node: Int, hash: Int) {
    previous[node] = last[hash] ?? -1
    last[hash] = Int32(node)
  }
}
