internal import TensorCore

extension PrintedGraph {
  /// Reads a graph that was printed: the text of ``Graph/text(locations:)``, and nothing else.
  ///
  /// A line may use only values of the lines above it, in the same graph. Whether an operation
  /// takes such inputs is not checked.
  ///
  /// - Throws: ``GraphSyntaxError`` with line and column for any other text.
  public init(parsing text: String) throws(GraphSyntaxError) {
    var parser = GraphParser(text)
    self = try parser.wholeText()
  }
}

/// Reads the grammar of ``Graph/description`` by recursive descent, a method a rule.
struct GraphParser {
  var scanner: GraphScanner

  /// The number of results of the inputs and nodes so far, in the graph that is being read.
  private var counts: [String: Int] = [:]

  /// How many graphs are around the one that is being read.
  private var depth = 0

  init(_ text: String) { scanner = GraphScanner(text) }

  mutating func wholeText() throws(GraphSyntaxError) -> PrintedGraph {
    let graph = try graph()
    scanner.skipSpace()
    guard scanner.isAtEnd else { throw expected("nothing after the graph") }
    return graph
  }

  private mutating func graph() throws(GraphSyntaxError) -> PrintedGraph {
    try expect("graph", "a graph, which begins with 'graph'")
    guard depth <= Graph.maximumDepth else { throw error(Graph.depthError) }
    let around = counts
    counts = [:]
    depth += 1
    defer {
      counts = around
      depth -= 1
    }
    let name = try name("the name of the graph")
    var inputs: [PrintedGraph.Input] = []
    try expect("(")
    while try hasNext(inputs.isEmpty, before: ")") { inputs.append(try input()) }
    try expect("{")
    let location = try location()
    var nodes: [PrintedGraph.Node] = []
    while !scanner.take("return") { nodes.append(try node()) }
    var outputs: [PrintedGraph.Value] = []
    while try hasNext(outputs.isEmpty, before: "}") { outputs.append(try value()) }
    return PrintedGraph(
      name: name, location: location, inputs: inputs, nodes: nodes, outputs: outputs)
  }

  private mutating func input() throws(GraphSyntaxError) -> PrintedGraph.Input {
    try expect("%", "'%' and the name of an input")
    let place = scanner.position
    let name = try name("the name of an input")
    try add(name, count: 1, at: place)
    try expect(":")
    return PrintedGraph.Input(name: name, spec: try spec())
  }

  private mutating func node() throws(GraphSyntaxError) -> PrintedGraph.Node {
    try expect("%", "'%' and the name of a node, or 'return'")
    let place = scanner.position
    let name = try name("the name of a node")
    let count = scanner.take(":") ? try number() : 1
    try expect("=", count == 1 ? "'=', or ':' and the number of results" : nil)
    let operation = try self.name("the name of an operation")
    var inputs: [PrintedGraph.Value] = []
    try expect("(")
    while try hasNext(inputs.isEmpty, before: ")") { inputs.append(try value()) }
    var attributes: [PrintedGraph.Attribute] = []
    if scanner.take("{") {
      while try hasNext(attributes.isEmpty, before: "}") { attributes.append(try attribute()) }
    }
    try expect(":", attributes.isEmpty ? "'{' and attributes, or ':' and specs" : "':' and specs")
    let results = try specs()
    guard results.count == count else {
      throw error(
        "'%\(name)' has \(counted(count, "result")) and \(counted(results.count, "spec"))",
        at: place)
    }
    let location = try location()
    // A node's results cannot be used in its own line.
    try add(name, count: count, at: place)
    return PrintedGraph.Node(
      name: name, operation: operation, inputs: inputs, attributes: attributes, results: results,
      location: location, bodies: try bodies())
  }

  private mutating func bodies() throws(GraphSyntaxError) -> [PrintedGraph.Body] {
    var bodies: [PrintedGraph.Body] = []
    while !scanner.isNext("%"), !scanner.isNext("return") {
      let name = try name("'%' and the name of a node, or a body, or 'return'")
      try expect(":")
      bodies.append(PrintedGraph.Body(name: name, graph: try graph()))
    }
    return bodies
  }

  private mutating func value() throws(GraphSyntaxError) -> PrintedGraph.Value {
    try expect("%", "a value, which begins with '%'")
    let place = scanner.position
    let name = try name("the name of a node")
    let index = scanner.take("#") ? try number() : nil
    guard let count = counts[name] else {
      throw error("'%\(name)' does not stand above this line", at: place)
    }
    guard index.map({ $0 < count && count != 1 }) ?? (count == 1) else {
      throw error(
        "'%\(name)' has \(counted(count, "result"))"
          + (count == 1
            ? ", which has no '#' and index" : ": write '#' and an index less than that"),
        at: place)
    }
    return PrintedGraph.Value(node: name, result: index ?? 0)
  }

  private mutating func attribute() throws(GraphSyntaxError) -> PrintedGraph.Attribute {
    let name = try name("the name of an attribute")
    try expect(":")
    scanner.skipSpace()
    let place = scanner.position
    guard let value = scanner.attributeText() else {
      throw error(
        "the value of '\(name)' is empty, or has a bracket or a quotation mark without its pair",
        at: place)
    }
    return PrintedGraph.Attribute(name: name, value: value)
  }

  // MARK: - Specs and lines

  private mutating func specs() throws(GraphSyntaxError) -> [PrintedGraph.Spec] {
    if scanner.take("(") {
      try expect(")")
      return []
    }
    var specs = [try spec()]
    while scanner.take(",") { specs.append(try spec()) }
    return specs
  }

  private mutating func spec() throws(GraphSyntaxError) -> PrintedGraph.Spec {
    let dtype = try name("a spec, such as float32[?, 3]")
    try expect("[")
    if scanner.take(GraphScanner.unknownRank) {
      try expect("]")
      return PrintedGraph.Spec(dtype: dtype, extents: nil)
    }
    var extents: [Extent] = []
    while try hasNext(extents.isEmpty, before: "]") { extents.append(try extent()) }
    return PrintedGraph.Spec(dtype: dtype, extents: extents)
  }

  private mutating func extent() throws(GraphSyntaxError) -> Extent {
    if scanner.take("?") { return .unknown }
    scanner.skipSpace()
    if let next = scanner.next, GraphScanner.isDigit(next) { return Extent(try number()) }
    return Extent(try name("an extent: a number, a name, or '?'"))
  }

  /// The line of the program, if the text has one here.
  private mutating func location() throws(GraphSyntaxError) -> PrintedGraph.Location? {
    guard scanner.take("//") else { return nil }
    scanner.skipSpaceInLine()
    let isExact = !scanner.take(GraphScanner.inexact)
    scanner.skipSpaceInLine()
    let (start, end) = (scanner.position, scanner.endOfLine)
    let colon = scanner.bytes[start..<end].lastIndex(of: UInt8(ascii: ":")) ?? start
    guard let line = Int(scanner.text(min(colon + 1, end)..<end)), colon > start else {
      throw error("a line of the program is a file, ':' and a number")
    }
    if scanner.next == UInt8(ascii: "\"") {
      let file = try name("the name of a file")
      guard scanner.position == colon else { throw expected("':' and the number of a line") }
      scanner.position = end
      return PrintedGraph.Location(file: file, line: line, isExact: isExact)
    }
    scanner.position = end
    return PrintedGraph.Location(
      file: scanner.text(start..<colon), line: line, isExact: isExact)
  }

  /// Adds a name to those that have been read.
  private mutating func add(
    _ name: String, count: Int, at place: Int
  ) throws(GraphSyntaxError) {
    guard counts.updateValue(count, forKey: name) == nil else {
      throw error("'%\(name)' has the name of an earlier node", at: place)
    }
  }
}
