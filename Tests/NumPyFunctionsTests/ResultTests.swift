import NumPyFunctions
import Testing

/// What the function may return (rules 11 to 13 and 16 of the contract).
@Suite struct ResultTests {
  @Test(arguments: [
    ("2.5", DType.float64, "2.5"), ("3", .int64, "3"), ("True", .bool, "True"),
    ("1+2j", .complex128, "(1+2j)"), ("np.float32(2.5)", .float32, "2.5"),
    ("np.int8(3)", .int8, "3"), ("np.array(2.5)", .float64, "2.5"), ("[1.5]", .float64, "1.5"),
    ("(np.float16(1),)", .float16, "1.0"), ("range(3)", .int64, "[0 1 2]"),
    ("np.arange(3)", .int64, "[0 1 2]"), ("np.arange(3, dtype='q')", .int64, "[0 1 2]"),
    ("np.uint64(2**64 - 1)", .uint64, "18446744073709551615"),
    ("memoryview(b'ab')", .uint8, "[97 98]"),
    ("memoryview(np.array([1, 2], '>i4'))", .int32, "[1 2]"),
    (
      "type('A', (), {'__array__': lambda *a, **k: np.array([1, 2], '>f8')})()", .float64, "[1. 2.]"
    ),
    (
      "type('A', (), {'__array_interface__': np.array([1, 2], '>f4').__array_interface__})()",
      .float32, "[1. 2.]"
    ),
    ("np.array([0, 1, 2, 255], 'u1').view(bool)", .bool, "[False  True  True  True]"),
    ("__import__('array').array('f', [1])", .float32, "[1.]"),
    ("type('A', (), {'__array__': lambda *a, **k: np.float32([1, 2])})()", .float32, "[1. 2.]"),
    (
      "type('A', (), {'__dlpack__': lambda self, **k: A.__dlpack__(**k),"
        + " '__dlpack_device__': lambda self: (1, 0)})()", .float32, "[0. 1. 2.]"
    ),
    ("[np.arange(2)]", .int64, "[0 1]"), ("np.zeros((0, 3))", .float64, "[]"),
  ])
  func `rule 12: a value has the dtype that NumPy gives it`(
    expression: String, dtype: DType, printed: String
  ) throws {
    let f = try Python.function(
      """
      import numpy as np
      A = np.arange(3, dtype='f4')
      def f(): return \(expression)
      """)
    let result = try numpyFunction(f, [], Tout: dtype)
    #expect(result.dtype == dtype)
    #expect(result.description == printed)
  }

  @Test(arguments: [
    ("x", "C order"), ("np.asfortranarray(x)", "Fortran order"), ("x.T", "transposed"),
    ("x[::-1]", "reversed"), ("x[:, ::2]", "strided"), ("x[1:, 1:]", "sliced"),
    ("x[:, None, :]", "with a new axis"), ("np.broadcast_to(x[0], (3, 3))", "broadcast"),
    ("x.astype(x.dtype.newbyteorder())", "byte-swapped"), ("unaligned(x)", "unaligned"),
    ("x.view(Sub)", "of a subclass"), ("np.ma.masked_array(x)", "masked"),
    ("np.asmatrix(x)", "a matrix"), ("x.copy()", "copied"), ("readonly(x)", "read-only"),
    ("x.reshape(3, 2).T.copy().T", "a transposed copy"), ("np.diagonal(x)", "a diagonal"),
    ("np.stack([x, x], -1)[..., 0]", "with a stride of two"),
    ("np.repeat(x, 2, axis=0)[::2]", "a view of a temporary"),
  ])
  func `rule 13: an array of any layout arrives element by element`(
    expression: String, layout: String
  ) throws {
    let source = """
      import numpy as np
      class Sub(np.ndarray): pass
      def unaligned(x):
          raw = bytearray(x.nbytes + 1)
          y = np.frombuffer(raw, np.uint8)[1:].view(x.dtype).reshape(x.shape)
          y[...] = x
          return y
      def readonly(x):
          y = x.copy()
          y.flags.writeable = False
          return y
      def f(x): return \(expression)
      def expected(x): return np.asarray(\(expression)).tolist()
      """
    let f = try Python.function(source, named: "f")
    for dtype in [DType.int8, .int64, .float16, .float32, .float64, .complex64] {
      let x = try Tensor([[0, 1, 2], [3, 4, 5]], dtype: dtype)
      let result = try numpyFunction(f, [x], Tout: dtype)
      let functions = try f.attribute("__globals__")
      // Nested lists of Python numbers know nothing of layouts.
      #expect(try result == Tensor(functions["expected"](x)).asType(dtype), "\(dtype)")
    }
  }

  @Test(arguments: [
    ("(x, x * 2)", 2), ("[x, x * 2]", 2), ("Pair(x, x * 2)", 2), ("x", 1), ("[x]", 1), ("(x,)", 1),
    ("None", 0), ("[]", 0), ("()", 0), ("ListOf([x, x])", 2),
  ])
  func `rule 11: a list or tuple is several results, None is none`(
    expression: String, count: Int
  ) throws {
    let f = try Python.function(
      """
      import collections
      Pair = collections.namedtuple('Pair', 'a b')
      class ListOf(list):
          def __getitem__(self, index): raise ValueError
      def f(x): return \(expression)
      """)
    let x = try Tensor([1, 2], dtype: .float32)
    for declared in 0...3 {
      let Tout = Array(repeating: DType.float32, count: declared)
      let results = try? numpyFunction(f, [x], Tout: Tout)
      #expect(results?.count == (declared == count ? count : nil))
      if declared == count { #expect(results?.first == (count == 0 ? nil : x)) }
    }
  }

  @Test func `rule 16: the wrong dtype is refused, with all there is to know`() throws {
    let np = try Python.import("numpy")
    // Outside of the macro, which would count lines its own way.
    func call() throws { try numpyFunction(np.sinh, [Tensor(1 as Float)], Tout: .float64) }
    let line = #line - 1
    let error = try #require(throws: OperationError.self) { try call() }
    #expect(error.code == .invalidArgument)
    #expect(error.underlying is CallbackError)
    for fragment in [
      "numpyFunction 'sinh'", "ResultTests.swift:\(line)", "numpy.sinh", "result 0",
      "float64[...] declared", "float32[] returned", "Tout: .float32",
    ] {
      #expect("\(error)".contains(fragment))
    }
  }

  @Test func `rule 16: all wrong results are listed, with where the function is written`() throws {
    let f = try Python.function(
      "import numpy as np\ndef several(x): return x, np.zeros(3), 'text', np.int8(1)")
    let error = try #require(throws: OperationError.self) {
      try numpyFunction(
        f, [Tensor(1 as Float)], Tout: [.float32, .float32, .float32, .int64])
    }
    for fragment in [
      "several (<python at NumPyFunctionsTests/ResultTests.swift:", ":2)",
      "result 1: float32[...] declared, float64[3] returned",
      "result 2: float32[...] declared, string[] returned", "result 3: int64",
    ] {
      #expect(error.message.contains(fragment))
    }
    #expect(!error.message.contains("result 0"))
  }

  @Test(arguments: [
    ("None", 1, "1 result declared, 0 returned"), ("[]", 1, "1 result declared, 0 returned"),
    ("[1.0, 2.0, 3.0]", 1, "1 result declared, 3 returned"),
    ("1.0", 2, "2 results declared, 1 returned"), ("1.0", 0, "0 results declared, 1 returned"),
    // The count comes first: the dtypes are wrong too.
    ("('a', 'b')", 1, "1 result declared, 2 returned"),
  ])
  func `rule 12: the wrong number of results is refused`(
    expression: String, count: Int, message: String
  ) throws {
    let f = try Python.function("def f(): return \(expression)")
    let error = try #require(throws: OperationError.self) {
      try numpyFunction(f, [], Tout: Array(repeating: DType.float64, count: count))
    }
    #expect(error.message.contains(message))
  }

  @Test(arguments: [
    "{'a': 1}", "{1}", "object()", "...", "2**70", "2**63", "None,", "np.array(['a', None])",
    "np.array([1, 'a'], dtype=object)", "np.datetime64('2020-01-01')", "np.longdouble(1)",
    "np.zeros(2, dtype='i4,f8')", "(i for i in range(3))", "np.zeros(2, 'V3')", "[[1, 2], [3]],",
    "type('A', (), {'__array__': lambda self, *a, **k: 1 / 0})()",
  ])
  func `rule 15: what is no tensor is refused, saying what came back`(expression: String) throws {
    let f = try Python.function("import numpy as np\ndef f(): return \(expression)")
    for dtype in [DType.int64, .uint64, .float64] {
      let error = try #require(throws: OperationError.self) {
        try numpyFunction(f, [], Tout: dtype)
      }
      #expect(error.code == .invalidArgument)
      let kind = expression == "None," ? "None returned" : "an object of class"
      #expect(error.message.contains(kind), "\(error.message)")
    }
  }

  /// For each declared dtype what the message says of an int beyond int64.
  @Test(arguments: [
    (
      DType.int64,
      "declare Tout: .float64 and return float(value), which rounds it, or Tout: .string"
    ),
    (.int8, "declare Tout: .float64 and return float(value)"),
    (.uint32, "declare Tout: .float64 and return float(value)"),
    (.uint64, "return numpy.uint64(value), or, if it does not fit that, declare Tout: .float64"),
    (.float32, "return numpy.float32(value)"), (.complex128, "return numpy.complex128(value)"),
    (.string, "return str(value)"),
  ])
  func `an int beyond int64 is refused, and the remedy can work`(
    dtype: DType, remedy: String
  ) throws {
    for value in ["2**70", "-2**70"] {
      let f = try Python.function("def f(): return \(value)")
      let error = try #require(throws: OperationError.self) {
        try numpyFunction(f, [], Tout: dtype)
      }
      #expect(error.message.contains("does not fit int64"), "\(error.message)")
      #expect(error.message.contains(remedy), "\(error.message)")
    }
  }

  @Test func `rule 16: a message names the function that was called`() throws {
    let functions = try Python.function(
      """
      import functools
      from unittest.mock import MagicMock
      def traced(f):
          @functools.wraps(f)
          def wrapper(x): return f(x)
          return wrapper
      @traced
      def first(x): return 'text'
      @traced
      def second(x): return 'text'
      class Endless:
          def __call__(self, x): return 'text'
          @property
          def func(self): return Endless()
      endless = Endless()
      partial = functools.partial(functools.partial(second))
      def f(): pass
      """
    ).attribute("__globals__")
    for (name, fragment) in [
      ("first", "first ("), ("second", "second ("), ("endless", "Endless"),
      ("partial", "partial(second ("),
    ] {
      let error = try #require(throws: OperationError.self) {
        try numpyFunction(functions[name], [1], Tout: .int64)
      }
      #expect(error.message.contains(fragment))
    }
  }

  @Test func `rule 1: a declared shape is checked where it is known`() throws {
    let np = try Python.import("numpy")
    let x = try Tensor([[1, 2, 3]], dtype: .float32)
    let fits = TensorSpec(shape: [nil, 3], dtype: .float32)
    #expect(try numpyFunction(np.sinh, [x], Tout: fits).shape == [1, 3])
    for shape in [[nil, 2], [3], [1, 3, nil], []] as [Shape] {
      let error = try #require(throws: OperationError.self) {
        try numpyFunction(np.sinh, [x], Tout: TensorSpec(shape: shape, dtype: .float32))
      }
      #expect(error.message.contains("float32\(shape) declared, float32[1, 3] returned"))
    }
  }

  @Test func `rule 1: a function called for its effect returns nothing`() throws {
    let f = try Python.function("count = []\ndef f(): count.append(1)")
    #expect(try numpyFunction(f, [], Tout: []).isEmpty)
    #expect(try [Int](f.attribute("__globals__")["count"]) == [1])
  }

  @Test(arguments: ["3", "'text'", "None", "[]"])
  func `rule 2: what cannot be called is refused when the graph is built`(expression: String) throws
  {
    let object = try Python.evaluate(expression)
    let error = try #require(throws: (any Error).self) {
      try GraphFunction(inputSignature: [TensorSpec(dtype: .float32)]) { x in
        try numpyFunction(object, [x], Tout: .float32)
      }
    }
    #expect("\(error)".contains("\(object.debugDescription) cannot be called"))
    #expect((error as? OperationError)?.location?.file.contains("ResultTests.swift") == true)
  }

  @Test(arguments: [
    "lambda x: x", "np.sinh", "np.float32", "functools.partial(operator.mul, 2)", "C()", "C().m",
    "abs", "C.s",
  ])
  func `rule 2: anything callable will do`(expression: String) throws {
    let f = try Python.function(
      """
      import functools, operator
      import numpy as np
      class C:
          def __call__(self, x): return x
          def m(self, x): return x
          @staticmethod
          def s(x): return x
      f = \(expression)
      """, named: "f")
    let x = try Tensor([1, 2], dtype: .float32)
    #expect(try numpyFunction(f, [x], Tout: .float32).shape == [2])
    let g = try GraphFunction { x in try numpyFunction(f, [x], Tout: .float32) }(x)
    #expect(g.dtype == .float32)
  }
}
