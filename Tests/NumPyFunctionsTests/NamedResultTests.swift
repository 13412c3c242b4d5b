import NumPyFunctions
import Testing

/// Names of extents in `Tout`.
@Suite struct NamedResultTests {
  private let pairs: PythonObject
  private let rows: PythonObject

  init() throws {
    pairs = try Python.function(
      "import numpy as np\ndef pairs(x): return np.stack([x, x], axis=-1)")
    rows = try Python.function("import numpy as np\ndef rows(n): return np.ones(int(n), 'f4')")
  }

  @Test func `a name is the graph's, and checked when the graph runs`() throws {
    let f = try GraphFunction(
      inputSignature: [
        TensorSpec(shape: ["batch"], name: "x"), TensorSpec(shape: [], name: "n"),
      ], name: "f"
    ) { x, n in
      let y = try numpyFunction(rows, [n], Tout: TensorSpec(shape: ["batch"]))
      #expect(y.shape == Shape(extents: ["batch"]))
      return try x + y
    }
    #expect(
      try f.graph.outputs.map { try f.graph.spec(of: $0).shape }
        == [["batch"]].map(Shape.init(extents:)))
    #expect(try f([1, 2], 2) == Tensor([2, 3], dtype: .float32))
    let error = #expect(throws: OperationError.self) { try f([1, 2], 1) }
    #expect(error?.code == .invalidArgument)
    #expect(
      error?.message.hasSuffix(
        ": extent 'batch' is 1 in result 0 (float32[batch], given [1]) and 2 in input 0 of graph "
          + "'f' ('x': float32[batch], given [2]); give both the same") == true,
      "\(error?.message ?? "")")
    // Inlined where nothing is known, the check comes along.
    let g = try GraphFunction(inputSignature: [TensorSpec(), TensorSpec()]) { x, n in try f(x, n) }
    #expect(try g([1, 2], 2) == Tensor([2, 3], dtype: .float32))
    #expect(throws: OperationError.self) { try g([1, 2], 1) }
  }

  @Test func `a name that the graph does not have is any number`() throws {
    let f = try GraphFunction(inputSignature: [TensorSpec(shape: ["batch"])]) { x in
      let y = try numpyFunction(pairs, [x], Tout: TensorSpec(shape: ["other", 2]))
      #expect(y.shape == [nil, 2])
      return y
    }
    #expect(try f([1, 2, 3]).shape == [3, 2])
    #expect(throws: OperationError.self) {
      try numpyFunction(pairs, [Tensor([1, 2])], Tout: TensorSpec(shape: ["n", 3], dtype: .int64))
    }
  }

  @Test func `extents of one name are one number in all results`() throws {
    let both = try Python.function(
      "import numpy as np\ndef both(n, m): return np.ones(int(n)), np.ones(int(m))")
    let Tout = [
      TensorSpec(shape: ["k"], dtype: .float64), TensorSpec(shape: ["k"], dtype: .float64),
    ]
    let f = GraphFunction { n, m in try numpyFunction(both, [n, m], Tout: Tout) }
    #expect(try f(2, 2).map(\.shape) == [[2], [2]])
    #expect(throws: OperationError.self) { try f(2, 3) }
    #expect(try numpyFunction(both, [2, 2], Tout: Tout).count == 2)
    let error = #expect(throws: OperationError.self) {
      try numpyFunction(both, [2, 3], Tout: Tout)
    }
    #expect(error?.message.contains(": extent 'k' is 2 in result 0") == true)
  }
}
