import NumPyFunctions
import Testing

/// Who has the memory of a result (rule 17 of the contract).
@Suite struct MemoryTests {
  private let address: PythonObject

  init() throws {
    address = try Python.function("def f(x): return x.__array_interface__['data'][0]")
  }

  /// Where the elements of a tensor are.
  private func place(_ tensor: Tensor) throws -> Int {
    try Int(address(PythonObject(tensor)))
  }

  @Test(arguments: DType.numeric)
  func `rule 17: an array that nobody else holds is adopted`(dtype: DType) throws {
    let f = try Python.function(
      """
      import numpy as np
      def make(x):
          y = np.ones((2, 3), dtype=x.dtype)
          make.address = y.__array_interface__['data'][0]
          return y
      """)
    let result = try numpyFunction(f, [Tensor(1, dtype: dtype)], Tout: dtype)
    #expect(try place(result) == Int(f.attribute("address")))
    #expect(try result == Tensor([[1, 1, 1], [1, 1, 1]], dtype: dtype))
  }

  @Test(arguments: ["y.reshape(3, 2)", "y.ravel()", "y[1:]", "y.view('i4')", "[y]", "(y, y)"])
  func `rule 17: a contiguous view of an array that nobody else holds is adopted`(
    expression: String
  ) throws {
    let f = try Python.function(
      """
      import numpy as np
      def f():
          y = np.arange(6, dtype='f4').reshape(2, 3).copy()
          f.address = y.__array_interface__['data'][0]
          return \(expression)
      """)
    let dtype = expression.contains("i4") ? DType.int32 : .float32
    let results = try numpyFunction(
      f, [], Tout: Array(repeating: dtype, count: expression == "(y, y)" ? 2 : 1))
    for result in results {
      let offset = try place(result) - Int(f.attribute("address"))
      #expect(offset == (expression == "y[1:]" ? 12 : 0))
    }
  }

  @Test(arguments: ["x", "x[1:]", "x.reshape(-1)", "x[1][:2]", "x.view()", "[x]", "np.asarray(x)"])
  func `rule 17: an argument, or a view of one, shares its storage`(expression: String) throws {
    let f = try Python.function("import numpy as np\ndef f(x): return \(expression)")
    let x = try Tensor([[1, 2, 3], [4, 5, 6]], dtype: .float64)
    let result = try numpyFunction(f, [x], Tout: .float64)
    let offset = try place(result) - place(x)
    #expect((0..<48).contains(offset))
    // A change of the one is not seen by the other.
    var changed = result
    try changed.withMutableElements(as: Double.self) { $0[0] = -1 }
    #expect(try x == Tensor([[1, 2, 3], [4, 5, 6]], dtype: .float64))
  }

  @Test(arguments: [
    ("kept = np.zeros(3)\ndef f(): return kept", "a global"),
    ("kept = []\ndef f():\n  kept.append(np.zeros(3)); return kept[-1]", "a list"),
    ("kept = []\ndef f():\n  y = np.zeros(6); kept.append(y); return y[:3]", "a view's base"),
    ("kept = []\ndef f():\n  y = np.zeros(6); kept.append(y[:3]); return y[:3]", "another view"),
    ("kept = []\ndef f():\n  y = np.zeros(3); kept.append(memoryview(y)); return y", "a buffer"),
    (
      "import weakref\nkept = []\ndef f():\n  y = np.zeros(3); kept.append(weakref.ref(y)); return y",
      "a weak reference"
    ),
    ("kept = bytearray(24)\ndef f(): return np.frombuffer(kept)", "a bytearray"),
    ("kept = [np.zeros(3)]\ndef f(): return kept", "the list that is returned"),
  ])
  func `rule 17: an array that Python can still reach is copied`(source: String, holder: String)
    throws
  {
    let f = try Python.function(
      """
      import numpy as np
      \(source)
      def write():
          for y in kept if isinstance(kept, list) else [kept]:
              if isinstance(y, weakref.ref if 'weakref' in globals() else ()): y = y()
              if y is not None: np.frombuffer(y, dtype='u1')[:] = 255
      """, named: "f")
    let result = try numpyFunction(f, [], Tout: .float64)
    try f.attribute("__globals__")["write"]()
    #expect(try [Double](result) == [0, 0, 0])
  }

  @Test(arguments: [
    ("np.zeros(9)", "a.resize(100000, refcheck=False)", DType.float64),
    ("np.zeros(9)", "a.__setstate__((1, (1,), np.dtype('f4'), False, b'abcd'))", .float64),
    ("np.array(['a', 'b'], dtype=object)", "a[0] = 5", .string),
  ])
  func `rule 17: a result that a later one changes is read as it is then`(
    array: String, change: String, dtype: DType
  ) throws {
    let f = try Python.function(
      """
      import numpy as np
      class Evil:
          def __init__(self, a): self.a = a
          def __array__(self, *args, **kwargs):
              a = self.a
              \(change)
              return np.zeros(3)
      def f():
          a = \(array)
          return a, Evil(a)
      """)
    // Whether it is refused or not, no memory is read that is not the array's any more.
    for _ in 0..<100 {
      if let results = try? numpyFunction(f, [], Tout: [dtype, .float64]) {
        #expect(results[0].description.isEmpty == false)
      }
    }
  }

  @Test func `rule 17: an array that the garbage collector can find is copied`() throws {
    let f = try Python.function(
      """
      import gc
      import numpy as np
      class Found(np.ndarray): pass
      def f(): return np.zeros(3).view(Found).copy()
      def write():
          for o in gc.get_objects():
              if type(o) is Found: o[...] = -1
      """, named: "f")
    let result = try numpyFunction(f, [], Tout: .float64)
    try f.attribute("__globals__")["write"]()
    #expect(try [Double](result) == [0, 0, 0])
  }

  /// The documentation of `tf.numpy_function` says of an input that is changed in place, and of a
  /// result that is changed after it was returned, that the consequences are not deterministic.
  @Test func `rule 17: a function that changes its argument has one outcome`() throws {
    let change = try Python.function("def f(x):\n  x *= 2\n  return x")
    let f = try GraphFunction(inputSignature: [TensorSpec(dtype: .float32)]) { x in
      let y = try x + 1
      let z = try numpyFunction(change, [y], Tout: .float32, arguments: .writable)
      return (y, z)
    }
    for _ in 0..<1000 {
      let (y, z) = try f(Tensor([1, 2], dtype: .float32))
      #expect(try y == Tensor([2, 3], dtype: .float32))
      #expect(try z == Tensor([4, 6], dtype: .float32))
    }
    for _ in 0..<1000 {
      #expect(throws: OperationError.self) {
        try numpyFunction(change, [Tensor([1, 2], dtype: .float32)], Tout: .float32)
      }
    }
  }

  @Test func `rule 17: a function that changes its result later has one outcome`() throws {
    let reuse = try Python.function(
      """
      import numpy as np
      buffer = np.zeros(2, 'f4')
      def f(x):
          buffer[:] = x
          return buffer
      """)
    let f = try GraphFunction(inputSignature: [TensorSpec(dtype: .float32)]) { x in
      let first = try numpyFunction(reuse, [x], Tout: .float32)
      let second = try numpyFunction(reuse, [x + 1], Tout: .float32)
      return (first, second, try first + second)
    }
    for _ in 0..<1000 {
      let (first, second, sum) = try f(Tensor([1, 2], dtype: .float32))
      #expect(try first == Tensor([1, 2], dtype: .float32))
      #expect(try second == Tensor([2, 3], dtype: .float32))
      #expect(try sum == Tensor([3, 5], dtype: .float32))
    }
  }

  @Test func `rule 17: a result outlives the function that made it`() throws {
    var result: Tensor?
    do {
      let f = try Python.function("import numpy as np\ndef f(): return np.arange(1000.0)")
      result = try numpyFunction(f, [], Tout: .float64)
    }
    try Python.import("gc").collect()
    #expect(try [Double](#require(result)) == (0..<1000).map(Double.init))
  }

  @Test func `rule 17: a result passed on lies where it lay`() throws {
    let np = try Python.import("numpy")
    let f = GraphFunction { x in
      let y = try numpyFunction(np.sinh, [x], Tout: .float64)
      return [y, try numpyFunction(Python.evaluate("lambda y: y"), [y], Tout: .float64)]
    }
    let results = try f([1.0, 2.0])
    #expect(try place(results[0]) == place(results[1]))
  }
}
