/// What kinds of nodes look like.
enum DotStyle {
  /// Of an operation that the graph computes itself.
  case computation
  /// Of a function that is called back.
  case callback
  case constant
  /// Of inputs and outputs.
  case end
  /// Of a graph without nodes.
  case nothing

  static let font = "Helvetica,Arial,sans-serif"
  static let ink = "#1f2933"
  static let pale = "#616e7c"
  static let line = "#7b8794"

  /// Of the edge from an operation to the next whose effects are in order with its.
  static let order = "style=dashed, color=\"#b7791f\", arrowhead=vee"

  /// Of the edge from an operation to the graphs that it runs.
  static let belonging = "style=dotted, arrowhead=none"

  /// Of the frame around an operation with its graphs.
  static let operation = "style=\"rounded,filled\", color=\"#9aa5b1\", fillcolor=\"#f5f7fa\""

  /// Of the frame around one of its graphs.
  static let body =
    "style=\"rounded,filled\", color=\"#cbd2d9\", fillcolor=white, fontsize=11, labeljust=l"

  /// Attributes of the node, each after a comma.
  var attributes: String {
    switch self {
    case .computation: ", fillcolor=\"#f5f7fa\", color=\"#9aa5b1\""
    case .callback: ", fillcolor=\"#ffe9a8\", color=\"#b7791f\", penwidth=1.6"
    case .constant: ", shape=plaintext, style=\"\", margin=\"0.05,0.02\""
    case .end: ", fillcolor=\"#dbeafe\", color=\"#3b6fb6\", style=\"rounded,filled\""
    case .nothing: ", shape=point, style=invis"
    }
  }
}

extension PrintedGraph.Node {
  var isOrdered: Bool {
    attributes.last.map { $0.name == "effects" && $0.value == "\(Effects.ordered)" } ?? false
  }

  private var isConstant: Bool { operation == "constant" && inputs.isEmpty }

  /// The name of the function that the operation calls, as a string literal; nil if it calls none.
  private var function: String? { attributes.first { $0.name == "function" }?.value }

  var style: DotStyle { isConstant ? .constant : function == nil ? .computation : .callback }

  /// What stands in the node: the operation, its name if that is another, what tells it from others,
  /// and its line.
  var label: String {
    if isConstant, let value = attributes.first {
      return DotText.label([DotText.code(value.value)])
    }
    var rows = [DotText.bold(operation)]
    if !name.isNumbered(operation) { rows.append(DotText.small(name)) }
    rows += attributes.map { attribute in
      attribute.name == "function"
        ? DotText.code(attribute.value) : DotText.small("\(attribute.name): \(attribute.value)")
    }
    if let location { rows.append(DotText.faint(location.short)) }
    return DotText.label(rows)
  }
}

extension PrintedGraph.Location {
  /// Without the module.
  fileprivate var short: String {
    let name = file.split(separator: "/").last.map(String.init) ?? file
    return PrintedGraph.Location(file: name, line: line, isExact: isExact).description
  }
}

extension String {
  /// Whether this is another name, or that name with a number, as nodes without a name get it.
  fileprivate func isNumbered(_ name: String) -> Bool {
    guard self != name else { return true }
    return hasPrefix("\(name)_") && dropFirst(name.count + 1).allSatisfy(\.isNumber)
  }
}
