import NumPyFunctions
import Testing

/// `pyFunction` without gradients: what the function gets, what it may return, and when it is called.
@Suite struct PyFunctionTests {
  @Test func `rule 25: a function computes with tensors, in a graph and outside of one`() throws {
    let f = try Python.evaluate("lambda x, y: (x + y) * x - 1")
    let (x, y) = (try Tensor([1.0, 2.0]), try Tensor([3.0, 4.0]))
    let eager = try pyFunction(f, [x, y], Tout: .float64)
    #expect(try [Double](eager) == [3, 11])
    let graph = GraphFunction { x, y in try pyFunction(f, [x, y], Tout: .float64) }
    #expect(try graph(x, y) == eager)
  }

  @Test func `arguments are numpyfn tensors of the dtype and shape that were given`() throws {
    let f = try Python.evaluate(
      "lambda *t: [type(t[0]).__module__ + '.' + type(t[0]).__name__] + [str(x.dtype) + str(x.shape) for x in t]"
    )
    let inputs = [
      try Tensor([[1, 2]], dtype: .float32), try Tensor([1, 2], dtype: .int8), Tensor(true),
    ]
    let found = try pyFunction(f, inputs, Tout: [.string, .string, .string, .string])
    #expect(
      try found.map { try String($0) } == [
        "numpyfn.Tensor", "float32(1, 2)", "int8(2,)", "bool()",
      ])
  }

  @Test(arguments: [
    ("1", DType.float32), ("1", .int8), ("1", .uint64), ("1", .complex64), ("1.5", .float32),
    ("1.5", .float16), ("1.5", .complex128), ("1.5j", .complex64), ("True", .bool),
    ("'text'", .string), ("b'text'", .string), ("np.float64(1.5)", .float32),
    ("np.int64(7)", .int32), ("np.uint8(7)", .int64), ("np.array([1, 2])", .float32),
    ("np.array([1.5, 2.5])", .float32), ("np.array([1.5, 2.5], 'float32')", .float64),
    ("np.array([1, 2], 'int16')", .uint8), ("np.array([1, 2])", .complex64),
    ("np.array([1.5])", .complex64),
  ])
  func `numbers and arrays become the declared dtype`(value: String, dtype: DType) throws {
    let np = try Python.import("numpy")
    let f = try Python.evaluate("lambda: \(value)", ["np": np])
    let result = try pyFunction(f, [], Tout: dtype)
    #expect(result.dtype == dtype)
    if dtype != .string {
      let expected = try np.asarray(f(), dtype: "\(dtype)")
      #expect(try Bool(np.array_equal(result, expected)))
    }
  }

  @Test(arguments: [
    ("1.5", DType.int32, "float64[] returned"), ("1j", .float32, "complex128[] returned"),
    ("300", .int8, "300 does not fit dtype int8"), ("-1", .uint8, "-1 does not fit dtype uint8"),
    ("np.array([1, 300])", .int8, "300 does not fit dtype int8"),
    ("True", .float32, "bool[] returned"),
    ("1", .bool, "int64[] returned"), ("'a'", .float32, "string[] returned"),
    ("1", .string, "int64[] returned"), ("object()", .float32, "class object"),
    ("{}", .float32, "class dict"), ("10**30", .float32, "does not fit int64"),
    ("None", .float32, "1 result declared, 0 returned"), ("()", .float32, "1 result declared, 0"),
    ("[1.0, 2.0]", .float32, "1 result declared, 2 returned"),
    ("x", .float64, "a tensor float32[2] returned"),
    ("x.astype('int64')", .float32, "a tensor int64[2]"),
  ])
  func `anything else is refused, with both sides`(
    value: String, dtype: DType, message: String
  ) throws {
    let f = try Python.evaluate("lambda x: \(value)", ["np": Python.import("numpy")])
    let x = try Tensor([1, 2], dtype: .float32)
    let error = #expect(throws: OperationError.self) { try pyFunction(f, [x], Tout: dtype) }
    #expect(error?.code == .invalidArgument)
    #expect(error?.underlying is CallbackError)
    #expect(error?.message.contains(message) == true, "\(error?.message ?? "")")
    #expect(error?.message.contains("declared") == true)
  }

  @Test func `shapes that are declared are checked`() throws {
    let f = try Python.evaluate("lambda x: x")
    let x = try Tensor([1.0, 2.0])
    #expect(try pyFunction(f, [x], Tout: TensorSpec(shape: [nil], dtype: .float64)) == x)
    let error = #expect(throws: OperationError.self) {
      try pyFunction(f, [x], Tout: TensorSpec(shape: [3], dtype: .float64))
    }
    #expect(error?.message.contains("float64[3] declared, float64[2] returned") == true)
  }

  @Test func `several results, none, and the argument itself`() throws {
    let f = try Python.evaluate("lambda x: (x, x * 2, 3)")
    let x = try Tensor([1.0, 2.0])
    let results = try pyFunction(f, [x], Tout: [.float64, .float64, .int32])
    #expect(results[0] == x)
    #expect(try [Double](results[1]) == [2, 4])
    #expect(try Int32(results[2]) == 3)
    let seen = try PythonObject([Int]())
    let effect = try Python.evaluate("lambda x: seen.append(float(x.sum()))", ["seen": seen])
    let graph = try GraphFunction(inputSignature: [TensorSpec(dtype: .float64)]) { x in
      try pyFunction(effect, [x], Tout: [])
      return x
    }
    _ = try graph.run([x])
    #expect(try [Double](seen) == [3])
  }

  @Test func `an exception arrives with its type and lines, and names the Swift line`() throws {
    let f = try Python.function("def f(x):\n  y = x + 1\n  raise KeyError('gone')")
    let line = #line + 2
    let graph = try GraphFunction(inputSignature: [TensorSpec()]) { x in
      let y = try pyFunction(f, [x], Tout: .float32, name: "keys")
      return try gradient(of: y, with: x) ?? x
    }
    let error = #expect(throws: OperationError.self) { try graph(1.0) }
    #expect(error?.node == "keys")
    #expect(error?.location?.line == line)
    let python = error?.underlying as? PythonError
    #expect(python?.type == "KeyError")
    #expect(python?.frames.last?.line == 3)
  }

  @Test func `what cannot be called is refused when the graph is built`() throws {
    let error = #expect(throws: OperationError.self) {
      try pyFunction(PythonObject(3), [], Tout: .float32)
    }
    #expect(error?.operation == "pyFunction")
    #expect(error?.message.contains("cannot be called") == true)
  }

  @Test func `ordered ones run once, used or not, and pure ones as needed`() throws {
    let seen = try PythonObject([Int]())
    let f = try Python.evaluate("lambda x: seen.append(1) or x", ["seen": seen])
    for (effects, calls) in [(Effects.ordered, 2), (.unordered, 2), (.pure, 0)] {
      let before = try seen.itemCount
      let graph = try GraphFunction(inputSignature: [TensorSpec()]) { x in
        _ = try pyFunction(f, [x], Tout: .float32, effects: effects)
        _ = try pyFunction(f, [x], Tout: .float32, effects: effects)
        return x
      }
      _ = try graph(1.0)
      #expect(try seen.itemCount - before == calls)
    }
  }

  @Test func `calls are counted, and a numpyFunction may return a tensor`() throws {
    let f = try Python.function("def counted_one(x): return x * 2")
    let x = try Tensor([1.0, 2.0])
    for _ in 0..<3 { try pyFunction(f, [x], Tout: .float64) }
    let counts = Python.statistics.functions.first { $0.key.hasPrefix("counted_one") }?.value
    #expect(counts?.calls == 3)
    let g = try Python.evaluate("lambda x: t", ["t": pyFunctionTensor(x)])
    #expect(try numpyFunction(g, [x], Tout: .float64) == x)
    #expect(throws: OperationError.self) { try numpyFunction(g, [x], Tout: .float32) }
  }

  /// A `numpyfn.Tensor` that outlives its call.
  private func pyFunctionTensor(_ x: Tensor) throws -> PythonObject {
    let kept = try PythonObject([Int]())
    try pyFunction(Python.evaluate("lambda x: kept.append(x)", ["kept": kept]), [x], Tout: [])
    return try kept[0]
  }
}
