import NumPyFunctions
import Testing

/// Graphs of elementwise operations on scalars, which are run without tensors: against the same graph
/// on tensors of one element, and as it was traced.
@Suite struct ScalarProgramTests {
  private typealias Body = @Sendable (Tensor) throws -> Tensor

  private static let bodies: [(name: String, dtypes: [DType], body: Body)] = [
    ("a sum", DType.numeric, { try $0 + $0 }),
    ("a chain", [.float32, .float64, .complex64], { try ($0 * $0 + $0) * 3 - $0 }),
    (
      "functions", [.float16, .bfloat16, .float32, .float64], { try exp(-sqrt(abs($0))) + tanh($0) }
    ),
    ("a choice", [.float32, .int32], { try select(greater($0, 2), $0 * 2, $0 - 1) }),
    ("a constant of its own", [.float64], { try $0 * Tensor(2.5) + Tensor(1.0) }),
    ("another dtype on the way", [.int64], { try ($0 / 4).asType(.float64) + 1 }),
    ("three operands", [.float64, .int16], { try clip($0, 1, 2) }),
    ("its input", [.float32], { $0 }),
    ("its input twice", [.float32], { try $0 * $0 + $0 * $0 }),
    (
      "two hundred steps", [.float32],
      { x in try (0..<200).reduce(x) { y, _ in try y * 0.5 + x } }
    ),
    (
      "five thousand steps", [.float32],
      { x in try (0..<2500).reduce(x) { y, _ in try y * 0.5 + x } }
    ),
    (
      "many values at a time, used in another order", [.float64, .int32],
      { x in
        var parts = [x]
        for _ in 0..<300 { parts.append(try parts[parts.count - 1] * 3 - x) }
        return try parts.reversed().reduce(parts[150]) { try $0 - $1 }
      }
    ),
    (
      "NumPy's functions among them, some fused with what is around them", [.float64],
      { x in
        let np = try Python.import("numpy")
        var (y, z) = (x, x)
        for _ in 0..<20 {
          y = try numpyFunction(np.arctan, [y + z], Tout: .float64, effects: .pure) * x
          z = try numpyFunction(np.hypot, [z, y - 1], Tout: .float64, effects: .pure) - y
        }
        return try y / (z + 1)
      }
    ),
  ]

  @Test(arguments: bodies.indices)
  func `a scalar gives what a tensor of one element gives, bit for bit`(index: Int) throws {
    let (name, dtypes, body) = Self.bodies[index]
    for dtype in dtypes {
      let f = try GraphFunction(inputSignature: [TensorSpec(dtype: dtype)], body)
      let traced = try GraphOptions.$current.withValue(GraphOptions(optimizes: false)) {
        try GraphFunction(inputSignature: [TensorSpec(dtype: dtype)], body)
      }
      for number in [0, 1, 3, 100] {
        let x = try Tensor(number).asType(dtype)
        let one = try x.reshaped(to: [1])
        let (scalar, vector) = try (f(x), f(one))
        #expect(scalar.shape == .scalar && scalar.dtype == vector.dtype, "\(name), \(dtype)")
        #expect(
          try PythonObject(scalar).tobytes() == PythonObject(vector).tobytes(), "\(name), \(dtype)")
        #expect(try PythonObject(traced(x)).tobytes() == PythonObject(scalar).tobytes())
      }
    }
  }

  @Test func `several inputs and results keep their order`() throws {
    let f = try GraphFunction(
      inputSignature: [
        TensorSpec(dtype: .float64), TensorSpec(dtype: .float64), TensorSpec(dtype: .int32),
      ]
    ) { a, b, c in (try a - b, try b - a, try c * 2, a) }
    let (d, e, g, a) = try f(5.0, 3.0, 4)
    #expect(try Double(d) == 2 && Double(e) == -2 && Int32(g) == 8 && Double(a) == 5)
    // Where one is no scalar, all are run as tensors.
    let (h, _, _, _) = try f([5.0, 6.0], 3.0, 4)
    #expect(try h == Tensor([2.0, 3.0]))
  }

  @Test func `NumPy's universal functions are counted, and warn as they would`() async {
    await #expect(processExitsWith: .success) {
      let np = try Python.import("numpy")
      let f = try GraphFunction(inputSignature: [TensorSpec(dtype: .float64)]) { x in
        try numpyFunction(np.log, [x], Tout: .float64) + 1
      }
      func calls() -> Int { Python.statistics.functions["numpy.log"]?.calls ?? 0 }
      for _ in 0..<10 { #expect(try Double(f(1.0)) == 1) }
      #expect(calls() == 10)
      let warn = try Python.function(
        """
        import warnings
        def f(call):
            with warnings.catch_warnings(record=True) as seen:
                warnings.simplefilter('always')
                call()
            return [str(w.message) for w in seen]
        """)
      let call = try Python.callable { () in _ = try f(0.0) }
      #expect(try [String](warn(call)) == ["divide by zero encountered in log"])
    }
  }

  @Test func `a profile has the nodes of a graph that is run on scalars otherwise`() throws {
    let f = try GraphFunction(inputSignature: [TensorSpec(dtype: .float64)]) { x in try x * x + 1 }
    let (result, profile) = try f.profile(3.0)
    #expect(try Double(result) == 10 && !profile.nodes.isEmpty)
  }
}
