/// The styles of the kinds of nodes.
enum DotStyle {
  /// The style of an operation that is not a callback.
  case computation
  /// The style of a callback.
  case callback
  case constant
  /// The style of inputs and outputs.
  case end
  /// The style of a graph without nodes.
  case nothing

  static let font = "Helvetica,Arial,sans-serif"
  static let ink = "#1f2933"
  static let pale = "#616e7c"
  static let line = "#7b8794"

  /// The style of the edge from an operation with ordered effects to the next one.
  static let order = "style=dashed, color=\"#b7791f\", arrowhead=vee"

  /// The style of the edge from an operation to its bodies.
  static let belonging = "style=dotted, arrowhead=none"

  /// The style of the frame around an operation with its bodies.
  static let operation = "style=\"rounded,filled\", color=\"#9aa5b1\", fillcolor=\"#f5f7fa\""

  /// The style of the frame around one body.
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

  /// The text in the node: the operation, the node's name if it is another one, the attributes, and
  /// the line.
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
  /// Whether this is `name`, or `name` with a number, which nodes without a name get.
  fileprivate func isNumbered(_ name: String) -> Bool {
    guard self != name else { return true }
    return hasPrefix("\(name)_") && dropFirst(name.count + 1).allSatisfy(\.isNumber)
  }
}
