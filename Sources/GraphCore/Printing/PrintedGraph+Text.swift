internal import TensorCore

extension PrintedGraph: CustomStringConvertible {
  /// The graph as text, in the grammar of ``Graph/description``.
  public var description: String {
    var text = ""
    write(to: &text, indentedBy: "")
    return text
  }

  /// The number of results of each node; inputs, which have one, are not included.
  var resultCounts: [String: Int] {
    Dictionary(nodes.map { ($0.name, $0.results.count) }, uniquingKeysWith: { first, _ in first })
  }

  /// Adds the text; all lines but the first begin with `indent`.
  private func write(to text: inout String, indentedBy indent: String) {
    let counts = resultCounts
    func reference(_ value: Value) -> String {
      let name = "%\(GraphScanner.quoted(value.node))"
      return counts[value.node, default: 1] == 1 ? name : "\(name)#\(value.result)"
    }
    let list = inputs.map { "%\(GraphScanner.quoted($0.name)): \($0.spec)" }
    text += "graph \(GraphScanner.quoted(name))(\(list.joined(separator: ", "))) {"
    text += suffix(location)
    for node in nodes {
      text += "\n\(indent)  \(node.head) = \(node.call(reference)) : \(node.specs)"
      text += suffix(node.location)
      for body in node.bodies {
        text += "\n\(indent)    \(GraphScanner.quotedBodyName(body.name)): "
        body.graph.write(to: &text, indentedBy: indent + "    ")
      }
    }
    text += "\n\(indent)  return" + outputs.map { " \(reference($0))" }.joined(separator: ",")
    text += "\n\(indent)}"
  }

  private func suffix(_ location: Location?) -> String { location.map { "  // \($0)" } ?? "" }
}

extension PrintedGraph.Node {
  /// `%name`, with the number of results unless it is one.
  fileprivate var head: String {
    "%\(GraphScanner.quoted(name))\(results.count == 1 ? "" : ":\(results.count)")"
  }

  /// `operation(%x) {attribute: value}`.
  fileprivate func call(_ reference: (PrintedGraph.Value) -> String) -> String {
    let arguments = inputs.map(reference).joined(separator: ", ")
    let braces = attributes.map { "\(GraphScanner.quoted($0.name)): \($0.value)" }
    return "\(GraphScanner.quoted(operation))(\(arguments))"
      + (braces.isEmpty ? "" : " {\(braces.joined(separator: ", "))}")
  }

  /// The specs of the results.
  fileprivate var specs: String {
    results.isEmpty ? "()" : results.map(\.description).joined(separator: ", ")
  }
}

extension PrintedGraph.Spec: CustomStringConvertible {
  /// `float32[?, 3]`, as ``TensorSpec`` has it.
  public var description: String {
    let list = extents.map { $0.map(\.description).joined(separator: ", ") }
    return "\(GraphScanner.quoted(dtype))[\(list ?? GraphScanner.unknownRank)]"
  }
}

extension PrintedGraph.Location: CustomStringConvertible {
  /// `MyModule/main.swift:12`; `after MyModule/main.swift:12` for an operator.
  public var description: String {
    "\(isExact ? "" : GraphScanner.inexact)\(GraphScanner.quotedFile(file)):\(line)"
  }
}
