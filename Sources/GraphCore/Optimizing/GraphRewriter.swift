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

  /// How many nodes of the source have been seen.
  private var seen = 0

  /// What the graph has become; nil as long as every node is kept, and it is the source.
  private var change: Change?

  private struct Change {
    /// The graph that is being made, so far.
    var nodes: [Graph.Node]
    /// For each value of the source what it has become.
    var values: [Graph.Value]
    let numbers: ValueNumbers
    var names: NodeNames?
  }

  /// That of the names of the source's extents.
  private let scope: Int?

  /// An operation does not take what its inputs have turned out to be: the graph stays as it is, and
  /// the run throws.
  struct Contradiction: Error {}

  init(_ source: Graph) {
    self.source = source
    scope = source.scope
  }

  /// What a value of the source has become.
  func new(_ value: Graph.Value) -> Graph.Value {
    guard let number = change?.numbers[value] else { return value }
    return change?.values[number] ?? value
  }

  /// What the inputs of a node of the source have become.
  func inputs(of node: Graph.Node) -> [Graph.Value] { node.inputs.map(new) }

  /// A node of the graph that is being made.
  func node(_ index: Int) -> Graph.Node { change?.nodes[index] ?? source.nodes[index] }

  /// What is known of a value of the graph that is being made.
  func spec(of value: Graph.Value) -> TensorSpec { node(value.node).results[value.result] }

  /// The value of a constant of the graph that is being made; nil for what is computed.
  func constant(_ value: Graph.Value) -> Tensor? {
    (node(value.node).operation as? Constant)?.value
  }

  /// Takes the next node over.
  func keep() throws {
    if change != nil {
      let node = source.nodes[seen]
      let new = try append(
        node.operation, to: inputs(of: node), name: node.name, like: node, isKept: true)
      become(node.results.indices.lazy.map { Graph.Value(node: new, result: $0) })
    }
    seen += 1
  }

  /// Has these values stand for the results of the next node.
  func replace(with values: [Graph.Value]) throws {
    try begin("replaced")
    become(values)
    seen += 1
  }

  /// Has another operation compute the results of the next node.
  func replace(with operation: any Operation, on inputs: [Graph.Value]) throws {
    let node = try begin("replaced")
    let new = try append(operation, to: inputs, name: node.name, like: node)
    become(node.results.indices.lazy.map { Graph.Value(node: new, result: $0) })
    seen += 1
  }

  /// Has constants stand for the results of the next node.
  func replace(with constants: [Tensor]) throws {
    let node = try begin("replaced")
    let values = try constants.enumerated().map { index, constant in
      let name = index == 0 ? node.name : uniqueName(node.name)
      let new = try append(Constant(constant), to: [], name: name, like: node)
      return Graph.Value(node: new, result: 0)
    }
    become(values)
    seen += 1
  }

  /// Leaves the next node out; nobody may use its results.
  func drop() throws {
    try begin("dropped")
    seen += 1
  }

  /// The graph that has been made, all nodes having been seen; nil when all were kept.
  func finish() -> Graph? {
    change.map { change in
      Graph(
        name: source.name, location: source.location, nodes: change.nodes,
        inputs: source.inputs.map(new), outputs: source.outputs.map(new))
    }
  }

  /// The next node, which is not to be kept.
  @discardableResult
  private func begin(_ action: String) throws -> Graph.Node {
    let node = source.nodes[seen]
    guard node.operation.effects == .pure, !(node.operation is Input) else {
      throw GraphError(
        .internal, "'\(node.name)', an input or a node with effects, was to be \(action)")
    }
    if change == nil {
      var change = Change(nodes: [], values: [], numbers: ValueNumbers(of: source.nodes))
      change.nodes.reserveCapacity(source.nodes.count)
      change.nodes += source.nodes[..<seen]
      change.values.reserveCapacity(change.numbers.count)
      for index in source.nodes.indices {
        for result in source.nodes[index].results.indices {
          change.values.append(Graph.Value(node: index < seen ? index : -1, result: result))
        }
      }
      self.change = change
    }
    return node
  }

  /// Takes down what the results of the next node have become.
  private func become(_ values: some Sequence<Graph.Value>) {
    guard let numbers = change?.numbers[node: seen] else { return }
    for (number, value) in zip(numbers, values) { change?.values[number] = value }
  }

  /// A name for one node more.
  private func uniqueName(_ base: String) -> String {
    var names = change?.names ?? NodeNames(source.nodes.map(\.name))
    change?.names = nil
    defer { change?.names = names }
    return names.unique(base)
  }

  /// Adds a node, and answers its index.
  private func append(
    _ operation: any Operation, to inputs: [Graph.Value], name: String, like node: Graph.Node,
    isKept: Bool = false
  ) throws -> Int {
    var results = node.results
    let isKnown =
      isKept
      && inputs.indices.allSatisfy { spec(of: inputs[$0]) == source.spec(of: node.inputs[$0]) }
    if !isKnown {
      let given = inputs.map(spec(of:)).map { TensorSpec(shape: $0.shape, dtype: $0.dtype) }
      do {
        let found = try operation.results(for: given).inScope(scope)
        // One list serves the nodes of both graphs.
        if found != results { results = found }
      } catch {
        throw Contradiction()
      }
    }
    change?.nodes.append(
      Graph.Node(
        name: name, operation: operation, inputs: inputs, results: results,
        location: node.location))
    return (change?.nodes.count ?? 0) - 1
  }
}
