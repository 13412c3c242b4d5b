import ComplexModule
import NumPyFunctions
import Testing

/// Gradients of Python functions: what the documentation of `tf.py_function` shows, and what TensorFlow
/// cannot do.
@Suite struct PyFunctionGradientTests {
  private let np: PythonObject
  init() throws { np = try Python.import("numpy") }

  /// The results of a function's graph at these numbers, as float64.
  private func values(
    _ inputs: [Double], _ body: ([Tensor]) throws -> [Tensor]
  ) throws -> [Double] {
    let f = try GraphFunction(
      inputSignature: inputs.map { _ in TensorSpec(dtype: .float64) }, list: body)
    return try f.run(inputs.map { Tensor($0) }).map { try Double($0) }
  }

  private func function(
    _ source: String, _ inputs: [Tensor], rematerialize: Bool = false
  ) throws -> Tensor {
    try pyFunction(
      Python.evaluate(source, ["np": np]), inputs, Tout: .float64, rematerialize: rematerialize)
  }

  private func slopes(of y: Tensor, with inputs: [Tensor]) throws -> [Tensor] {
    try gradient(of: y, with: inputs).map { try #require($0) }
  }

  @Test(arguments: [
    ("lambda x: x * x", [3.0], [6.0]), ("lambda x: x ** 2", [3], [6]),
    ("lambda x, y: x ** 2 + y ** 2", [3, 4], [6, 8]), ("lambda x, y: x * y", [3, 2], [2, 3]),
    ("lambda x, y: x / y", [3, 2], [0.5, -0.75]),
    ("lambda x, y: x * y + x / y", [3, 2], [2.5, 2.25]),
    ("lambda x: x", [3], [1]), ("lambda x, y: x", [3, 2], [1, 0]), ("lambda x: 5.0", [3], [0]),
    ("lambda x: x if x > 0 else -x", [-3], [-1]), ("lambda x: np.sin(x) * 0 + x", [3], [1]),
  ])
  func `first order`(source: String, inputs: [Double], expected: [Double]) throws {
    for rematerialize in [false, true] {
      let found = try values(inputs) {
        try slopes(of: function(source, $0, rematerialize: rematerialize), with: $0)
      }
      #expect(found == expected)
    }
  }

  @Test func `second and third order: x cubed at 2`() throws {
    for rematerialize in [false, true] {
      let found = try values([2]) { inputs in
        let y = try function("lambda x: x ** 3", inputs, rematerialize: rematerialize)
        let first = try slopes(of: y, with: inputs)[0]
        let second = try slopes(of: first, with: inputs)[0]
        return [y, first, second, try slopes(of: second, with: inputs)[0]]
      }
      #expect(found == [8, 12, 12, 6])
    }
  }

  @Test func `the log-Huber loss of TensorFlow's documentation, by a condition on values`() throws {
    let huber = try Python.function(
      """
      import numpy as np
      def log_huber(x, m):
          if abs(x) <= m:
              return x ** 2
          else:
              return m ** 2 * (1 - 2 * np.log(m) + np.log(x ** 2))
      """)
    let f = try GraphFunction(inputSignature: [TensorSpec(), TensorSpec()]) { x, m in
      let y = try pyFunction(huber, [x, m], Tout: .float32)
      return (y, try gradient(of: y, with: x) ?? x)
    }
    let (value, slope) = try f(1.0, 2.0)
    #expect(try Float(value) == 1)
    #expect(try Float(slope) == 2)
    let (outer, outerSlope) = try f(4.0, 2.0)
    #expect(try abs(Float(outer) - 9.5451775) < 1e-5)
    #expect(try Float(outerSlope) == 2)
  }

  @Test func `twice in a row, and again in the next call, with one call of the function each`()
    throws
  {
    let calls = try PythonObject([Int]())
    let f = try Python.evaluate("lambda x: calls.append(1) or x * x", ["calls": calls])
    let graph = try GraphFunction(inputSignature: [TensorSpec(dtype: .float64)]) { x in
      let y = try pyFunction(f, [x], Tout: .float64)
      return [try gradient(of: y, with: x) ?? x, try gradient(of: y, with: x) ?? x]
    }
    for x in [3.0, 4.0] {
      #expect(try graph(x).map { try Double($0) } == [2 * x, 2 * x])
    }
    #expect(try calls.itemCount == 2)
  }

  @Test func `in a loop and a condition, to the second order, once an iteration`() throws {
    let calls = try PythonObject([Int]())
    let f = try Python.evaluate("lambda s, x: calls.append(1) or s * x", ["calls": calls])
    let found = try values([2]) { inputs in
      let x = inputs[0]
      let (_, y) = try whileLoop(Tensor(0), x) { count, _ in
        try count .< 3
      } body: { count, state in
        let next = try cond(state .> 0) {
          try pyFunction(f, [state, x], Tout: .float64)
        } else: {
          x
        }
        return (try count + 1, next)
      }
      let first = try slopes(of: y, with: inputs)[0]
      return [y, first, try slopes(of: first, with: inputs)[0]]
    }
    #expect(found == [16, 32, 48])
    #expect(try calls.itemCount == 3)
  }

  @Test func `complex numbers by TensorFlow's convention`() throws {
    let square = try Python.evaluate("lambda z: z ** 2")
    let (_, slope) = try valueAndGradient(at: Tensor(Complex(3.0, 3.0))) { z in
      try pyFunction(square, [z], Tout: .complex128)
    }
    #expect(try slope.map { try Complex<Double>($0) } == Complex(6, -6))
  }

  @Test func `eight threads at once`() async throws {
    let f = try Python.evaluate("lambda x, y: x * x * y")
    let graph = try GraphFunction(
      inputSignature: [TensorSpec(dtype: .float64), TensorSpec(dtype: .float64)],
      list: { inputs in
        let y = try pyFunction(f, inputs, Tout: .float64)
        let first = try #require(try gradient(of: y, with: inputs[0]))
        return try [first, #require(try gradient(of: first, with: inputs[1]))]
      })
    try await withThrowingTaskGroup(of: Void.self) { group in
      for task in 1...8 {
        group.addTask {
          for round in 1...50 {
            let (x, y) = (Double(task), Double(round))
            let found = try graph.run([Tensor(x), Tensor(y)]).map { try Double($0) }
            #expect(found == [2 * x * y, 2 * x])
          }
        }
      }
      try await group.waitForAll()
    }
  }

  @Test func `several results, the same input twice, whole numbers`() throws {
    let f = try Python.evaluate("lambda x, y, n: (x * y * float(n), x + y, n)")
    let graph = try GraphFunction(
      inputSignature: [TensorSpec(dtype: .float64), TensorSpec(dtype: .int64)]
    ) { x, n in
      let results = try pyFunction(f, [x, x, n], Tout: [.float64, .float64, .int64])
      let slopes = try results.prefix(2).map { try gradient(of: $0, with: [x, n]) }
      #expect(slopes[0][1] == nil)
      return try slopes.map { try #require($0[0]) } + [results[2]].map { try $0.asType(.float64) }
    }
    #expect(try graph(3.0, 5).map { try Double($0) } == [30, 2, 5])
  }

  @Test func `rule 25: arrays and NumPy's functions, against differences`() throws {
    let x = try Tensor([[0.5, -1.5, 2], [3, 0.25, -0.75]])
    let y = try Tensor([1.5, -2, 0.5])
    for source in [
      "lambda x, y: np.tanh(x * y) + x", "lambda x, y: np.mean(x ** 2, axis=0) * y",
      "lambda x, y: (x @ y) ** 2", "lambda x, y: np.exp(-x) / (1 + y ** 2)",
      "lambda x, y: np.concatenate([x[0] * y, x[1, ::-1]])",
      "lambda x, y: np.where(x > 0, x * y, x)",
      "lambda x, y: x.T.reshape(-1) * 2 - np.sum(y)", "lambda x, y: sum(row * y for row in x)",
    ] {
      try expectDifferences(source, [x, y])
    }
  }

  /// Holds the gradient of the weighted sum of a function's result to central differences.
  private func expectDifferences(_ source: String, _ inputs: [Tensor]) throws {
    let f = try Python.evaluate(source, ["np": np])
    let total = GraphFunction(list: { inputs -> Tensor in
      let y = try pyFunction(f, inputs, Tout: .float64)
      return try (sin(y) + y * y).sum()
    })
    for (index, input) in inputs.enumerated() {
      let (_, slopes) = try valueAndGradient(at: inputs) { try total.run($0) }
      let found = try #require(slopes[index]).scalars(as: Double.self)
      let elements = try input.scalars(as: Double.self)
      for place in elements.indices {
        func at(_ step: Double) throws -> Double {
          var moved = elements
          moved[place] += step
          var all = inputs
          all[index] = try Tensor(moved, shape: input.shape)
          return try Double(total.run(all))
        }
        let difference = try (at(1e-5) - at(-1e-5)) / 2e-5
        #expect(
          abs(found[place] - difference) <= 1e-5 * max(1, abs(difference)), "\(source), \(index)")
      }
    }
  }

  @Test func `a pyFunction that Python's code calls is recorded with it`() throws {
    let calls = try PythonObject([Int]())
    let inner = try Python.evaluate("lambda x: calls.append(1) or x * x", ["calls": calls])
    let swift = try Python.callable { (x: Tensor) in try pyFunction(inner, [x], Tout: .float64) }
    let outer = try Python.evaluate("lambda x: f(x) * x", ["f": swift])
    let found = try values([2]) { inputs in
      let y = try pyFunction(outer, inputs, Tout: .float64)
      let first = try slopes(of: y, with: inputs)[0]
      return [y, first, try slopes(of: first, with: inputs)[0]]
    }
    #expect(found == [8, 12, 12])
    #expect(try calls.itemCount == 1)
  }

  @Test func `a numpyFunction in it needs a gradient of its own, and is named if it has none`()
    throws
  {
    let np = np
    @Sendable func sinh(_ x: Tensor, _ gradient: CallbackGradient?) throws -> Tensor {
      try numpyFunction(np.sinh, [x], Tout: .float64, gradient: gradient, name: "wave")
    }
    let slope: CallbackGradient = {
      [try $0.upstream * numpyFunction(np.cosh, $0.inputs, Tout: .float64)]
    }
    for gradient in [slope, nil] {
      let wave = try Python.callable { (x: Tensor) in try sinh(x, gradient) }
      let f = try Python.evaluate("lambda x: f(x) * 2", ["f": wave])
      func found() throws -> [Double] {
        try values([1]) { try slopes(of: pyFunction(f, $0, Tout: .float64), with: $0) }
      }
      if gradient != nil {
        #expect(try abs(found()[0] - 2 * 1.5430806348152437) < 1e-12)
      } else {
        let error = #expect(throws: OperationError.self) { try found() }
        #expect(error?.node == "wave")
        #expect(error?.code == .unimplemented)
      }
    }
  }

  @Test func `leaving through NumPy is an error that names the line, unless the cut is explicit`()
    throws
  {
    for (leave, isRefused) in [
      ("np.asarray(y)", true), ("np.array(y, dtype='float64')", true), ("memoryview(y)", true),
      ("np.array([y[0], 1])", true), ("np.linalg.svd(y)", true), ("y.numpy()", false),
      ("np.asarray(numpyfn.stop_gradient(y))", false), ("np.linalg.svd([y.numpy()])", false),
      ("[float(v) for v in y]", false), ("str(y)", false), ("bool(y[0] > 0)", false),
      ("y.tolist()", false), ("y[0].item()", false), ("np.asarray(y > 0)", false),
      ("list(range(int(y[0])))", false), ("f'{y[0]:.3f} {y}'", false),
      ("round(float(y[1]))", false),
    ] {
      let f = try Python.function(
        "import numpy as np, numpyfn\ndef f(x):\n  y = x * 2\n  left = \(leave)\n  return x * x")
      let x = try Tensor([3.0, 4.0])
      // Without a gradient nothing is wrong with it.
      if leave != "np.linalg.svd(y)" {
        #expect(try [Double](pyFunction(f, [x], Tout: .float64)) == [9, 16], "\(leave)")
      }
      func slope() throws -> Tensor? {
        try valueAndGradient(at: x) { try pyFunction(f, [$0], Tout: .float64) }.gradient
      }
      guard isRefused else {
        #expect(try slope().map { try [Double]($0) } == [6, 8], "\(leave)")
        continue
      }
      let error = #expect(throws: OperationError.self, "\(leave)") { try slope() }
      let text = error?.description ?? ""
      // The line of Python's, in the message or in the traceback.
      #expect(text.contains(">:4)") || text.contains("line 4, in f"), "\(text)")
      for part in ["t.numpy()", "gradient", leave == "np.linalg.svd(y)" ? "svd" : "stop_gradient"] {
        #expect(text.contains(part), "\(text)")
      }
    }
  }

  @Test func `graphs, callbacks and threads in Python code that is recorded`() throws {
    let f = try Python.function(
      """
      import threading
      import numpy as np
      import numpyfn

      @numpyfn.function
      def cube(x):
          return x * x * x

      def f(x):
          results = [None] * 4
          def work(i):
              results[i] = cube(x) * (i + 1)
          threads = [threading.Thread(target=work, args=(i,)) for i in range(4)]
          for thread in threads: thread.start()
          for thread in threads: thread.join()
          return sum(results)
      """)
    let found = try values([2]) { inputs in
      let y = try pyFunction(f, inputs, Tout: .float64)
      let first = try slopes(of: y, with: inputs)[0]
      return [y, first, try slopes(of: first, with: inputs)[0]]
    }
    #expect(found == [80, 120, 120])
  }

  @Test func `a callback without a gradient in recorded code is named, with its Python line`()
    throws
  {
    let f = try Python.function(
      "import numpy as np, numpyfn\ndef f(x):\n  y = numpyfn.numpy_function(np.cbrt, [x], np.float64)\n"
        + "  return y * x")
    let error = #expect(throws: OperationError.self) {
      try values([8]) { try slopes(of: pyFunction(f, $0, Tout: .float64), with: $0) }
    }
    let text = error?.description ?? ""
    for part in ["numpy.cbrt has no gradient", ">:3)", "inside pyFunctionGradient 'f_gradient'"] {
      #expect(text.contains(part), "\(text)")
    }
    #expect(try values([8]) { [try pyFunction(f, $0, Tout: .float64)] } == [16])
  }

  @Test func `large records are let go of at the end of each run`() async {
    await #expect(processExitsWith: .success) {
      let f = try Python.function(
        """
        kept = []
        def f(x):
            y = x
            for _ in range(10): y = y * 1.5
            kept[:] = [x[0]]
            return y
        """)
      let graph = try GraphFunction(inputSignature: [TensorSpec(dtype: .float64)]) { x in
        let (_, y) = try whileLoop(Tensor(0), x) { count, _ in
          try count .< 3
        } body: { count, state in
          (try count + 1, try pyFunction(f, [state], Tout: .float64))
        }
        return try #require(try gradient(of: y, with: x))
      }
      // 30 MB a run.
      let x = try Tensor(zeros: [1 << 17], dtype: .float64)
      try expectFlatMemory(calls: 100) { _ = try graph.run([x]) }
    }
  }

  @Test func `a hundred thousand calls with gradients leave memory flat`() async {
    await #expect(processExitsWith: .success) {
      let f = try Python.evaluate("lambda x: x * x + 1")
      let graph = try GraphFunction(inputSignature: [TensorSpec()]) { x in
        let y = try pyFunction(f, [x], Tout: .float32)
        return try gradient(of: y, with: x) ?? x
      }
      try expectFlatMemory(calls: 100_000) { _ = try graph(3.0) }
    }
  }

  @Test func `tensors that Python kept are values after the run`() throws {
    let kept = try PythonObject([Int]())
    let f = try Python.evaluate("lambda x: kept.append(x * 2) or x * x", ["kept": kept])
    #expect(try values([3]) { try slopes(of: pyFunction(f, $0, Tout: .float64), with: $0) } == [6])
    #expect(
      try Double(Python.evaluate("float(np.asarray(t)) + float(t + 1)", ["t": kept[0], "np": np]))
        == 13)
  }
}
