import GraphCore
import TensorCore
import Testing

@Suite struct GraphVerifierTests {
  typealias Value = Graph.Value

  /// A graph of one input and what is given.
  private func graph(_ nodes: [Graph.Node], inputs: [Value]? = nil, outputs: [Value] = []) -> Graph
  {
    let input = node("x", Input(spec: TensorSpec()), [], [TensorSpec()])
    return Graph(
      name: "g", location: SourceLocation(), nodes: [input] + nodes,
      inputs: inputs ?? [Value(node: 0, result: 0)],
      outputs: outputs)
  }

  private func node(
    _ name: String, _ operation: any Operation, _ inputs: [Value], _ results: [TensorSpec]
  ) -> Graph.Node {
    Graph.Node(
      name: name, operation: operation, inputs: inputs, results: results,
      location: SourceLocation(file: "Module/file.swift", line: 7))
  }

  private func error(_ graph: Graph) -> String? {
    do {
      try graph.verify()
      return nil
    } catch { return "\(error)" }
  }

  private let x = Value(node: 0, result: 0)
  private let float = TensorSpec()

  @Test func `passes a graph that is well formed`() {
    let negate = node("n", Negate(), [x], [float])
    #expect(error(graph([negate], outputs: [Value(node: 1, result: 0)])) == nil)
  }

  @Test func `names the node and its line`() {
    let negate = node("n", Negate(), [Value(node: 1, result: 0)], [float])
    #expect(
      error(graph([negate]))
        == "graph 'g', negate 'n' (Module/file.swift:7): the node uses 'n', which does not come "
        + "before it")
  }

  @Test func `finds what is wrong`() {
    let negate = node("n", Negate(), [x], [float])
    let cases: [(Graph, String)] = [
      (graph([node("n", Negate(), [Value(node: 5, result: 0)], [float])]), "uses node 5, of 2"),
      (graph([node("n", Negate(), [Value(node: 2, result: 0)], [float]), negate]), "before it"),
      (graph([node("n", Negate(), [Value(node: 0, result: 1)], [float])]), "result 1 of 'x'"),
      (graph([node("x", Negate(), [x], [float])]), "the name of an earlier node"),
      (graph([node("n", Negate(), [x], [TensorSpec(dtype: .int8)])]), "its operation answers"),
      (graph([node("n", Negate(), [x], [])]), "its operation answers"),
      (graph([node("n", Negate(), [x, x], [float])]), "takes 1 input"),
      (graph([negate], outputs: [Value(node: 3, result: 0)]), "uses node 3, of 2"),
      (graph([negate], outputs: [Value(node: 1, result: -1)]), "result -1"),
      (graph([negate], inputs: []), "nodes [0] are inputs, [] are listed"),
      (graph([negate], inputs: [x, Value(node: 1, result: 0)]), "are listed"),
    ]
    for (graph, text) in cases {
      #expect(error(graph)?.contains(text) == true, "\(error(graph) ?? "nothing") for \(text)")
    }
  }

  @Test func `an operation that changes its mind is found out`() throws {
    final class Fickle: Operation {
      let name = "fickle"
      let effects = Effects.pure
      let asked = Counting()
      func results(for inputs: [TensorSpec]) throws -> [TensorSpec] {
        _ = try asked.run([])
        return [TensorSpec(dtype: asked.runs == 1 ? .int8 : .int16)]
      }
      func run(_ inputs: [Tensor]) throws -> [Tensor] { inputs }
    }
    let error = #expect(throws: GraphError.self) {
      try GraphFunction(inputSignature: [TensorSpec()]) { x in try Fickle().apply(to: [x])[0] }
    }
    #expect(error?.code == .internal)
    #expect(error?.message.contains("fickle 'fickle'") == true)
  }
}
