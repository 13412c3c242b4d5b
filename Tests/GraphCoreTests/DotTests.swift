import Foundation
import GraphCore
import TensorCore
import Testing

#if canImport(FoundationXML)
  import FoundationXML
#endif

@Suite struct DotTests {
  /// The text of a graph with everything that is drawn in a way of its own.
  private static let text = """
    graph f(%x: float32[batch, 3]) {  // My Module/main.swift:3
      %load:2 = numpyFunction(%x) {function: "a.b", effects: ordered} : float32[?], int8[]  // M/a.swift:4
      %constant = constant() {value: 0.1} : float32[]
      %multiply_1 = multiply(%load#0, %constant) : float32[?]  // after M/a.swift:4
      %loop = loop(%multiply_1) : float32[?]
        body: graph inner(%y: float32[?]) {
          return %y
        }
      %"<log>":0 = numpyFunction() {function: "c", effects: ordered} : ()
      return %loop, %load#1
    }
    """

  /// The text of the statement that begins with `start`, or that of the node that holds `part`.
  private func statement(_ part: String, in dot: String) throws -> String {
    let lines = dot.split(separator: "\n").map { $0.trimmingCharacters(in: .whitespaces) }
    return try #require(lines.first { $0.contains(part) }, "\(part) in \(dot)")
  }

  @Test func `each kind of node looks its way`() throws {
    let dot = try PrintedGraph(parsing: Self.text).dot()
    let input = try statement("<b>x</b>", in: dot)
    let callback = try statement("a.b", in: dot)
    let constant = try statement("0.1", in: dot)
    let computation = try statement("<b>multiply</b>", in: dot)
    let kinds = [input, callback, constant, computation].map { kind in
      kind.split(separator: ">>").last ?? ""
    }
    #expect(Set(kinds).count == 4)
    #expect(callback.contains("load") && callback.contains("effects: ordered"))
    #expect(computation.contains("after a.swift:4") && !computation.contains("multiply_1"))
  }

  @Test func `an edge says what flows, and which of several results it is`() throws {
    let dot = try PrintedGraph(parsing: Self.text).dot()
    #expect(dot.contains("n0 -> n1 [label=\" float32[batch, 3] \"]"))
    #expect(dot.contains("n1 -> n3 [label=\" #0 float32[?] \"]"))
    #expect(dot.contains("[label=\" #1 int8[] \"]"))
  }

  @Test func `a dashed edge joins what has effects in order`() throws {
    let lines = try PrintedGraph(parsing: Self.text).dot().split(separator: "\n")
    let dashed = lines.filter { $0.contains("style=dashed") }
    #expect(dashed.count == 1)
    #expect(dashed.first?.contains("n1 -> n7 ") == true)
  }

  @Test func `the graphs of an operation are frames in its frame`() throws {
    let dot = try PrintedGraph(parsing: Self.text).dot()
    #expect(dot.components(separatedBy: "subgraph cluster_").count == 3)
    #expect(try statement("<b>body</b>", in: dot).contains("inner"))
    let nested = try GraphPrinterTests.nested().graph.dot()
    let names = nested.split(separator: "\n").filter { $0.contains("subgraph") }
    #expect(names.count == 5 && Set(names).count == 5)
  }

  @Test func `what was read is drawn as the graph itself`() throws {
    let graph = try GraphPrinterTests.nested().graph
    #expect(try PrintedGraph(parsing: graph.text(locations: true)).dot() == graph.dot())
  }

  @Test func `Graphviz takes any graph, whatever the names`() throws {
    for graph in try PrintedGraphTests.graphs() {
      let process = Process()
      let (input, output, errors) = (Pipe(), Pipe(), Pipe())
      process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
      process.arguments = ["dot", "-Tsvg"]
      (process.standardInput, process.standardOutput) = (input, output)
      process.standardError = errors
      try process.run()
      try input.fileHandleForWriting.write(contentsOf: Data(graph.dot().utf8))
      try input.fileHandleForWriting.close()
      let svg = output.fileHandleForReading.readDataToEndOfFile()
      let said = String(
        decoding: errors.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
      process.waitUntilExit()
      #expect(process.terminationStatus == 0 && said.isEmpty, "\(said)\n\(graph.dot())")
      #expect(XMLParser(data: svg).parse(), "\(graph.dot())")
    }
  }
}
