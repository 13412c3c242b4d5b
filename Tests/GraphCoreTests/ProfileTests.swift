import GraphCore
import NumPyFunctions
import TensorCore
import Testing

@Suite struct ProfileTests {
  let float = TensorSpec(shape: [nil], dtype: .float32, name: "x")

  /// An operation that reports things of itself.
  private struct Reporting: Operation {
    let name = "reporting"
    let effects = Effects.ordered
    func results(for inputs: [TensorSpec]) throws -> [TensorSpec] { inputs }
    func run(_ inputs: [Tensor]) throws -> [Tensor] {
      for _ in 0..<2 {
        Profile.report("wait", .time(.milliseconds(2)))
        Profile.report("read", .bytes(3))
        Profile.report("retries", .count(1))
      }
      return inputs
    }
  }

  @Test func `a call gives what it gives without, and what each node has cost`() throws {
    let f = try GraphFunction(inputSignature: [float], name: "f") { x in
      let y = try Reporting().apply(to: [x], at: SourceLocation(file: "M/a.swift", line: 7))[0]
      return (try y * y, try y.asType(.int8))
    }
    let ((product, cast), profile) = try f.profile([1, 2, 3])
    #expect(try product == Tensor([1, 4, 9], dtype: .float32))
    #expect(try cast == Tensor([1, 2, 3], dtype: .int8))
    #expect(profile.name == "f")
    #expect(Set(profile.nodes.map(\.name)) == ["reporting", "multiply", "cast"])
    let first = try #require(profile.nodes.first)
    #expect(first.operation is Reporting && first.graph == "f" && first.outer == nil)
    #expect("\(first.location)" == "M/a.swift:7")
    #expect(first.results == [TensorSpec(shape: [3], dtype: .float32)])
    #expect(
      first.measures.map(\.amount) == [.time(.milliseconds(4)), .bytes(6), .count(2)])
    for node in profile.nodes {
      #expect(Duration.zero < node.begin && node.begin < node.end && node.end < profile.duration)
      #expect(node.begin >= (node.name == first.name ? .zero : first.end))
    }
  }

  @Test func `the nodes of bodies lie in those of their operations`() throws {
    let (_, profile) = try GraphPrinterTests.nested().profile(1)
    #expect(profile.nodes.count { $0.operation.name == "repeat" } == 3)
    #expect(profile.nodes.count { $0.operation.name == "negate" } == 12)
    for node in profile.nodes {
      guard let index = node.outer else {
        #expect(node.name == "repeat" && node.graph == "outer")
        continue
      }
      let outer = profile.nodes[index]
      #expect(outer.operation.name == "repeat")
      #expect(outer.begin <= node.begin && node.end <= outer.end && outer.thread == node.thread)
    }
    // A row a node, however often it has run.
    let table = "\(profile)".split(separator: "\n").map { $0.split(separator: " ") }
    #expect(table[1].prefix(4) == ["time", "own", "runs", "operation"])
    #expect(
      table.dropFirst(2).map { "\($0[2]) \($0[3])" }.sorted() == [
        "1 repeat", "12 negate", "2 repeat",
      ])
  }

  @Test func `what is called back is part of the node that calls it`() throws {
    let inner = try GraphFunction(inputSignature: [float], name: "inner") { x in try x + x }
    let outer = Custom(name: "calling", kernel: { [try inner.run($0)] }, effects: .ordered)
    let f = try GraphFunction(inputSignature: [float], name: "f") { x in
      try outer.apply(to: [x])[0]
    }
    let (_, profile) = try f.profile([1])
    #expect(profile.nodes.map(\.name) == ["calling", "add"])
    #expect(profile.nodes.map(\.outer) == [nil, 0] && profile.nodes[1].graph == "inner")
  }

  @Test func `nothing is recorded of other calls, whatever other threads do`() async throws {
    let f = try GraphFunction(inputSignature: [float], name: "f") { x in
      try Reporting().apply(to: [try x + x])[0]
    }
    try await withThrowingTaskGroup { group in
      for index in 0..<8 {
        group.addTask {
          for _ in 0..<50 {
            guard index.isMultiple(of: 2) else {
              _ = try f([1])
              continue
            }
            let (_, profile) = try f.profile([1])
            #expect(profile.nodes.map(\.operation.name) == ["add", "reporting"])
            #expect(profile.nodes[1].measures.map(\.amount).contains(.bytes(6)))
          }
        }
      }
      try await group.waitForAll()
    }
  }

  @Test func `an error is thrown as without`() throws {
    let f = try GraphFunction(inputSignature: [float]) { x in
      try Custom(kernel: { _ in throw Refusal() }, effects: .ordered).apply(to: [x])[0]
    }
    let error = try #require(throws: OperationError.self) { try f.profile([1]) }
    #expect(error.underlying is Refusal)
    #expect(throws: GraphError.self) { try f.profile([[1]]) }
  }

  @Test func `a node that threw and was caught says so`() throws {
    let failing = try GraphFunction(inputSignature: [float], name: "failing") { x in
      try Custom(kernel: { _ in throw Refusal() }, effects: .ordered).apply(to: [x])[0]
    }
    let catching = Custom(
      name: "catching", kernel: { (try? failing.run($0)).map { [$0] } ?? $0 }, effects: .ordered)
    let f = try GraphFunction(inputSignature: [float]) { try catching.apply(to: [$0])[0] }
    let (_, profile) = try f.profile([1])
    #expect(profile.nodes.map { $0.results == nil } == [false, true])
    #expect(profile.chromeTrace().contains("\"threw\": true"))
  }

  @Test func `a Python function says what Python has cost`() throws {
    let function = try Python.function("def f(x): return x + 1, x[::-1], x[1:]")
    let f = try GraphFunction(inputSignature: [float]) { x in
      try numpyFunction(function, [x], Tout: [.float32, .float32, .float32])
    }
    let (_, profile) = try f.profile([1, 2, 3])
    let measures = try #require(profile.nodes.first).measures
    let amounts = Dictionary(uniqueKeysWithValues: measures.map { ($0.name, $0.amount) })
    #expect(amounts["adopted"] == .bytes(12))
    #expect(amounts["copied"] == .bytes(12))
    #expect(amounts["shared"] == .bytes(8))
    guard case .time(let python)? = amounts["Python"], case .time(let wait)? = amounts["GIL wait"]
    else {
      Issue.record("\(measures)")
      return
    }
    #expect(python > .zero && wait >= .zero && python + wait <= profile.nodes[0].duration)
    #expect("\(profile)".contains("adopted 12 bytes"))
  }

  @Test func `the trace is JSON that Python reads`() throws {
    let odd = "\"\\\n\r\t\u{0}\u{1F}\u{7F}é日🇫🇷</script>"
    let f = try GraphFunction(inputSignature: [float], name: odd) { x in
      let location = SourceLocation(file: odd, line: 3)
      let y = try Reporting().apply(to: [x], name: odd, at: location)[0]
      return try y.asType(.int8)
    }
    let (_, profile) = try f.profile([1, 2])
    let trace = try Python.import("json").loads(profile.chromeTrace())
    let events = try [PythonObject](trace["traceEvents"])
    let bars = try events.filter { try String($0["ph"]) == "X" }
    #expect(try bars.map { try String($0["name"]) } == [odd, odd, "cast"])
    #expect(try events.allSatisfy { try Int($0["pid"]) == 1 })
    let (call, node) = (bars[0], bars[1])
    let arguments = try node["args"]
    #expect(try String(arguments["line"]) == "\(odd):3")
    #expect(try [String](arguments["results"]) == ["float32[2]"])
    #expect(try Double(arguments["wait ms"]) == 4)
    #expect(try Int(arguments["read bytes"]) == 6 && Int(arguments["retries"]) == 2)
    #expect(try String(bars[2]["args"]["to"]) == "int8")
    let ends = try bars.map { try Double($0["ts"]) + Double($0["dur"]) }
    #expect(try Double(node["dur"]) > 0 && ends[1] <= Double(bars[2]["ts"]) + 0.001)
    #expect(try Double(call["ts"]) == 0 && ends[2] <= ends[0] + 0.001)
  }
}
