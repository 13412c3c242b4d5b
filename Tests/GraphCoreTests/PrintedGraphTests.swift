import GraphCore
import TensorCore
import Testing

@Suite struct PrintedGraphTests {
  /// An operation of which everything is given.
  private struct Odd: Operation {
    var name = "odd"
    var specs: [TensorSpec] = []
    var attributes: [(name: String, value: String)] = []
    var effects = Effects.pure
    func results(for inputs: [TensorSpec]) throws -> [TensorSpec] { specs }
    func run(_ inputs: [Tensor]) throws -> [Tensor] { [] }
  }

  /// Names that could be taken for something else.
  private static let names = [
    "", "x", "a/b-c.d_1", "..", "...", "?", "3", "return", "graph", "after", "after x", "a b", "%",
    "x#1", "x:2", "\"", "\\", "\\\"", "a\nb", "a\r\nb", "\t", "\0", "\u{1}\u{7F}", "it's", "// x",
    "é",
    "e\u{301}", "\u{301}x", "日本", "🇫🇷", "\u{2028}", "\u{FFFE}", "{}", "{a: 1}", "(", "]", ",", " x ",
  ]

  /// Graphs of all kinds.
  static func graphs() throws -> [Graph] {
    let specs = [
      TensorSpec(shape: [], dtype: .bool), TensorSpec(shape: .unknown, dtype: .string),
      TensorSpec(shape: [nil, 0, 3], dtype: .complex64),
    ]
    func odd(_ operation: Odd, name: String? = nil, file: String = "A/b.swift") throws -> Graph {
      let signature = specs.map { TensorSpec(shape: $0.shape, dtype: $0.dtype, name: name) }
      return try GraphFunction(
        inputSignature: signature, name: name ?? "f", file: file, line: -1,
        list: { inputs in
          let location = SourceLocation(file: file, line: .max)
          return try operation.apply(to: inputs, name: name, at: location) + inputs
            + operation.apply(to: inputs, name: name)
        }
      ).graph
    }
    var graphs = try [
      GraphPrinterTests.nested().graph,
      GraphFunction(inputSignature: [], list: { _ in [] as [Tensor] }).graph,
      GraphFunction(
        inputSignature: [],
        list: { _ in
          try [
            Tensor(Float.nan), Tensor(-Float.infinity), Tensor(zeros: [9], dtype: .int8),
            Tensor(zeros: [0, 2], dtype: .complex128), Tensor(zeros: [2], dtype: .complex64),
            Tensor(["a\"b", "\n"]),
          ]
        }
      ).graph,
    ]
    for count in 0...3 {
      for effects in [Effects.pure, .ordered, .unordered] {
        graphs.append(try odd(Odd(specs: Array(specs.prefix(count)), effects: effects)))
      }
    }
    for name in names {
      graphs.append(try odd(Odd(name: name, specs: specs), name: name))
      graphs.append(try odd(Odd(specs: specs), file: name))
      graphs.append(try odd(Odd(attributes: [(name, name), ("effects", name), (name, "")])))
    }
    return graphs
  }

  @Test func `what was read prints as the text it was read from`() throws {
    for graph in try Self.graphs() {
      for locations in [true, false] {
        let text = graph.text(locations: locations)
        let printed = try PrintedGraph(parsing: text)
        #expect(Array(printed.description.utf8) == Array(text.utf8))
        #expect(printed == PrintedGraph(graph, locations: locations), "\(text)")
      }
    }
  }

  @Test func `an extent may have a name`() throws {
    let text = "graph f(%x: float32[batch, 3, ?, \"3\", \"...\"]) {\n  return %x\n}"
    let printed = try PrintedGraph(parsing: text)
    #expect(printed.inputs[0].spec.extents == ["batch", 3, nil, Extent("3"), Extent("...")])
    #expect(printed.description == text)
  }

  @Test func `any white space may stand between the words`() throws {
    let graph = try GraphPrinterTests.nested().graph
    let spread = graph.description.replacing(" ", with: "\n \t\r\n")
      .replacing("(", with: "\n(\n").replacing(",", with: " , ")
    #expect(try PrintedGraph(parsing: spread) == PrintedGraph(graph, locations: false))
  }

  @Test(arguments: [
    ("", 1, 1, "expected a graph, which begins with 'graph', found the end of the text"),
    ("1.3810978", 1, 1, "found '1.3810978'"),
    ("graphs f() { return }", 1, 1, "expected a graph"),
    ("graph f() { return } x", 1, 22, "expected nothing after the graph, found 'x'"),
    ("graph () { return }", 1, 7, "expected the name of the graph"),
    ("graph f(%x) { return }", 1, 11, "expected ':', found ') { return }'"),
    ("graph f(%x: float32) { return }", 1, 20, "expected '['"),
    ("graph f(%x: float32[2) { return }", 1, 22, "expected ',' or ']'"),
    ("graph f(%x: a[99999999999999999999]) { return }", 1, 15, "too large"),
    ("graph f(%x: a[], %x: a[]) { return }", 1, 19, "'%x' has the name of an earlier node"),
    ("graph f() {\n  %é\n  return\n}", 2, 4, "expected the name of a node, found 'é'"),
    ("graph f() {\n  %a = b() : c[]\n\n}", 4, 1, "or 'return', found '}'"),
    ("graph f() {\n  %a = b(%a) : c[]\n  return\n}", 2, 11, "does not stand above"),
    ("graph f() {\n  %a = b() : c[], c[]\n  return\n}", 2, 4, "'%a' has 1 result and 2 specs"),
    ("graph f() {\n  %a:2 = b() : ()\n  return\n}", 2, 4, "2 results and 0 specs"),
    ("graph f() {\n  %a:2 = b() : c[], c[]\n  return %a\n}", 3, 11, "has 2 results: write '#'"),
    ("graph f() {\n  %a:2 = b() : c[], c[]\n  return %a#2\n}", 3, 11, "an index less than that"),
    ("graph f() {\n  %a = b() : c[]\n  return %a#0\n}", 3, 11, "has 1 result, which has no '#'"),
    ("graph f() {\n  %a = b() {c: ]} : c[]\n  return\n}", 2, 16, "value of 'c' is empty, or has"),
    ("graph f() {\n  %a = b() {c: \"} : c[]\n  return\n}", 2, 16, "without its pair"),
    ("graph f() {\n  %a = b() {c: } : c[]\n  return\n}", 2, 16, "is empty"),
    ("graph f() {\n  %a = b() {c: (]} : c[]\n  return\n}", 2, 16, "without its pair"),
    ("graph f() {\n  %a = b() : c[]  // here\n  return\n}", 2, 22, "a file, ':' and a number"),
    ("graph f() {\n  %a = b() : c[]  // \"a\"b:1\n  return\n}", 2, 25, "expected ':' and"),
    ("graph \"a() { return }", 1, 7, "the string literal has no end"),
    ("graph \"é\\x\"() { return }", 1, 9, "no escape sequence"),
    ("graph \"\\u{D800}\"() { return }", 1, 8, "no escape sequence"),
    ("graph \"\\u{}\"() { return }", 1, 8, "no escape sequence"),
  ])
  func `what is wrong is said, with its place`(
    text: String, line: Int, column: Int, problem: String
  ) throws {
    let error = try #require(throws: GraphSyntaxError.self) { try PrintedGraph(parsing: text) }
    #expect(error.problem.contains(problem), "\(error)")
    #expect((error.line, error.column) == (line, column), "\(error)")
    #expect(error.message == "line \(line), column \(column): \(error.problem)")
  }

  @Test func `bodies may lie in each other, but not without end`() throws {
    func text(_ depth: Int) -> String {
      String(repeating: "graph f() {\n%a:0 = b() : ()\nc: ", count: depth) + "graph f() { return }"
        + String(repeating: "return }", count: depth)
    }
    _ = try PrintedGraph(parsing: text(64))
    let error = try #require(throws: GraphSyntaxError.self) {
      try PrintedGraph(parsing: text(100_000))
    }
    #expect(error.problem.contains("more than 64 deep"))
  }

  /// The same numbers in each run.
  private struct Counter: RandomNumberGenerator {
    var state: UInt64 = 1
    mutating func next() -> UInt64 {
      state &+= 0x9E37_79B9_7F4A_7C15
      var mixed = (state ^ (state >> 30)) &* 0xBF58_476D_1CE4_E5B9
      mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
      return mixed ^ (mixed >> 31)
    }
  }

  @Test func `any text gives a graph or an error`() throws {
    // What is left of a printed graph when a piece is cut out, doubled, or replaced.
    var random = Counter()
    let texts = try Self.graphs().map { Array($0.text(locations: true).unicodeScalars) }
    let pieces =
      Self.names + ["(", ")", "{", "}", "[", "]", "\"", "\\u{", "%", "#", "=", ":", "//"]
    var read = 0
    for text in texts {
      for _ in 0..<40 {
        var scalars = text
        let start = Int.random(in: 0...scalars.count, using: &random)
        let end = Int.random(in: start...min(start + 8, scalars.count), using: &random)
        let piece = pieces.randomElement(using: &random).map { Array($0.unicodeScalars) } ?? []
        scalars.replaceSubrange(start..<end, with: Bool.random(using: &random) ? piece : [])
        var string = String.UnicodeScalarView()
        string.append(contentsOf: scalars)
        do {
          let printed = try PrintedGraph(parsing: String(string))
          #expect(try PrintedGraph(parsing: printed.description) == printed)
          read += 1
        } catch {
          #expect(error.line >= 1 && error.column >= 1 && !error.problem.isEmpty)
        }
      }
    }
    #expect(read > 0)
  }
}
