extension Graph {
  /// The graph as a picture, in Graphviz' language; `numpyfn graph` draws it.
  ///
  /// Inputs and outputs are blue, constants have no frame, callbacks are yellow. An edge is a
  /// tensor, with its dtype and shape; a dashed edge shows the order of effects. The bodies of an
  /// operation are drawn inside it.
  ///
  /// See <https://graphviz.org/doc/info/lang.html>.
  public func dot() -> String { PrintedGraph(self).dot() }
}

extension PrintedGraph {
  /// The graph as a picture, as ``Graph/dot()``.
  public func dot() -> String {
    var writer = DotWriter()
    writer.write(self)
    return writer.lines.joined(separator: "\n")
  }
}

/// Writes a graph in Graphviz' language; one statement a line.
struct DotWriter {
  /// The text so far.
  private(set) var lines: [String] = []

  /// The indentation of each line.
  private var indent = ""

  /// The number of nodes so far: nodes are named by number, since a name may be any text.
  private var count = 0

  /// The whole picture.
  mutating func write(_ graph: PrintedGraph) {
    begin("digraph \(DotText.quoted(graph.name))")
    let place = graph.location.map { " \(DotText.small("\($0)"))" } ?? ""
    add(
      "graph [label=\(DotText.label([DotText.bold(graph.name) + place])), labelloc=t, labeljust=l, "
        + "fontname=\"\(DotStyle.font)\", fontsize=13, fontcolor=\"\(DotStyle.ink)\", bgcolor=white, "
        + "pad=0.2, nodesep=0.35, ranksep=0.35]")
    add(
      "node [shape=box, style=\"rounded,filled\", fontname=\"\(DotStyle.font)\", fontsize=12, "
        + "fontcolor=\"\(DotStyle.ink)\", margin=\"0.14,0.06\", height=0.3, penwidth=1]")
    add(
      "edge [fontname=\"\(DotStyle.font)\", fontsize=9, color=\"\(DotStyle.line)\", "
        + "fontcolor=\"\(DotStyle.pale)\", arrowsize=0.6, penwidth=1]")
    body(of: graph)
    end()
  }

  /// The nodes of a graph, and the edges between them.
  private mutating func body(of graph: PrintedGraph) {
    var ids: [String: String] = [:]
    let counts = graph.resultCounts
    var specs: [PrintedGraph.Value: PrintedGraph.Spec] = [:]
    for input in graph.inputs {
      ids[input.name] = node(DotText.label([DotText.bold(input.name)]), .end)
      specs[PrintedGraph.Value(node: input.name, result: 0)] = input.spec
    }
    var last: String?
    for node in graph.nodes {
      let id = write(node)
      ids[node.name] = id
      for (index, spec) in node.results.enumerated() {
        specs[PrintedGraph.Value(node: node.name, result: index)] = spec
      }
      for input in node.inputs {
        edge(input, from: ids[input.node], to: id, specs, isOneOf: counts[input.node] ?? 1)
      }
      guard node.isOrdered else { continue }
      if let last { add("\(last) -> \(id) [\(DotStyle.order)]") }
      last = id
    }
    for (index, output) in graph.outputs.enumerated() {
      let name = graph.outputs.count == 1 ? "result" : "result \(index)"
      let id = node(DotText.label([DotText.bold(name)]), .end)
      edge(output, from: ids[output.node], to: id, specs, isOneOf: counts[output.node] ?? 1)
    }
    // Graphviz draws no frame around nothing.
    if ids.isEmpty { _ = node("\"\"", .nothing) }
  }

  /// One node, inside of a frame with the graphs that it runs.
  private mutating func write(_ node: PrintedGraph.Node) -> String {
    guard !node.bodies.isEmpty else { return self.node(node.label, node.style) }
    frame(DotStyle.operation, label: nil)
    let id = self.node(node.label, node.style)
    for body in node.bodies {
      let title = DotText.label(["\(DotText.bold(body.name)) \(DotText.small(body.graph.name))"])
      frame(DotStyle.body, label: title)
      let first = "n\(count)"
      self.body(of: body.graph)
      end()
      add("\(id) -> \(first) [\(DotStyle.belonging)]")
    }
    end()
    return id
  }

  private mutating func node(_ label: String, _ style: DotStyle) -> String {
    let id = "n\(count)"
    count += 1
    add("\(id) [label=\(label)\(style.attributes)]")
    return id
  }

  /// An edge for a tensor; its label has the index of the result if there are several.
  private mutating func edge(
    _ value: PrintedGraph.Value, from source: String?, to target: String,
    _ specs: [PrintedGraph.Value: PrintedGraph.Spec], isOneOf count: Int
  ) {
    guard let source else { return }
    let spec = specs[value].map { "\($0)" } ?? ""
    let label = count == 1 ? spec : "#\(value.result) \(spec)"
    add("\(source) -> \(target) [label=\(DotText.quoted(" \(label) "))]")
  }

  // MARK: - Lines

  private mutating func add(_ statement: String) { lines.append("\(indent)\(statement);") }

  private mutating func begin(_ head: String) {
    lines.append("\(indent)\(head) {")
    indent += "  "
  }

  private mutating func end() {
    indent.removeLast(2)
    lines.append("\(indent)}")
  }

  private mutating func frame(_ style: String, label: String?) {
    // The number of the line makes the name unique.
    begin("subgraph cluster_\(lines.count)")
    add("graph [\(style)\(label.map { ", label=\($0)" } ?? ", label=\"\"")]")
  }
}
