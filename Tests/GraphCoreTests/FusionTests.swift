import GraphCore
import TensorCore
import Testing

@Suite struct FusionTests {
  typealias Row = PassTests.Row

  static let rows: [Row] = [
    Row(
      "a tree",
      after: """
          %constant = constant() {value: 2.0} : float32[]
          %subtract = fused(%input, %constant) {steps: [multiply, negate, subtract]} : float32[?]
          return %subtract
        }
        """
    ) { [try $0[0] * 2 - (-$0[0])] },
    Row(
      "a value that is used twice inside",
      after: """
          %add = fused(%input) {steps: [negate, multiply, add]} : float32[?]
          return %add
        }
        """
    ) {
      let y = try -$0[0]
      return [try y * $0[0] + y]
    },
    Row(
      "a value that others use is kept",
      after: """
          %negate = negate(%input) : float32[?]
          %add = fused(%negate, %input) {steps: [multiply, add]} : float32[?]
          %cast = cast(%negate) {to: int8} : int8[?]
          return %add, %cast
        }
        """
    ) {
      let y = try -$0[0]
      return [try y * $0[0] + $0[0], try y.asType(.int8)]
    },
    Row(
      "a result of the graph is kept",
      after: """
          %negate = negate(%input) : float32[?]
          %add = add(%negate, %input) : float32[?]
          return %add, %negate
        }
        """
    ) {
      let y = try -$0[0]
      return [try y + $0[0], y]
    },
    Row(
      "what may fail stays before an effect",
      [TensorSpec(dtype: .float32), TensorSpec(dtype: .float32)],
      after: """
          %add = add(%input, %input_1) : float32[...]
          %counting:0 = counting() {effects: ordered} : ()
          %multiply = fused(%input, %add) {steps: [negate, multiply]} : float32[...]
          return %multiply
        }
        """
    ) {
      let sum = try $0[0] + $0[1]
      let negative = try -$0[0]
      try Counting().apply(to: [])
      return [try negative * sum]
    },
  ]

  @Test(arguments: rows) func `the printed graph`(_ row: Row) throws {
    let after = try row.graph().optimized().description
    let lines = after.split(separator: "\n").dropFirst()
    let expected = row.after.split(separator: "\n")
    #expect(
      lines.map { $0.drop { $0 == " " } } == expected.map { $0.drop { $0 == " " } }, "\(after)")
  }

  @Test func `an error names the node that was`() throws {
    let float = TensorSpec(dtype: .float32)
    let f = try GraphFunction(inputSignature: [float, float]) { x, y in try -(x + y) * 2 }
    #expect(try f.optimizedGraph.description.contains("steps: [add, negate, multiply]"))
    let error = #expect(throws: OperationError.self) { try f([1, 2], [1, 2, 3]) }
    #expect(error?.node == "add")
    #expect(error?.message.hasPrefix("shapes [2] and [3] do not broadcast") == true)
    #expect(try f([1, 2], [3]) == Tensor([-8, -10], dtype: .float32))
  }

  @Test func `long chains are cut`() throws {
    let f = try GraphFunction(inputSignature: [TensorSpec()]) { x in
      try (0..<1000).reduce(x) { sum, _ in try sum + x }
    }
    #expect(try f.optimizedGraph.nodes.map(\.operation.name) == ["input", "fused", "fused"])
    #expect(try f(1) == Tensor(1001, dtype: .float32))
  }
}
