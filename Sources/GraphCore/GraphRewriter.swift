internal import TensorCore

/// Makes a graph of another, node by node in order: what every pass is written with.
///
/// For each node of the source a pass says what becomes of it: it is kept, replaced, or dropped. The
/// rewriter maps the values, keeps names and locations, and finds out anew what is known of results
/// whose inputs are known better than before. A node that has effects can only be kept.
///
/// A class: a copy that anyone kept would make the next node cost a copy of all of them.
final class GraphRewriter {
  /// The graph that is read.
  let source: Graph

  /// The graph that is being made, so far.
  private(set) var nodes: [Graph.Node] = []

  /// For each node that has been seen, what its results have become.
  private var values: [[Graph.Value]] = []

  private var names: NodeNames

  /// That of the names of the source's extents.
  private let scope: Int?

  /// An operation does not take what its inputs have turned out to be: the graph stays as it is, and
  /// the run throws.
  struct Contradiction: Error {}

  init(_ source: Graph) {
    self.source = source
    names = NodeNames(source.nodes.map(\.name))
    scope = source.scope
  }

  /// What a value of the source has become.
  func new(_ value: Graph.Value) -> Graph.Value { values[value.node][value.result] }

  /// What the inputs of a node of the source have become.
  func inputs(of node: Graph.Node) -> [Graph.Value] { node.inputs.map(new) }

  /// What is known of a value of the graph that is being made.
  func spec(of value: Graph.Value) -> TensorSpec { nodes[value.node].results[value.result] }

  /// The value of a constant of the graph that is being made; nil for what is computed.
  func constant(_ value: Graph.Value) -> Tensor? {
    (nodes[value.node].operation as? Constant)?.value
  }

  /// Takes the next node over.
  func keep() throws {
    let node = source.nodes[values.count]
    try append(node.operation, to: inputs(of: node), name: node.name, like: node, isKept: true)
    values.append(results(of: nodes.count - 1))
  }

  /// Has these values stand for the results of the next node.
  func replace(with values: [Graph.Value]) throws {
    try expectPure("replaced")
    self.values.append(values)
  }

  /// Has another operation compute the results of the next node.
  func replace(with operation: any Operation, on inputs: [Graph.Value]) throws {
    try expectPure("replaced")
    let node = source.nodes[values.count]
    try append(operation, to: inputs, name: node.name, like: node)
    values.append(results(of: nodes.count - 1))
  }

  /// Has constants stand for the results of the next node.
  func replace(with constants: [Tensor]) throws {
    try expectPure("replaced")
    let node = source.nodes[values.count]
    var values: [Graph.Value] = []
    for (index, constant) in constants.enumerated() {
      let name = index == 0 ? node.name : names.unique(node.name)
      try append(Constant(constant), to: [], name: name, like: node)
      values.append(Graph.Value(node: nodes.count - 1, result: 0))
    }
    self.values.append(values)
  }

  /// Leaves the next node out; nobody may use its results.
  func drop() throws {
    try expectPure("dropped")
    values.append([])
  }

  /// The graph that has been made, all nodes having been seen.
  func finish() -> Graph {
    Graph(
      name: source.name, location: source.location, nodes: nodes,
      inputs: source.inputs.map(new), outputs: source.outputs.map(new))
  }

  private func append(
    _ operation: any Operation, to inputs: [Graph.Value], name: String, like node: Graph.Node,
    isKept: Bool = false
  ) throws {
    var results = node.results
    let isKnown =
      isKept
      && inputs.indices.allSatisfy { spec(of: inputs[$0]) == source.spec(of: node.inputs[$0]) }
    if !isKnown {
      let given = inputs.map(spec(of:)).map { TensorSpec(shape: $0.shape, dtype: $0.dtype) }
      do {
        results = try operation.results(for: given).inScope(scope)
      } catch {
        throw Contradiction()
      }
    }
    nodes.append(
      Graph.Node(
        name: name, operation: operation, inputs: inputs, results: results,
        location: node.location))
  }

  private func results(of node: Int) -> [Graph.Value] {
    nodes[node].results.indices.map { Graph.Value(node: node, result: $0) }
  }

  private func expectPure(_ action: String) throws {
    let node = source.nodes[values.count]
    guard node.operation.effects == .pure, !(node.operation is Input) else {
      throw GraphError(
        .internal, "'\(node.name)', an input or a node with effects, was to be \(action)")
    }
  }
}
