import NumPyFunctions
import Testing

@Suite struct TracedPythonTests {
  @Test func `a Python function becomes a graph that runs without Python`() throws {
    let source = try Python.function(
      """
      import numpy as np
      def loss(x, w, y):
          hidden = np.tanh(x @ w)
          return np.mean((hidden - y) ** 2)
      """)
    let f = try GraphFunction(
      python: source,
      inputSignature: [
        TensorSpec(shape: [nil, 3], dtype: .float64), TensorSpec(shape: [3], dtype: .float64),
        TensorSpec(shape: [nil], dtype: .float64),
      ])
    #expect(f.name == "loss")
    let x = try Tensor([[0.5, -1, 2], [1, 0.25, -0.5]])
    let (w, y) = (try Tensor([0.1, 0.2, 0.3]), try Tensor([1.0, -1.0]))
    // No call of Python is in it, and none is counted for it; other tests count at the same time.
    let found = try Double(f(x, w, y))
    #expect(
      try !f.graph.nodes.contains { ["numpyFunction", "pyFunction"].contains($0.operation.name) })
    #expect(!Python.statistics.functions.keys.contains { $0.hasPrefix("loss ") })
    let expected = try Double(source(x, w, y))
    #expect(abs(found - expected) < 1e-15)
    // And has a gradient.
    let (_, slope) = try valueAndGradient(at: w) { try f(x, $0, y) }
    let differences = try (0..<3).map { index in
      func at(_ step: Double) throws -> Double {
        var moved = try w.scalars(as: Double.self)
        moved[index] += step
        return try Double(f(x, Tensor(moved), y))
      }
      return try (at(1e-5) - at(-1e-5)) / 2e-5
    }
    for (a, b) in try zip([Double](#require(slope)), differences) { #expect(abs(a - b) < 1e-8) }
  }

  @Test func `several results, and constants among them`() throws {
    let f: GraphFunction<[Tensor]> = try GraphFunction(
      python: Python.evaluate("lambda x: (x + 1, x * 2, 7)"), inputSignature: [TensorSpec()])
    #expect(try f(3.0).map { "\($0)" } == ["4.0", "6.0", "7"])
    let error = #expect(throws: CallbackError.self) {
      let _: GraphFunction<Tensor> = try GraphFunction(
        python: Python.evaluate("lambda x: (x, x)"), inputSignature: [TensorSpec()])
    }
    #expect(error?.message.contains("2 results") == true)
  }

  @Test(arguments: [
    "bool(x)", "float(x)", "int(x)", "list(x)", "x.numpy()", "np.asarray(x)", "x.item()", "[x][x]",
    "'y' if x > 0 else 'n'",
  ])
  func `asking for a value raises at that line, and says what to use instead`(use: String) throws {
    let f = try Python.function("import numpy as np\ndef f(x):\n  y = x * 2\n  \(use)\n  return y")
    let error = #expect(throws: (any Error).self) {
      let _: GraphFunction<Tensor> = try GraphFunction(python: f, inputSignature: [TensorSpec()])
    }
    let message = error.map { "\($0)" } ?? ""
    #expect(message.contains("TracedPythonTests.swift"), "\(message)")
    #expect(message.contains(":4)"), "\(message)")
    #expect(message.contains(use == "list(x)" ? "declare its extent" : "symbolic"), "\(message)")
  }
}
