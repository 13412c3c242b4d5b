internal import TensorCore

/// Makes a new graph from another one, node by node, in order; every pass uses it.
///
/// For each node of the source, a pass keeps, replaces, or drops it. The rewriter maps the values,
/// keeps names and locations, and computes the specs of results again where more is now known of
/// the inputs. A node that has effects can only be kept.
///
/// A class, not a struct: with a second copy of a struct, adding a node would copy all nodes.
final class GraphRewriter {
  /// The graph that is read.
  let source: Graph

  /// How many nodes of the source have been seen.
  private var seen = 0

  /// The new graph; nil as long as every node has been kept, so that it equals the source.
  private var change: Change?

  private struct Change {
    /// The graph that is being made, so far.
    var nodes: [Graph.Node]
    /// For each value of the source, the value that replaces it.
    var values: [Graph.Value]
    let numbers: ValueNumbers
    var names: NodeNames?
  }

  /// The scope of the names of the source's extents.
  private let scope: Int?

  /// An operation does not accept what is now known of its inputs: the graph is not changed, and
  /// running it throws.
  struct Contradiction: Error {}

  init(_ source: Graph) {
    self.source = source
    scope = source.scope
  }

  /// The value that replaces a value of the source.
  func new(_ value: Graph.Value) -> Graph.Value {
    guard let number = change?.numbers[value] else { return value }
    return change?.values[number] ?? value
  }

  /// The values that replace the inputs of a node of the source.
  func inputs(of node: Graph.Node) -> [Graph.Value] { node.inputs.map(new) }

  /// A node of the graph that is being made.
  func node(_ index: Int) -> Graph.Node { change?.nodes[index] ?? source.nodes[index] }

  /// What is known of a value of the graph that is being made.
  func spec(of value: Graph.Value) -> TensorSpec { node(value.node).results[value.result] }

  /// The value of a constant of the graph that is being made; nil for any other value.
  func constant(_ value: Graph.Value) -> Tensor? {
    (node(value.node).operation as? Constant)?.value
  }

  /// Keeps the next node.
  func keep() throws {
    if change != nil {
      let node = source.nodes[seen]
      let new = try append(
        node.operation, to: inputs(of: node), name: node.name, like: node, isKept: true)
      become(node.results.indices.lazy.map { Graph.Value(node: new, result: $0) })
    }
    seen += 1
  }

  /// Replaces the results of the next node with `values`.
  func replace(with values: [Graph.Value]) throws {
    try begin("replaced")
    become(values)
    seen += 1
  }

  /// Replaces the operation and the inputs of the next node.
  func replace(with operation: any Operation, on inputs: [Graph.Value]) throws {
    let node = try begin("replaced")
    let new = try append(operation, to: inputs, name: node.name, like: node)
    become(node.results.indices.lazy.map { Graph.Value(node: new, result: $0) })
    seen += 1
  }

  /// Replaces the results of the next node with constants.
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

  /// Drops the next node; its results must not be used.
  func drop() throws {
    try begin("dropped")
    seen += 1
  }

  /// The new graph, once all nodes have been seen; nil when all were kept.
  func finish() -> Graph? {
    change.map { change in
      Graph(
        name: source.name, location: source.location, nodes: change.nodes,
        inputs: source.inputs.map(new), outputs: source.outputs.map(new))
    }
  }

  /// The next node, which is replaced or dropped.
  @discardableResult
  private func begin(_ action: String) throws -> Graph.Node {
    let node = source.nodes[seen]
    guard node.operation.effects == .pure, !node.isInput else {
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

  /// Records the values that replace the results of the next node.
  private func become(_ values: some Sequence<Graph.Value>) {
    guard let numbers = change?.numbers[node: seen] else { return }
    for (number, value) in zip(numbers, values) { change?.values[number] = value }
  }

  /// A name for one more node.
  private func uniqueName(_ base: String) -> String {
    var names = change?.names ?? NodeNames(source.nodes.map(\.name))
    change?.names = nil
    defer { change?.names = names }
    return names.unique(base)
  }

  /// Adds a node, and returns its index.
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
        // The nodes of both graphs share one list.
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
