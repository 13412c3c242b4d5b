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
    names.reserveCapacity(nodes.count)
    // Nodes are accessed in place: copying one costs more than the rest.
    for index in nodes.indices {
      guard names.insert(nodes[index].name).inserted else {
        throw broken(nodes[index], "has the name of an earlier node")
      }
      for value in nodes[index].inputs {
        if let flaw = flaw(of: value, before: index) { throw broken(nodes[index], flaw) }
      }
      let given = nodes[index].inputs.map { value in
        TensorSpec(shape: spec(of: value).shape, dtype: spec(of: value).dtype)
      }
      let answer = try nodes[index].operation.results(for: given)
      guard nodes[index].results.are(answer) else {
        throw broken(
          nodes[index],
          "declares the results \(nodes[index].results), its operation answers \(answer)")
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
    let declared = nodes.indices.filter { nodes[$0].isInput }
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
    guard value.node < index else {
      return "uses '\(nodes[value.node].name)', which does not come before it"
    }
    let count = nodes[value.node].results.count
    guard (0..<count).contains(value.result) else {
      let name = nodes[value.node].name
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
