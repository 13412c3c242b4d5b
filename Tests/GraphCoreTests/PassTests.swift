import TensorCore
import Testing

@testable import GraphCore

/// What the passes make of graphs, by what is printed.
@Suite struct PassTests {
  /// A closure, and the lines of its graph before and after the passes.
  struct Row: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let specs: [TensorSpec]
    let before: String?
    let after: String
    let body: @Sendable ([Tensor]) throws -> [Tensor]

    init(
      _ name: String, _ specs: [TensorSpec] = [TensorSpec(shape: [nil], dtype: .float32)],
      before: String? = nil, after: String,
      _ body: @escaping @Sendable ([Tensor]) throws -> [Tensor]
    ) {
      (testDescription, self.specs) = (name, specs)
      (self.before, self.after, self.body) = (before, after, body)
    }
  }

  static let float = TensorSpec(shape: [nil], dtype: .float32)
  static let int = TensorSpec(shape: [nil], dtype: .int32)
  static let matrix = TensorSpec(shape: [2, 3, 4], dtype: .float32)
  static let bool = TensorSpec(shape: [nil], dtype: .bool)
  static let complex = TensorSpec(shape: [nil], dtype: .complex64)

  static func constant(_ value: Double, _ dtype: DType) throws -> Tensor {
    try Tensor(value, dtype: .float64).asType(dtype).held
  }

  static let simplified: [Row] = [
    Row("x * 1", after: "return %input") { [try 1 * ($0[0] * 1)] },
    Row("x / 1", after: "return %input") { [try $0[0] / 1] },
    Row("x - 0", after: "return %input") { [try $0[0] - 0] },
    Row("x + -0.0", after: "return %input") { [try $0[0] + Tensor(-0.0, dtype: .float32)] },
    Row("x + 0, whole numbers", [int], after: "return %input") { [try 0 + $0[0]] },
    Row("x - 0, whole numbers", [int], after: "return %input") { [try $0[0] - 0] },
    Row("x * 1, whole numbers", [int], after: "return %input") { [try $0[0] * 1] },
    Row("a constant of rank 1", after: "return %input") {
      [try $0[0] * Tensor([1], dtype: .float32)]
    },
    Row("-(-x)", after: "return %input") { [try -(-$0[0])] },
    Row("stopGradient", after: "return %input") { [try stopGradient($0[0])] },
    Row("there and back", after: "return %input") {
      [try $0[0].asType(.float64).asType(.float32)]
    },
    Row("by way of more digits", [int], after: "%cast_1 = cast(%input) {to: int8} : int8[?]") {
      [try $0[0].asType(.int64).asType(.int8)]
    },
    Row("reversed axes, reversed", [TensorSpec()], after: "return %input") {
      [try $0[0].transposed().transposed()]
    },
    Row("axes in their order", [matrix], after: "return %input") {
      [try $0[0].transposed(permutation: [0, 1, 2])]
    },
    Row(
      "one order after another", [matrix],
      after: "%transpose_1 = transpose(%input) {permutation: [0, 2, 1]} : float32[2, 4, 3]"
    ) { [try $0[0].transposed(permutation: [2, 0, 1]).transposed(permutation: [1, 0, 2])] },
    Row("a shape that it has", [matrix], after: "return %input") {
      [try $0[0].reshaped(to: [6, nil]).reshaped(to: [2, 3, 4])]
    },
    Row(
      "one shape after another", [matrix],
      after: "%reshape_1 = reshape(%input) {shape: [8, 3]} : float32[8, 3]"
    ) { [try $0[0].reshaped(to: [6, 4]).reshaped(to: [nil, 3])] },
    Row("a choice that is known", [matrix, matrix], after: "return %input_1") {
      [try select(Tensor(false).held, $0[0], $0[1])]
    },
    Row("a chain of identities", after: "return %input") {
      [try -(-(stopGradient($0[0] * 1) - 0)) / 1]
    },
  ]

  static let untouched: [Row] = [
    Row("x + 0", after: "add") { [try $0[0] + 0] },
    Row("x - -0.0", after: "subtract") { [try $0[0] - Tensor(-0.0, dtype: .float32)] },
    Row("0 - x", after: "subtract") { [try 0 - $0[0]] },
    Row("1 / x", after: "divide") { [try 1 / $0[0]] },
    Row("x / 1, whole numbers", [int], after: "divide") { [try $0[0] / 1] },
    Row("x * 1, complex", [complex], after: "multiply") { [try $0[0] * 1] },
    Row("x / 1, complex", [complex], after: "divide") { [try $0[0] / 1] },
    Row("x + false", [bool], after: "add") { [try $0[0] + Tensor(false)] },
    Row("x * true", [bool], after: "multiply") { [try $0[0] * Tensor(true)] },
    Row("a constant of a higher rank", after: "multiply") {
      [try $0[0] * Tensor([[1]], dtype: .float32)]
    },
    Row("a scalar to a vector", [TensorSpec(shape: [], dtype: .float32)], after: "multiply") {
      [try $0[0] * Tensor([1], dtype: .float32)]
    },
    Row("an unknown rank", [TensorSpec(dtype: .float32)], after: "multiply") {
      [try $0[0] * Tensor([1], dtype: .float32)]
    },
    Row("there and back, with a loss", [int], after: "cast_1") {
      [try $0[0].asType(.float32).asType(.int32)]
    },
    Row("a choice of a smaller tensor", [matrix, TensorSpec(shape: [4])], after: "select") {
      [try select(Tensor(false).held, $0[0], $0[1])]
    },
    Row("a shape that it might not have", after: "reshape_1") {
      [try $0[0].reshaped(to: [6, 4]).reshaped(to: [24])]
    },
    Row("to whole numbers and back", after: "cast_1") {
      [try $0[0].asType(.int64).asType(.float32)]
    },
  ]

  @Test(arguments: simplified) func `an operation that does nothing is left out`(_ row: Row) throws
  {
    let after = try row.graph().optimizedButForFusion().description
    #expect(after.contains(row.after), "\(after)")
    #expect(after.split(separator: "\n").count == (row.after.hasPrefix("return") ? 3 : 4))
  }

  @Test(arguments: untouched)
  func `an operation that does something for some values stays`(_ row: Row) throws {
    let after = try row.graph().optimizedButForFusion().description
    #expect(after.contains("%\(row.after) = "), "\(after)")
  }

  static let merged: [Row] = [
    Row(
      "equal nodes",
      after: """
          %negate = negate(%input) : float32[?]
          %multiply = multiply(%negate, %negate) : float32[?]
          return %multiply, %negate
        }
        """
    ) { [try (-$0[0]) * (-$0[0]), try -$0[0]] },
    Row(
      "nodes that are equal once others are merged",
      after: """
          %negate = negate(%input) : float32[?]
          %add = add(%negate, %input) : float32[?]
          return %add, %add
        }
        """
    ) { [try -$0[0] + $0[0], try -$0[0] + $0[0]] },
    Row(
      "constants, but not 0.0 and -0.0",
      after: """
          %constant = constant() {value: 0.0} : float32[]
          %add = add(%input, %constant) : float32[?]
          %constant_2 = constant() {value: -0.0} : float32[]
          %subtract = subtract(%add, %constant_2) : float32[?]
          %subtract_1 = subtract(%add, %subtract) : float32[?]
          return %subtract_1
        }
        """
    ) {
      let x = $0[0]
      return [
        try (x + constant(0, .float32))
          - ((x + constant(0, .float32)) - constant(-0.0, .float32))
      ]
    },
    Row(
      "operations of one name with other attributes are two",
      after: """
          %cast = cast(%input) {to: int8} : int8[?]
          %cast_1 = cast(%input) {to: int16} : int16[?]
          return %cast, %cast_1, %cast
        }
        """
    ) { [try $0[0].asType(.int8), try $0[0].asType(.int16), try $0[0].asType(.int8)] },
    Row(
      "operations that do not know themselves are two",
      after: """
          %custom = custom(%input) : float32[?]
          %custom_1 = custom(%input) : float32[?]
          return %custom, %custom_1
        }
        """
    ) { [try Custom().apply(to: $0)[0], try Custom().apply(to: $0)[0]] },
    Row(
      "what has effects is not merged",
      after: """
          %counting = counting(%input) {effects: ordered} : float32[?]
          %counting_1 = counting(%input) {effects: ordered} : float32[?]
          return %counting, %counting_1
        }
        """
    ) {
      let log = Counting()
      return [try log.apply(to: $0)[0], try log.apply(to: $0)[0]]
    },
    Row(
      "unused nodes",
      after: """
          %counting:0 = counting() {effects: unordered} : ()
          return %input
        }
        """
    ) {
      _ = try $0[0] * 2 + Custom().apply(to: $0)[0]
      try Counting(effects: .unordered).apply(to: [])
      return $0
    },
    Row(
      "constants are computed with",
      after: """
          %multiply = constant() {value: [6.0, 12.0]} : float32[2]
          %add = add(%input, %multiply) : float32[2]
          return %add
        }
        """
    ) { [try $0[0] + Tensor([2, 4], dtype: .float32).held * 3] },
    Row(
      "several results",
      after: """
          %pair_1 = pair(%input) : float32[?]
          %pair = constant() {value: 1} : int64[]
          %pair_2 = constant() {value: 2} : int64[]
          return %pair, %pair_2, %pair_1
        }
        """
    ) {
      let pair = Custom(
        name: "pair", specs: { _ in Array(repeating: TensorSpec(dtype: .int64), count: 2) },
        kernel: { _ in [Tensor(1), Tensor(2)] })
      let input = try Custom(name: "pair").apply(to: $0, name: "pair_1")
      return try pair.apply(to: [try Tensor(0).held]) + input
    },
  ]

  @Test(arguments: merged) func `the printed graph`(_ row: Row) throws {
    let after = try row.graph().optimizedButForFusion().description
    let lines = after.split(separator: "\n").dropFirst()
    let expected = row.after.split(separator: "\n")
    #expect(
      lines.map { $0.drop { $0 == " " } } == expected.map { $0.drop { $0 == " " } }, "\(after)")
  }

  @Test func `a constant is known in full, and so is what is made of it`() throws {
    let row = Row("", [TensorSpec(dtype: .float32)], after: "") {
      let unknown = try Custom(
        specs: { [TensorSpec(dtype: $0[0].dtype)] }
      ).apply(to: [try Tensor([1, 2], dtype: .float32).held])[0]
      return [try $0[0] + 1, try -unknown + 0, try $0[0] * unknown]
    }
    let after = try row.graph().optimized()
    #expect(
      after.outputs.map { "\(after.spec(of: $0))" } == [
        "float32[...]", "float32[2]", "float32[...]",
      ])
  }

  @Test func `what throws is left for the run`() throws {
    let log = Counting()
    let refusing = Custom(name: "refusing", kernel: { _ in throw Refusal() })
    let f = try GraphFunction(inputSignature: [TensorSpec()]) { x in
      try log.apply(to: [])
      return try x + refusing.apply(to: [try Tensor(1, dtype: .float32).held])[0]
    }
    #expect(try f.optimizedGraph.nodes.contains { $0.name == "refusing" })
    let error = #expect(throws: OperationError.self) { try f(1) }
    #expect(error?.node == "refusing")
    #expect(log.runs == 1)
  }

  @Test func `what contradicts itself is left for the run`() throws {
    let log = Counting()
    let shape = Custom(specs: { [TensorSpec(dtype: $0[0].dtype)] })
    let f = try GraphFunction(inputSignature: [TensorSpec()]) { x in
      try log.apply(to: [])
      let two = try shape.apply(to: [try Tensor([1, 2], dtype: .float32).held])[0]
      let three = try shape.apply(to: [try Tensor([1, 2, 3], dtype: .float32).held])[0]
      return try two + three
    }
    let error = #expect(throws: OperationError.self) { try f(1) }
    #expect(error?.node == "add")
    #expect(log.runs == 1)
  }

  @Test func `large results are not kept`() throws {
    let row = Row("", [], after: "") { _ in
      let one = try Tensor(1, dtype: .float32).held
      let small = try one + Tensor(zeros: [1000], dtype: .float32)
      let large = try one + Tensor(zeros: [1000, 1000], dtype: .float32)
      let wide = try Tensor([1, 2], dtype: .int64).held
      let grown = Custom(
        name: "grown", specs: { _ in [TensorSpec(dtype: .int8)] },
        kernel: { _ in [try Tensor(zeros: [5000], dtype: .int8)] })
      return [small, large, try grown.apply(to: [wide])[0]]
    }
    let graph = try row.graph().optimizedButForFusion()
    #expect(
      graph.nodes.filter { !($0.operation is Constant) }.map(\.operation.name) == ["add", "grown"])
  }

  @Test func `what is pure is called once, and not in the runs`() throws {
    let pure = Counting(effects: .pure)
    let f = try GraphFunction(inputSignature: [TensorSpec()]) { x in
      try x + pure.apply(to: [try Tensor(1, dtype: .float32).held])[0]
    }
    for _ in 0..<3 { #expect(try f(1) == Tensor(2, dtype: .float32)) }
    #expect(pure.runs == 1)
  }

  @Test func `each pass that changes something is observed`() throws {
    let row = Row("", after: "") {
      [try -(-$0[0]) + Tensor([2, 4], dtype: .float32).held * 3 - $0[0]]
    }
    var seen: [String] = []
    var last = try row.graph()
    let after = try last.optimized { pass, before, after in
      #expect(before.description == last.description)
      #expect(before.description != after.description)
      seen.append(pass)
      last = after
    }
    #expect(seen == ["constant folding", "simplification", "dead nodes", "fusion"])
    #expect(after.description == last.description)
  }

  @Test func `a graph is inlined and differentiated as it was traced`() throws {
    let inner = try GraphFunction(inputSignature: [Self.float]) { x in try stopGradient(x) * x }
    let outer = try GraphFunction(inputSignature: [Self.float]) { x in
      let y = try inner(x)
      return [y, try gradient(of: y, with: x) ?? x]
    }
    #expect(try !inner.optimizedGraph.description.contains("stopGradient"))
    #expect(try outer.graph.description.contains("stopGradient"))
    #expect(
      try outer([3, 4]) == [Tensor([9, 16], dtype: .float32), Tensor([3, 4], dtype: .float32)])
  }

  @Test func `a function that is made without the optimiser runs what was traced`() throws {
    let options = GraphOptions(optimizes: false)
    let (now, later) = try GraphOptions.$current.withValue(options) {
      (
        try GraphFunction(inputSignature: [Self.float]) { x in try x * 1 },
        GraphFunction { x in try x * 1 }
      )
    }
    #expect(try now.optimizedGraph.nodes.count == 3)
    #expect(try later.optimizedGraph(for: [Self.float]).nodes.count == 3)
    #expect(try now([2]) == Tensor([2], dtype: .float32))
  }
}

extension Graph {
  /// The graph after all passes but the last, which makes one line of many.
  fileprivate func optimizedButForFusion() throws -> Graph {
    try Optimizer.run(Optimizer.passes.filter { !($0 is Fusion) }, on: self) { _, _, _ in }
  }
}

extension PassTests.Row {
  /// The graph as it is traced.
  func graph() throws -> Graph {
    let body = body
    let graph = try GraphFunction(inputSignature: specs, list: { try body($0) }).graph
    if let before { #expect(graph.description == before) }
    return graph
  }
}

extension Tensor {
  /// The value as a node of the graph that is being built: operations on values run at once.
  var held: Tensor {
    get throws {
      try #require(Recorder.current).add(
        Constant(withoutLiteralMark), to: [], name: nil, at: SourceLocation())[0]
    }
  }
}
