import NumPyFunctions
import Testing

/// What the function receives (rules 6, 8 and 10 of the contract).
@Suite struct ArgumentTests {
  /// The address of the first element that a function saw.
  private let address: PythonObject

  init() throws {
    address = try Python.function(
      "def f(x): return x.__array_interface__['data'][0]")
  }

  @Test(arguments: DType.numeric)
  func `rule 6: an array lies on the tensor's own memory`(dtype: DType) throws {
    let tensor = try Tensor([[1, 0], [0, 1]], dtype: dtype)
    let seen = try Int(numpyFunction(address, [tensor], Tout: .int64))
    #expect(try seen == addressOfElements(tensor))
  }

  @Test(arguments: DType.numeric)
  func `rule 6: an array is C-contiguous, aligned, native and not writable`(dtype: DType) throws {
    let flags = try Python.function(
      """
      import numpy as np
      def f(x):
          return np.array([type(x) is np.ndarray, x.flags.c_contiguous, x.flags.aligned,
                           x.dtype.isnative, x.flags.writeable, x.flags.owndata])
      """)
    let tensor = try Tensor([[1, 0], [0, 1]], dtype: dtype)
    let seen = try numpyFunction(flags, [tensor], Tout: .bool)
    #expect(try [Bool](seen) == [true, true, true, true, false, false])
  }

  @Test(arguments: [
    "x[0] = 9", "x += 1", "x.fill(9)", "x.sort()", "np.add(x, 1, out=x)",
    "x.flags.writeable = True", "x.setflags(write=True)", "x.view()[0] = 9",
    "np.frombuffer(x.data, x.dtype)[0] = 9", "memoryview(x)[0] = 9", "x.resize(1)",
    "x[:].flags.writeable = True", "np.asarray(x).setflags(write=1)",
    "np.lib.stride_tricks.as_strided(x, (2,), (4,), writeable=True)[0] = 9",
  ])
  func `rule 6: a function that writes raises, and the tensor stays as it was`(statement: String)
    throws
  {
    let write = try Python.function(
      """
      import numpy as np
      def f(x):
          \(statement)
          return x
      """)
    let tensor = try Tensor([3, 1, 2], dtype: .float32)
    let error = try #require(throws: OperationError.self) {
      try numpyFunction(write, [tensor], Tout: .float32)
    }
    #expect(error.underlying is PythonError)
    #expect(error.code == .invalidArgument)
    #expect(try [Float](tensor) == [3, 1, 2])
  }

  @Test(arguments: DType.numeric)
  func `rule 6: a tensor of rank 0 arrives as a NumPy scalar`(dtype: DType) throws {
    let seen = try Python.function(
      """
      import numpy as np
      def f(x):
          return np.array(isinstance(x, np.generic) and len({x: 1}) == 1 and x == 1)
      """)
    #expect(try Bool(numpyFunction(seen, [Tensor(1, dtype: dtype)], Tout: .bool)))
  }

  @Test func `rule 6: an empty tensor arrives with its shape`() throws {
    let shape = try Python.function("import numpy as np\ndef f(x): return np.array(x.shape)")
    let tensor = try Tensor(zeros: [0, 3], dtype: .int16)
    #expect(try [Int](numpyFunction(shape, [tensor], Tout: .int64)) == [0, 3])
  }

  @Test func `rule 10: an array kept after the call stays valid and unchanged`() throws {
    let keep = try Python.function(
      """
      kept = []
      def keep(x):
          kept.append(x)
      def look(): return kept[0]
      """, named: "keep")
    let look = try keep.attribute("__globals__")["look"]
    var tensor: Tensor? = try Tensor(Array(0..<1000), dtype: .float32)
    try numpyFunction(keep, [#require(tensor)], Tout: [] as [DType])
    // The tensor may be written to, and may be gone: neither is Python's business.
    try tensor?.withMutableElements(as: Float.self) { $0[0] = -1 }
    tensor = nil
    let seen = try numpyFunction(look, [], Tout: .float32)
    #expect(try [Float](seen) == (0..<1000).map(Float.init))
  }

  @Test func `rule 6: arguments come in order, and as many as there are`() throws {
    let join = try Python.function(
      "import numpy as np\ndef f(*args): return np.array([int(a) for a in args])")
    for count in [0, 1, 8, 64] {
      let inputs = (0..<count).map { Tensor($0) }
      let seen = count == 0 ? [] : try [Int](numpyFunction(join, inputs, Tout: .int64))
      #expect(seen == Array(0..<count))
    }
  }

  @Test func `rule 2: the wrong number of arguments is the function's TypeError`() throws {
    let f = try Python.function("def f(): return 1.0")
    let error = try #require(throws: OperationError.self) {
      try numpyFunction(f, [1.0], Tout: .float64)
    }
    #expect((error.underlying as? PythonError)?.type == "TypeError")
    #expect(error.message.contains("takes 0 positional arguments but 1 was given"))
  }

  private func addressOfElements(_ tensor: Tensor) throws -> Int {
    let again = try PythonObject(tensor)
    return try Int(address(again))
  }
}
