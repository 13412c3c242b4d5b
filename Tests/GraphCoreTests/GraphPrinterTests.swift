import GraphCore
import TensorCore
import Testing

@Suite struct GraphPrinterTests {
  struct Callback: Operation {
    let name = "numpyFunction"
    let count: Int
    let effects: Effects
    var attributes: [(name: String, value: String)] { [("func", "numpy.sinh".debugDescription)] }
    func results(for inputs: [TensorSpec]) throws -> [TensorSpec] {
      Array(repeating: TensorSpec(shape: [nil], dtype: .float32), count: count)
    }
    func run(_ inputs: [Tensor]) throws -> [Tensor] { inputs }
  }

  @Test func `prints a graph`() throws {
    let f = try GraphFunction(
      inputSignature: [TensorSpec(shape: [nil], dtype: .float32, name: "x")], name: "f"
    ) { x in
      let y = try Callback(count: 1, effects: .ordered).apply(to: [x], name: "sinh")[0]
      let parts = try Callback(count: 2, effects: .pure).apply(to: [y])
      try Callback(count: 0, effects: .unordered).apply(to: [], name: "my log")
      let z = try parts[1] * 2 + Tensor([1.5, -1], dtype: .float32)
      return [try z.asType(.int8), parts[0]]
    }
    #expect(
      try f.graph.description == """
        graph f(%x: float32[?]) {
          %sinh = numpyFunction(%x) {func: "numpy.sinh", effects: ordered} : float32[?]
          %numpyFunction:2 = numpyFunction(%sinh) {func: "numpy.sinh"} : float32[?], float32[?]
          %"my log":0 = numpyFunction() {func: "numpy.sinh", effects: unordered} : ()
          %constant = constant() {value: 2.0} : float32[]
          %multiply = multiply(%numpyFunction#1, %constant) : float32[?]
          %constant_1 = constant() {value: [1.5, -1.0]} : float32[2]
          %add = add(%multiply, %constant_1) : float32[2]
          %cast = cast(%add) {to: int8} : int8[2]
          return %cast, %numpyFunction#0
        }
        """)
  }

  @Test func `prints a graph without inputs or outputs`() throws {
    let f = try GraphFunction(inputSignature: [], name: "") { (_: [Tensor]) in [] as [Tensor] }
    #expect(try f.graph.description == "graph \"\"() {\n  return\n}")
  }

  @Test func `leaves out the elements of large constants`() throws {
    let large = try Tensor(zeros: [3, 3], dtype: .bool)
    let f = try GraphFunction(inputSignature: [], name: "f", list: { _ in large })
    #expect(try f.graph.description.contains("%constant = constant() : bool[3, 3]"))
  }

  @Test func `prints the lines of the program when asked`() throws {
    let f = try GraphFunction(
      inputSignature: [TensorSpec(shape: [], dtype: .float32, name: "x")], name: "f",
      file: "My Module/main.swift", line: 3
    ) { x in
      let y = try -x
      let z = try y.asType(.int8, file: "M/a.swift", line: 5)
      return try z * z
    }
    #expect(
      try f.graph.text(locations: true) == """
        graph f(%x: float32[]) {  // My Module/main.swift:3
          %negate = negate(%x) : float32[]  // after My Module/main.swift:3
          %cast = cast(%negate) {to: int8} : int8[]  // M/a.swift:5
          %multiply = multiply(%cast, %cast) : int8[]  // after M/a.swift:5
          return %multiply
        }
        """)
  }

  @Test func `prints the graphs that an operation runs after its line`() throws {
    let f = try Self.nested()
    #expect(
      try f.graph.description == """
        graph outer(%x: float32[]) {
          %repeat = repeat(%x) {times: 2} : float32[]
            body: graph inner(%y: float32[]) {
              %repeat = repeat(%y) {times: 3} : float32[]
                body: graph innermost(%z: float32[]) {
                  %negate = negate(%z) : float32[]
                  return %negate
                }
                "return": graph innermost(%z: float32[]) {
                  %negate = negate(%z) : float32[]
                  return %negate
                }
              return %repeat
            }
          return %repeat
        }
        """)
  }

  /// A function with bodies in bodies.
  static func nested() throws -> GraphFunction<Tensor> {
    let innermost = try GraphFunction(
      inputSignature: [TensorSpec(shape: [], name: "z")], name: "innermost"
    ) { z in try -z }.graph
    let inner = try GraphFunction(
      inputSignature: [TensorSpec(shape: [], name: "y")], name: "inner"
    ) { y in
      let twice = Repeat(
        times: 3, bodies: [("body", innermost), ("return", innermost)])
      return try twice.apply(to: [y])[0]
    }.graph
    return try GraphFunction(
      inputSignature: [TensorSpec(shape: [], name: "x")], name: "outer"
    ) { x in
      try Repeat(times: 2, bodies: [("body", inner)]).apply(to: [x])[0]
    }
  }
}
