extension Graph: CustomStringConvertible {
  /// The graph as text: one line a node, in the order in which they run.
  ///
  /// ```
  /// graph f(%x: float32[...]) {
  ///   %sinh = numpyFunction(%x) {func: "numpy.sinh", effects: ordered} : float32[...]
  ///   %multiply = multiply(%sinh, %sinh) : float32[...]
  ///   return %multiply
  /// }
  /// ```
  ///
  /// The grammar, where `…, …` is a list that may be empty:
  ///
  /// ```
  /// graph   = "graph" name "(" input, … ")" "{" node… "return" value, … "}"
  /// input   = "%" name ":" spec
  /// node    = "%" name [":" count] "=" name "(" value, … ")" [attributes] ":" specs
  /// value   = "%" name ["#" index]       index and count only where a node has not one result
  /// attributes = "{" name ":" text, … "}"    the last is "effects", unless they are pure
  /// specs   = spec, … | "()"             "()" for a node without results
  /// name    = letters, digits, "_", ".", "-", "/" | a string literal
  /// ```
  public var description: String {
    let inputs = inputs.map { "\(reference(to: $0)): \(spec(of: $0))" }
    let body = nodes.filter { !($0.operation is Input) }.map { "  \(line(for: $0))\n" }
    let outputs = outputs.map { " \(reference(to: $0))" }
    return "graph \(Self.quoted(name))(\(inputs.joined(separator: ", "))) {\n"
      + body.joined() + "  return\(outputs.joined(separator: ","))\n}"
  }

  private func line(for node: Node) -> String {
    let count = node.results.count
    let target = "%\(Self.quoted(node.name))\(count == 1 ? "" : ":\(count)")"
    let arguments = node.inputs.map(reference(to:)).joined(separator: ", ")
    var attributes = node.operation.attributes
    if node.operation.effects != .pure {
      attributes.append(("effects", "\(node.operation.effects)"))
    }
    let braces = attributes.map { "\($0.name): \($0.value)" }.joined(separator: ", ")
    let results = count == 0 ? "()" : node.results.map(\.description).joined(separator: ", ")
    return "\(target) = \(Self.quoted(node.operation.name))(\(arguments))"
      + (attributes.isEmpty ? "" : " {\(braces)}") + " : \(results)"
  }

  private func reference(to value: Value) -> String {
    let node = nodes[value.node]
    return "%\(Self.quoted(node.name))" + (node.results.count == 1 ? "" : "#\(value.result)")
  }

  /// A name as it is, or as a string literal if it could be taken for something else.
  private static func quoted(_ name: String) -> String {
    let isPlain = name.utf8.allSatisfy { byte in
      switch UInt8(byte) {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "."),
        UInt8(ascii: "-"), UInt8(ascii: "/"):
        true
      default: false
      }
    }
    return isPlain && !name.isEmpty ? name : name.debugDescription
  }
}
