import NumPyFunctions
import Testing

/// NumPy's universal functions run by their C loops, against the same called in the ordinary way.
///
/// In processes of their own where warnings are caught or a setting is changed, which all threads see.
@Suite struct DirectUFuncTests {
  private static func oracle() throws -> PythonObject {
    try Python.function(
      """
      import warnings
      import numpy as np
      def ufuncs():
          found = {name: f for name, f in vars(np).items()
                   if isinstance(f, np.ufunc) and f.nout == 1 and f.__name__ == name}
          return sorted(found)
      def operands(name, dtype, shapes, calm):
          rng = np.random.default_rng(len(name) + calm)
          dtype = np.dtype(dtype)
          arrays = []
          for shape in shapes:
              if dtype.kind == 'b':
                  x = rng.integers(0, 2, shape).astype(dtype)
              elif dtype.kind in 'iu':
                  x = rng.integers(1, 5, shape).astype(dtype) if calm else \\
                      rng.integers(np.iinfo(dtype).min, np.iinfo(dtype).max, shape, dtype=dtype, endpoint=True)
              else:
                  x = rng.uniform(0.25, 0.75, shape)
                  if not calm:
                      odd = [0.0, -0.0, np.inf, -np.inf, np.nan, 1e30, -1e30, 1e-30, 300, -300, 0.5, -2]
                      x = np.asarray(x)
                      if x.size:
                          flat = np.resize(odd, x.shape)
                          x = np.where(rng.uniform(0, 1, shape) < 0.5, flat, x)
                  if dtype.kind == 'c':
                      x = x + 1j * rng.uniform(-1, 1, shape)
                  with np.errstate(all='ignore'):
                      x = np.asarray(x).astype(dtype)
              arrays.append(np.asarray(x))
          return arrays
      def call(name, inputs):
          f, inputs = getattr(np, name), [x[()] if x.ndim == 0 else x for x in inputs]
          try:
              result, seen = warned(lambda: f(*inputs))
          except Exception as error:
              return type(error).__qualname__, None, []
          return None, np.asarray(result), seen
      def warned(call):
          with warnings.catch_warnings(record=True) as seen:
              warnings.simplefilter('always')
              result = call()
          return result, sorted({str(w.message) for w in seen})
      def doubled(x):
          with np.errstate(all='ignore'): return np.asarray(x + x)
      def same(a, b):
          return a.dtype == b.dtype and a.shape == b.shape and a.tobytes() == b.tobytes()
      """, named: "ufuncs")
  }

  private static let shapes: [[[Int]]] = [
    [[], [], []], [[7], [7], [7]], [[40_000], [40_000], [40_000]], [[0], [0], [0]],
    [[3, 1], [1, 5], [3, 5]], [[67], [], [67]], [[1], [1], [1]], [[1, 1], [], [1]],
    [[2049], [1], [2049]], [[2, 3, 4], [3, 1], []],
  ]
  private static let dtypes: [DType] = [
    .bool, .int8, .int16, .int32, .int64, .uint8, .uint16, .uint32, .uint64, .float16, .float32,
    .float64, .complex64, .complex128,
  ]

  /// A universal function on some operands.
  private struct Call: CustomStringConvertible {
    let name: String
    let function: PythonObject
    let dtype: DType
    let arrays: [PythonObject]
    let description: String

    func inputs() throws -> [Tensor] { try arrays.map { try Tensor($0) } }
  }

  /// Calls `body` with every universal function on operands of each dtype, calm ones and odd ones.
  private static func forEachCall(
    _ oracle: PythonObject, _ shapes: [[[Int]]], _ body: (Call) throws -> Void
  ) throws {
    let np = try Python.import("numpy")
    let operands = try oracle.attribute("__globals__")["operands"]
    for dtype in dtypes {
      for name in try [String](oracle()) {
        let function = try np.attribute(name)
        for shapes in try shapes.map({ try $0.prefix(Int(function.attribute("nin"))) }) {
          for calm in [true, false] {
            let tuple = try shapes.map { try PythonObject(tuple: $0) }
            try body(
              Call(
                name: name, function: function, dtype: dtype,
                arrays: [PythonObject](operands(name, dtype.rawValue, tuple, calm)),
                description: "\(name) \(dtype) \(Array(shapes)) calm: \(calm)"))
          }
        }
      }
    }
  }

  /// Expects of `ours` the value and the warnings of NumPy; how many warnings there were.
  private static func expect(
    _ oracle: PythonObject, _ call: Call, _ value: PythonObject, _ warnings: PythonObject,
    of ours: @escaping @Sendable () throws -> Tensor
  ) throws -> Int {
    let (np, globals) = try (Python.import("numpy"), oracle.attribute("__globals__"))
    let ours = try Python.callable { () in try np.attribute("asarray")(ours()) }
    let found = try globals["warned"](ours)
    let result = try found[0]
    let isSame = try Bool(globals["same"](value, result))
    #expect(isSame, "\(call): \(result)")
    let (seen, wanted) = try ([String](found[1]), [String](warnings))
    #expect(seen == wanted, "\(call)")
    return wanted.count
  }

  @Test
  func `every universal function gives the same, bit for bit, with the same warnings and errors`()
    async
  {
    await #expect(processExitsWith: .success) {
      let oracle = try Self.oracle()
      let numpy = try oracle.attribute("__globals__")["call"]
      var computed: [DType: Int] = [:]
      var warnings = 0
      try Self.forEachCall(oracle, Self.shapes) { call in
        let (expected, inputs) = try (numpy(call.name, call.arrays), call.inputs())
        if try !expected[0].isNone {
          let thrown = #expect(throws: OperationError.self) {
            try numpyFunction(call.function, inputs, Tout: call.dtype)
          }
          let raised = (thrown?.underlying as? PythonError)?.type.split(separator: ".").last
          #expect(try raised.map(String.init) == String(expected[0]), "\(call)")
          return
        }
        let named = try String(expected[1].attribute("dtype").attribute("name"))
        guard let Tout = DType(name: named) else { return }
        computed[call.dtype, default: 0] += 1
        warnings += try Self.expect(oracle, call, expected[1], expected[2]) {
          try numpyFunction(call.function, inputs, Tout: Tout)
        }
      }
      for dtype in Self.dtypes { #expect(computed[dtype, default: 0] > 200, "\(dtype)") }
      #expect(warnings > 100)
    }
  }

  @Test
  func `among elementwise operations every one gives the same, with the same warnings and errors`()
    async
  {
    await #expect(processExitsWith: .success) {
      let oracle = try Self.oracle()
      let globals = try oracle.attribute("__globals__")
      let (numpy, doubled) = try (globals["call"], globals["doubled"])
      var graphs: [String: GraphFunction<Tensor>] = [:]
      var (fused, warnings) = (0, 0)
      try Self.forEachCall(oracle, Self.shapes + [[[2, 5], [5], [2, 5]]]) { call in
        let first = try doubled(call.arrays[0])
        let expected = try numpy(call.name, [first] + call.arrays.dropFirst())
        guard try expected[0].isNone,
          let Tout = DType(name: try String(expected[1].attribute("dtype").attribute("name")))
        else { return }
        let key = "\(call.name) \(call.dtype)"
        // What comes before and after is exact, and wraps, as in NumPy.
        let f =
          try graphs[key]
          ?? GraphFunction(
            inputSignature: [TensorSpec](
              repeating: TensorSpec(dtype: call.dtype), count: call.arrays.count),
            list: { x in
              let y = try numpyFunction(
                call.function, [x[0] + x[0]] + x.dropFirst(), Tout: Tout, effects: .pure)
              return try y + y
            })
        if graphs.updateValue(f, forKey: key) == nil,
          try f.optimizedGraph.nodes.contains(where: { $0.operation.name == "fused" })
        {
          fused += 1
        }
        let inputs = try call.inputs()
        warnings += try Self.expect(oracle, call, doubled(expected[1]), expected[2]) {
          try f.run(inputs)
        }
      }
      #expect(!Python.runsUFuncsDirectly || fused > 300)
      #expect(warnings > 100)
    }
  }

  @Test func `among elementwise operations it is counted, heeds errstate, and is seen in order`()
    async
  {
    await #expect(processExitsWith: .success) {
      let np = try Python.import("numpy")
      let f = try GraphFunction(inputSignature: [TensorSpec(dtype: .float64)]) { x in
        let y = try numpyFunction(np.log, [x * 2.0], Tout: .float64, effects: .pure, name: "first")
        return try numpyFunction(np.sqrt, [y + 1.0], Tout: .float64, effects: .pure, name: "second")
      }
      let x = try Tensor((0..<10_000).map { 1 + Double($0) })
      for _ in 0..<3 { _ = try f(x) }
      #expect(Python.statistics.functions["numpy.log"]?.calls == 3)
      #expect(Python.statistics.functions["numpy.sqrt"]?.calls == 3)
      try np.attribute("errstate").call([], keywords: [("all", "raise")]).with { _ in
        let error = #expect(throws: OperationError.self) { try f(Tensor([1.0, 0.0])) }
        #expect((error?.underlying as? PythonError)?.type == "FloatingPointError")
        #expect(error?.node == "first", "\(String(describing: error))")
        let other = #expect(throws: OperationError.self) { try f(Tensor([1.0, 0.1])) }
        #expect(other?.node == "second", "\(String(describing: other))")
        let calm = try f([1.0])
        #expect(calm.count == 1)
      }
      // What must be called in order is not among them.
      let log = try Python.evaluate("[]")
      let note = try Python.evaluate("lambda x: log.append('noted')", ["log": log])
      let g = try GraphFunction(inputSignature: [TensorSpec(dtype: .float64)]) { x in
        let y = try numpyFunction(np.log, [x + 1.0], Tout: .float64)
        try numpyFunction(note, [x], Tout: [DType]())
        return try y + 1.0
      }
      #expect(try !g.optimizedGraph.nodes.contains { $0.operation.name == "fused" })
    }
  }

  @Test func `zeros of both signs are NumPy's, however operands are broadcast`() throws {
    let compare = try Python.function(
      """
      import numpy as np
      def shapes(): return [((55, 31), (31,)), ((55, 31), (55, 1)), ((55, 1), (1, 31)), ((300,), (1,))]
      def operands(a, b):
          rng = np.random.default_rng(1)
          return [rng.choice([0.0, -0.0], size=shape) for shape in (a, b)]
      def compare(name, a, b, found):
          wanted = getattr(np, name)(a, b)
          return wanted.tobytes() == np.asarray(found).tobytes()
      """, named: "compare")
    let globals = try compare.attribute("__globals__")
    let np = try Python.import("numpy")
    for name in ["maximum", "minimum", "fmax", "fmin", "add", "multiply"] {
      let function = try np.attribute(name)
      let f = try GraphFunction(
        inputSignature: [TensorSpec(dtype: .float64), TensorSpec(dtype: .float64)]
      ) { a, b in
        let y = try numpyFunction(function, [a, b], Tout: .float64, effects: .pure)
        return try -(-y)
      }
      for shapes in try [PythonObject](globals["shapes"]()) {
        let (a, b) = try (shapes[0], shapes[1])
        let arrays = try globals["operands"](a, b)
        let inputs = try [Tensor(arrays[0]), Tensor(arrays[1])]
        let alone = try numpyFunction(function, inputs, Tout: .float64)
        #expect(try Bool(compare(name, arrays[0], arrays[1], alone)), "\(name) \(shapes)")
        let fused = try f(inputs[0], inputs[1])
        #expect(try Bool(compare(name, arrays[0], arrays[1], fused)), "\(name) \(shapes) fused")
      }
    }
  }

  @Test func `what is wrong is said as it is alone, and once`() async {
    await #expect(processExitsWith: .success) {
      let np = try Python.import("numpy")
      let f = try GraphFunction(
        inputSignature: [TensorSpec(dtype: .float64), TensorSpec(dtype: .float64)]
      ) { x, y in
        let sum = try numpyFunction(
          np.arctan2, [x * 2.0, y], Tout: .float64, effects: .pure, name: "mine")
        return try sum + 1.0
      }
      let error = #expect(throws: OperationError.self) { try f([1.0, 2, 3], [1.0, 2, 3, 4]) }
      #expect((error?.underlying as? PythonError)?.type == "ValueError" && error?.node == "mine")

      // A row is computed before the rest, and must not be once more.
      let g = try GraphFunction(
        inputSignature: [TensorSpec(dtype: .float64), TensorSpec(dtype: .float64)]
      ) { x, row in
        let y = try numpyFunction(np.log, [row], Tout: .float64, effects: .pure)
        let z = try numpyFunction(np.divide, [x * 1.0, y + 0.0], Tout: .float64, effects: .pure)
        return try z + 1.0
      }
      let (x, row) = try (Tensor(zeros: [1000, 3], dtype: .float64), Tensor([0.0, 1, 2]))
      let warned = try Self.oracle().attribute("__globals__")["warned"]
      let call = try Python.callable { () in _ = try g(x, row) }
      #expect(
        try [String](warned(call)[1]) == [
          "divide by zero encountered in log", "invalid value encountered in divide",
        ])
      let calls = { Python.statistics.functions["numpy.log"]?.calls ?? 0 }
      let before = calls()
      _ = try g(x, Tensor([2.0, 3, 4]))
      #expect(calls() == before + 1)
    }
  }

  @Test func `a warning comes through, and errstate is minded`() async {
    await #expect(processExitsWith: .success) {
      let np = try Python.import("numpy")
      let x = try Tensor([0.0, 1.0])
      let caught = try Python.evaluate("__import__('warnings').catch_warnings(record=True)")
      try caught.with { seen in
        try Python.import("warnings").attribute("simplefilter")("always")
        let y = try numpyFunction(np.log, [x], Tout: .float64)
        #expect(try y.scalars(as: Double.self) == [-.infinity, 0])
        #expect(try seen.itemCount == 1)
      }
      try np.attribute("errstate").call([], keywords: [("divide", "raise")]).with { _ in
        let error = #expect(throws: OperationError.self) {
          try numpyFunction(np.log, [x], Tout: .float64)
        }
        #expect((error?.underlying as? PythonError)?.type == "FloatingPointError")
      }
    }
  }

  @Test func `another declared dtype, shape or number is refused as ever`() throws {
    let np = try Python.import("numpy")
    let x = try Tensor([1.0, 2])
    #expect(throws: OperationError.self) { try numpyFunction(np.sinh, [x], Tout: .float32) }
    #expect(throws: OperationError.self) {
      try numpyFunction(np.sinh, [x], Tout: TensorSpec(shape: [3], dtype: .float64))
    }
    #expect(throws: OperationError.self) { try numpyFunction(np.sinh, [x, x, x], Tout: .float64) }
    #expect(throws: OperationError.self) {
      try numpyFunction(np.add, [x, Tensor([1.0, 2, 3])], Tout: .float64)
    }
    #expect(throws: OperationError.self) {
      try numpyFunction(np.power, [Tensor([2]), Tensor([-1])], Tout: .int64)
    }
  }

  @Test func `an argument is never overwritten`() async {
    await #expect(processExitsWith: .success) {
      let np = try Python.import("numpy")
      let f = try GraphFunction(inputSignature: [TensorSpec(dtype: .float64)]) { x in
        let y = try x + 1.0
        return try numpyFunction(np.log, [y], Tout: .float64)
      }
      // A warning makes NumPy compute it again from the same argument.
      let caught = try Python.evaluate("__import__('warnings').catch_warnings()")
      try caught.with { _ in
        try Python.import("warnings").attribute("simplefilter")("ignore")
        #expect(try f([-1.0, 0.0]).scalars(as: Double.self) == [-.infinity, 0])
      }
    }
  }

  @Test func `it can be turned off`() async {
    await #expect(processExitsWith: .success) {
      let np = try Python.import("numpy")
      for isOn in [true, false] {
        Python.runsUFuncsDirectly = isOn
        let f = try GraphFunction(inputSignature: [TensorSpec()]) { x in
          try numpyFunction(np.deg2rad, [x], Tout: .float32)
        }
        func counts() -> PythonStatistics.Counts {
          Python.statistics.functions["numpy.deg2rad"] ?? PythonStatistics.Counts()
        }
        let before = counts()
        #expect(try abs(Float(f(180.0)) - 3.1415927) < 1e-6)
        let after = counts()
        #expect(after.calls == before.calls + 1)
        #expect((after.timeInPython == before.timeInPython) == isOn)
      }
    }
  }

  @Test func `a function that only looks like NumPy's is called`() throws {
    let fake = try Python.evaluate(
      "__import__('numpy').frompyfunc(lambda x: 42.0, 1, 1)")
    let special = try Python.import("scipy.special")
    #expect(throws: OperationError.self) {
      try numpyFunction(fake, [Tensor([1.0])], Tout: .float64)
    }
    let y = try numpyFunction(special.gamma, [Tensor([5.0])], Tout: .float64)
    #expect(try [Double](y) == [24])
  }
}
