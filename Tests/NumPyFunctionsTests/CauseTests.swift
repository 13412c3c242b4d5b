import NumPyFunctions
import Testing

/// Why a result is no tensor, in words (rule 29 of the contract).
@Suite struct CauseTests {
  private static let head = """
    import asyncio, collections, dataclasses, functools, warnings
    import numpy as np
    async def coroutine(): return 1.0
    async def values(): yield 1.0
    class Awaitable:
        def __await__(self): yield
    class Refusing:
        def __array__(self, *arguments, **keywords):
            raise RuntimeError("Can't call numpy() on Tensor that requires grad. Use tensor.detach()")
    class Sparse:
        def toarray(self): return np.eye(2)
    class SparseDict(dict):
        def toarray(self): return np.eye(2)
    class A: pass
    @dataclasses.dataclass
    class D:
        left: float
        right: float
    def inner(): pass
    """

  /// What a function returns, and what must be said of it.
  private static let causes: [(expression: String, fragments: [String])] = [
    ("np.array(['a', None])", ["numpy.ndarray (dtype object)", "element [1] of which is None"]),
    ("np.array([[1, 2], [3, A()]], object)", ["element [1, 1]", "an object of class A"]),
    ("np.array([1, 'a'], object)", ["element [1] of which is 'a'"]),
    ("np.array(['a', np.nan], object)", ["element [1] of which is nan"]),
    ("np.array([1, 2.5], object)", ["Python objects of class float, int", ".astype(\"float64\")"]),
    (
      "np.array([[1, 2], [3]], object)",
      ["ragged", "row [0] has 2 elements, row [1] has 1 element"]
    ),
    ("[[1, 2], [3]],", ["ragged", "row [0] has 2 elements, row [1] has 1 element"]),
    (
      "[[[1], [2]], [[3], [4, 5]]],",
      ["ragged", "row [1][0] has 1 element, row [1][1] has 2 elements"]
    ),
    ("[1, [2]],", ["ragged", "row [0] has no length"]),
    ("[1.0, None],", ["element [1] of which is None", "numpy.nan"]),
    ("[[1.0], [None]],", ["element [1][0] of which is None"]),
    ("[1.0, A()],", ["element [1] of which is an object of class A"]),
    ("(None,)", ["None returned", "a value, in every branch"]),
    ("None", ["the function returned None", "`return`"]),
    ("coroutine()", ["class coroutine", "await", "asyncio.run"]),
    ("values()", ["class async_generator", "async for", "asyncio.run"]),
    ("Awaitable()", ["class Awaitable", "await"]),
    ("(i for i in range(3))", ["class generator", "numpy.array(list("]),
    ("map(float, [1])", ["class map", "numpy.array(list("]),
    ("zip([1], [2])", ["class zip", "numpy.array(list("]), ("iter([1])", ["list_iterator"]),
    ("filter(None, [1])", ["class filter", "numpy.array(list("]),
    ("{1, 2}", ["class set", "no order", "sorted"]), ("frozenset([1])", ["frozenset", "sorted"]),
    ("{'a': 1}.values()", ["dict_values", "numpy.array(list("]),
    (
      "{'a': 1, 'b': 2}",
      ["class dict", "with the keys 'a', 'b'", "Tout", "[\"a\": ..., \"b\": ...]"]
    ),
    ("D(1, 2)", ["class D", "with the fields left, right", "TensorStructure"]),
    ("Sparse()", ["class Sparse", "sparse", ".toarray()"]),
    ("SparseDict()", ["class SparseDict", "sparse", ".toarray()"]),
    ("A", ["the class A itself", "A(...)"]), ("np.float64", ["the class float64 itself"]),
    ("inner", ["inner itself, which was not called", "inner(...)"]), ("len", ["len(...)"]),
    ("np.datetime64('2020-01-01')", ["datetime64[D]", "times", ".astype(\"int64\")"]),
    ("np.array([1], 'm8[s]')", ["timedelta64[s]", ".astype(\"int64\")"]),
    ("np.zeros(2, 'i4,f8')", ["structured array with the fields f0, f1", "values[name]"]),
    ("np.zeros(2, 'V3')", ["V3", ".view(\"uint8\")"]),
    ("np.longdouble(1)", ["which tensors do not have", ".astype(\"float64\")"]),
    ("np.clongdouble(1)", ["which tensors do not have", ".astype(\"complex128\")"]),
    ("Refusing()", ["RuntimeError: Can't call numpy() on Tensor that requires grad"]),
    ("2**70", ["does not fit int64", "numpy.float64(value)"]),
    ("object()", ["class object", "no tensor"]),
    ("'1.5'", ["string[] returned", "make numbers of the text"]),
    ("['1.5', '2'],", ["string[2] returned", "make numbers of the text"]),
    ("[1.0, 'a'],", ["string[2] returned"]),
    ("[[1., 2.], [3., 4.]]", ["1 result declared, 2 returned", "numpy.array(result)"]),
  ]

  @Test(arguments: causes)
  func `a message names the cause and what to do`(
    cause: (expression: String, fragments: [String])
  ) throws {
    let f = try Python.function("\(Self.head)\ndef f(): return \(cause.expression)", named: "f")
    let one = TensorSpec(dtype: .float64)
    for way in [
      { try numpyFunction(f, [], Tout: .float64) }, { try pyFunction(f, [], Tout: .float64) },
      { try GraphFunction(list: { try numpyFunction(f, $0, Tout: [one]) }).run([])[0] },
    ] {
      let error = try #require(throws: OperationError.self) { _ = try way() }
      #expect(error.code == .invalidArgument)
      for fragment in cause.fragments {
        #expect(error.message.contains(fragment), "\(error.message)")
      }
    }
  }

  @Test(arguments: [
    "coroutine()", "(coroutine(), 1.0)", "{'a': coroutine()}", "[1.0, [coroutine()]]",
  ])
  func `a coroutine is closed, and does not warn that it was never awaited`(
    expression: String
  ) throws {
    let f = try Python.function(
      """
      import gc, warnings
      caught = []
      async def unheard_of(): return 1.0
      def coroutine(): return unheard_of()
      def f(): return \(expression)
      def warned(call):
          with warnings.catch_warnings(record=True) as caught:
              warnings.simplefilter("always")
              call()
              gc.collect()
          # Other tests run at the same time.
          return [str(w.message) for w in caught if "unheard_of" in str(w.message)]
      """, named: "f")
    let warned = try f.attribute("__globals__")["warned"]
    for Tout in [[DType.float64], [.float64, .float64], []] {
      let call = try Python.callable { (_: Int) -> Int in
        #expect(throws: OperationError.self) { try numpyFunction(f, [], Tout: Tout) }
        return 0
      }
      let texts = try [String](warned(Python.evaluate("lambda f: lambda: f(0)")(call)))
      #expect(texts.isEmpty, "\(texts)")
    }
    let structured = try Python.callable { (_: Int) -> Int in
      #expect(throws: OperationError.self) {
        try numpyFunction(f, [], Tout: ["a": DType.float64])
      }
      return 0
    }
    let texts = try [String](warned(Python.evaluate("lambda f: lambda: f(0)")(structured)))
    #expect(texts.isEmpty, "\(texts)")
  }

  /// How functions that write to their argument fail, and whether that is about a read-only array.
  private static let failures: [(body: String, isReadOnly: Bool)] = [
    ("x[0] = 1", true), ("x += 1", true), ("np.add(x, 1, out=x)", true), ("x.sort()", true),
    ("x.flags.writeable = True", true), ("memoryview(x)[0] = 1.0", true),
    ("raise ValueError('buffer source array is read-only')", true),
    (
      "raise TypeError('Cannot modify readonly array of type: readonly array(float64, 1d, C)')",
      true
    ),
    (
      "raise Foreign('img marked as output argument, but provided NumPy array marked as readonly')",
      true
    ),
    ("raise Foreign('Layout of the output array img is incompatible with cv::Mat')", true),
    ("raise ValueError('array is not writeable')", true),
    ("raise BufferError('Object is not writable.')", true),
    (
      """
      try: x[0] = 1
          except ValueError as error: raise RuntimeError('the step failed') from error
      """, true
    ),
    (
      """
      try: x[0] = 1
          except ValueError: raise KeyError('step')
      """, true
    ),
    (
      """
      try: x[0] = 1
          except ValueError: raise KeyError('step') from None
      """, false
    ),
    ("raise ValueError('shapes do not fit')", false),
    ("raise OSError(30, 'Read-only file system')", false), ("raise KeyError('readonly')", false),
  ]

  @Test(arguments: failures)
  func `an error about a read-only array says that arguments may be writable`(
    failure: (body: String, isReadOnly: Bool)
  ) throws {
    let f = try Python.function(
      """
      import numpy as np
      class Foreign(Exception): pass
      def f(x):
          \(failure.body)
          return x
      """, named: "f")
    let x = try Tensor([3, 2, 1], dtype: .float64)
    let hint = "arguments: .writable"
    for call in [
      { try numpyFunction(f, [x], Tout: .float64) },
      { try GraphFunction(list: { try numpyFunction(f, $0, Tout: [.float64]) }).run([x])[0] },
      { try numpyFunction(f, [], keywords: ["x": x], Tout: DType.float64) },
    ] {
      let error = try #require(throws: OperationError.self) { _ = try call() }
      #expect(error.message.contains(hint) == failure.isReadOnly, "\(error.message)")
      #expect(error.underlying is PythonError)
    }
    // Where the function was given no read-only array, the hint would be wrong.
    do {
      try numpyFunction(f, [x], Tout: .float64, arguments: .writable)
    } catch {
      #expect(!"\(error)".contains(hint))
    }
    for arguments in [ArgumentAccess.readOnly, .writable] {
      do {
        try numpyFunction(f, [Tensor(1.0)], Tout: .float64, arguments: arguments)
      } catch {
        #expect(!"\(error)".contains(hint))
      }
    }
  }

  @Test func `strings may be written, too`() throws {
    let f = try Python.function("def f(s):\n    s[0] = b'c'\n    return s")
    let s = try Tensor(["a", "b"])
    let error = try #require(throws: OperationError.self) {
      try numpyFunction(f, [s], Tout: .string)
    }
    #expect(error.message.contains("arguments: .writable"))
    #expect(try numpyFunction(f, [s], Tout: .string, arguments: .writable) == Tensor(["c", "b"]))
    #expect(try s == Tensor(["a", "b"]))
  }
}
