internal import TensorCore

extension Graph {
  /// Checks that the graph is well formed: nodes use values of earlier nodes only, and values that
  /// exist; each node's results are those that its operation returns for its inputs; names are
  /// unique; the inputs are the results of all `input` nodes.
  ///
  /// Runs after every trace, and after every pass.
  ///
  /// - Throws: `GraphError` (`internal`) naming the first node at which something is wrong.
  package func verify() throws {
    var names: Set<String> = []
    for (index, node) in nodes.enumerated() {
      guard names.insert(node.name).inserted else {
        throw broken(node, "has the name of an earlier node")
      }
      for value in node.inputs {
        if let flaw = flaw(of: value, before: index) { throw broken(node, flaw) }
      }
      let given = node.inputs.map(spec(of:)).map { TensorSpec(shape: $0.shape, dtype: $0.dtype) }
      let answer = try node.operation.results(for: given)
      guard node.results.are(answer) else {
        throw broken(
          node, "declares the results \(node.results), its operation answers \(answer)")
      }
    }
    try verifyEnds()
  }

  private func verifyEnds() throws {
    for value in inputs + outputs {
      if let flaw = flaw(of: value, before: nodes.count) {
        throw GraphError(.internal, "graph '\(name)', an input or output: it \(flaw)")
      }
    }
    let declared = nodes.indices.filter { nodes[$0].operation is Input }
    guard declared == inputs.map(\.node).sorted() else {
      throw GraphError(
        .internal, "graph '\(name)': nodes \(declared) are inputs, \(inputs.map(\.node)) are listed"
      )
    }
  }

  /// The error message for a value that the node at `index` uses; nil when the value is valid.
  private func flaw(of value: Value, before index: Int) -> String? {
    guard nodes.indices.contains(value.node) else {
      return "uses node \(value.node), of \(nodes.count)"
    }
    let name = nodes[value.node].name
    guard value.node < index else { return "uses '\(name)', which does not come before it" }
    let count = nodes[value.node].results.count
    guard (0..<count).contains(value.result) else {
      return "uses result \(value.result) of '\(name)', which has \(counted(count, "result"))"
    }
    return nil
  }

  private func broken(_ node: Node, _ flaw: String) -> GraphError {
    GraphError(
      .internal,
      "graph '\(name)', \(node.operation.name) '\(node.name)' (\(node.location)): the node \(flaw)")
  }
}

extension [TensorSpec] {
  /// Whether these specs are `answer`, possibly without names of extents of another graph, from
  /// which the operation was inlined.
  fileprivate func are(_ answer: [TensorSpec]) -> Bool {
    if self == answer { return true }
    guard count == answer.count else { return false }
    return zip(self, answer).allSatisfy { own, answer in
      own.dtype == answer.dtype && own.shape == answer.shape.droppingNames(unknownTo: own.shape)
    }
  }
}
