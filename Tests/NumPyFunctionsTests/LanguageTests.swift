import NumPyFunctions
import Testing

/// Messages have the spelling of the language that they are read in (rule 29 of the contract).
@Suite struct LanguageTests {
  /// Expressions that fail, in which `t` is float32[2, 3], `i` int32[3], `s` strings, `b` bools, `c`
  /// complex numbers, and `v` and `u` symbolic: a scalar, and a tensor of unknown rank.
  private static let failures = [
    "t + s", "t + np.int8(1) + s", "b - b", "-b", "t & t", "~t", "np.sum(s)", "np.sin(s)",
    "np.isnan(s)",
    "np.cumsum(s)", "np.prod(s)", "s @ s", "t[t]", "np.take(t, t)", "t[0, 0, 0]",
    "t[7]", "tf.reshape(t, (4, 2))", "tf.reshape(t, (-1, -1))",
    "tf.broadcast_to(t, (4,))", "tf.ensure_shape(t, (None, 4))", "tf.unstack(u)", "np.max(c)",
    "np.sort(t)", "t @ t", "tf.fill((2,), t)", "tf.ones((2,), 'string')", "tf.zeros((-1,))",
    "tf.cast(s, 'float32')", "tf.cast(t, 'string')", "tf.one_hot(t, 3)", "tf.constant('a', 'int8')",
    "tf.constant(1.5, 'int8')", "np.concatenate([t, i])", "np.stack([t, i])", "np.argmax(c)",
    "tf.cond(v > 0, lambda: t, lambda: i)", "tf.cond(v > 0, lambda: t, lambda: (t, t))",
    "tf.while_loop(lambda x: x < 3, lambda x: tf.cast(x, 'float64'), [v])",
    "tf.while_loop(lambda x: x < 3, lambda x: (x, x), [v])",
    "tf.while_loop(lambda x: t, lambda x: x, [v])",
    "tf.while_loop(lambda x: x < 3, lambda x: x, [tf.constant(1)], maximum_iterations=5)",
    "tf.map_fn(lambda x: x, v)", "float(v)", "bool(v)", "v.numpy()", "np.asarray(v)",
    "np.floor(c)", "np.arctan2(c, c)", "tf.reduce_logsumexp(c)",
    "tf.gradient(lambda x: tf.numpy_function(np.sinh, [x], tf.float32))(t)",
    "tf.gradient(lambda x: x)(i)", "tf.gradient(lambda x: np.asarray(x).sum())(t)",
    "tf.gradient(lambda x: tf.py_function(lambda y: np.asarray(y), [x], tf.float32))(t)",
    "tf.gradient(lambda x: tf.numpy_function(np.sinh, [x], tf.float32, gradient=lambda g, x: (g, g)))(t)",
    "tf.gradient(lambda x: tf.numpy_function(np.sinh, [x], tf.float32, gradient=lambda g, x: i))(t)",
    "tf.function(lambda x: x, [tf.TensorSpec([2, None])])(i)",
    "tf.function(lambda x: x, [tf.TensorSpec([2, None])])(tf.constant([1.]))",
    "tf.function(lambda x: {1})(t)", "tf.function(lambda x: x, [tf.TensorSpec([2])])(t, t)",
    "call(np.sinh, [t], 'int32')", "call(np.sinh, [t], 'string')",
    "call(lambda x: 'a', [t], 'int32')",
    "call(np.sinh, [t], tf.TensorSpec([2, None, 4]))", "call(lambda x: None, [t], 'int32')",
    "call(lambda x: (x, x), [t], 'float32')", "call(lambda x: {'a': x}, [t], 'float32')",
    "call(lambda x: [], [t], 'float32')", "call(lambda x: {1}, [t], 'float32')",
    "call(lambda x: x, [t], {'a': 'float32'})", "call(lambda x: {'b': x}, [t], {'a': 'float32'})",
    "call(lambda x: {'a': x}, [t], {'a': 'int8'})", "call(lambda x: D(x), [t], 'float32')",
    "call(lambda x: x.fill(3), [t], 'float32')",
    "call(lambda x: ([[1, 2], [3]], 1), [t], ['int64', 'int64'])",
    "call(lambda x: np.array([1, None]), [t], 'float32')", "call(3, [t], 'float32')",
    "call(lambda x: np.ma.masked, [t], 'float32')", "call(lambda x: 2**70, [t], 'int64')",
    "tf.py_function(lambda x: x, [t], 'int32')", "tf.py_function(lambda x: 1.5, [t], 'int32')",
    "tf.py_function(lambda x: 300, [t], 'int8')",
    "swift_function(t)", "tf.constant({'a': 1})", "tf.constant([1, None])", "tf.constant(object())",
  ]

  /// What Swift code alone has, with the words that only look like it left out.
  private static let collect = """
    import dataclasses, re
    import numpy as np
    import numpyfn as tf
    @dataclasses.dataclass
    class D:
      x: object
    t = tf.constant(np.ones((2, 3), "float32"))
    i, s, b, c = map(tf.constant, ([1, 2, 3], ["a", "b"], [True, False], [1j, 2.]))
    v = u = None
    def call(function, inputs, Tout):
      # At once, and in a graph.
      try: return tf.numpy_function(function, inputs, Tout)
      except Exception as error: first = error
      try: tf.function(lambda: tf.numpy_function(function, inputs, Tout))()
      except Exception as error: raise type(first)(f"{first}\\n{error}") from error
    def messages(expressions, swift_function):
      found = []
      def evaluate(expression, **names):
        try: eval(expression, dict(globals(), swift_function=swift_function, **names))
        except Exception as error: found.append([expression, str(error)])
        else: found.append([expression, ""])
      for expression in expressions:
        if re.search(r"\\b[uv]\\b", expression) is None:
          evaluate(expression)
          continue
        def trace(scalar, unknown):
          evaluate(expression, v=scalar, u=unknown)
          return scalar
        try: tf.function(trace, [tf.TensorSpec([]), tf.TensorSpec(None)])(1., t)
        except Exception: pass  # that of a node in the graph
      return found
    swift = re.compile(
      r"Tout: |\\.(float|int|uint|complex)\\d|\\.bool\\b|\\.string\\b|\\.writable|\\bnil\\b|[a-z]\\w*\\((\\w+:)+|"
      r"\\b(numpy|py|Graph)Function|\\b(while|as|ensure|stop|value|one|is|arg|log)[A-Z]\\w+|"
      r"\\b(gradient|arguments|casting|strings|shape|axes|keepDims|maximumIterations): ?[.\\[]|closure|"
      r"\\.unknown|\\[String\\]|\\.!=|TensorSpec\\(shape:")
    allowed = re.compile(r"numpyfn\\.\\w+|numpy\\.\\w+|NumPy|numpy_function|File \\".*|\\w+\\.swift")
    def traces(text): return [m.group() for m in swift.finditer(allowed.sub("", text))]
    """

  @Test func `rule 29: no message that Python code reads has Swift's spelling`() throws {
    let functions = try Python.function(Self.collect, named: "messages").attribute("__globals__")
    let swiftFunction = try Python.callable { (x: Tensor) -> Tensor in
      try numpyFunction(
        Python.import("numpy").sinh, [x], Tout: TensorSpec(shape: [nil], dtype: .int8))
    }
    let found = try [[String]](functions["messages"](Self.failures, swiftFunction))
    #expect(found.count == Self.failures.count)
    for pair in found {
      #expect(!pair[1].isEmpty, "\(pair[0])")
      let traces = try [String](functions["traces"](pair[1]))
      #expect(traces.isEmpty, "\(pair[0]): \(pair[1])")
    }
  }

  @Test(arguments: [
    ("call(np.sinh, [t], 'int32')", "declare Tout=numpyfn.float32"),
    ("call(np.sinh, [t], 'int32')", "numpy_function 'sinh'"),
    ("call(np.sinh, [t], tf.TensorSpec([2, None, 4]))", "with None for an extent that varies"),
    ("call(lambda x: x.fill(3), [t], 'float32')", "arguments=\"writable\""),
    ("call(lambda x: {'a': x}, [t], 'float32')", "Tout={'a': ...}"),
    ("tf.gradient(lambda x: tf.numpy_function(np.sinh, [x], tf.float32))(t)", "gradient="),
    ("t + s", "astype(\"float32\")"),
    ("tf.while_loop(lambda x: t, lambda x: x, [tf.constant(1.)])", "ambiguous"),
    ("swift_function(t)", "declare Tout=numpyfn.float32"),
  ])
  func `a message in Python says what to write there`(
    expression: String, fragment: String
  ) throws {
    let messages = try Python.function(Self.collect, named: "messages")
    let swiftFunction = try Python.callable { (x: Tensor) -> Tensor in
      try numpyFunction(Python.import("numpy").sinh, [x], Tout: .int8)
    }
    let found = try [[String]](messages([expression], swiftFunction))
    #expect(found[0][1].contains(fragment), "\(found[0][1])")
  }

  @Test func `no message that Swift code reads has Python's spelling`() throws {
    let np = try Python.import("numpy")
    let (x, i) = try (Tensor([1, 2, 3], dtype: .float32), Tensor([1, 2, 3], dtype: .int32))
    let fill = try Python.function("def f(x): x.fill(3)")
    let dict = try Python.function("def f(x): return {'a': x}")
    let list = try Python.function("def f(x): return [x, x]")
    let nothing = try Python.function("def f(x): pass")
    let unknown = TensorSpec(shape: .unknown)
    let failures: [(said: String, body: () throws -> Void)] = [
      ("Tout: .float32", { try numpyFunction(np.sinh, [x], Tout: .int8) }),
      ("numpyFunction 'sinh'", { try numpyFunction(np.sinh, [x], Tout: .int8) }),
      ("with nil", { try numpyFunction(np.sinh, [x], Tout: TensorSpec(shape: [nil, 2])) }),
      ("arguments: .writable", { try numpyFunction(fill, [x], Tout: []) }),
      ("Tout: with the same keys, [\"a\": ...]", { try numpyFunction(dict, [x], Tout: .float32) }),
      ("declare .float32 there", { try numpyFunction(dict, [x], Tout: ["a": DType.int8]) }),
      ("Tout: [...]", { try numpyFunction(list, [x], Tout: .float32) }),
      ("`return`", { try numpyFunction(nothing, [x], Tout: .float32) }),
      ("pyFunction", { try pyFunction(np.sinh, [x], Tout: .string) }),
      (
        "the argument gradient:",
        {
          _ = try GraphFunction { x in
            try gradient(of: numpyFunction(np.sinh, [x], Tout: .float32), with: x) ?? x
          }(x)
        }
      ),
      ("asType(.int32)", { _ = try x + i }),
      ("numpyFunction", { _ = try Tensor(["a"]).sum() }),
      ("nil stands for", { _ = try x.reshaped(to: [-2]) }),
      (
        "asType",
        {
          _ = try GraphFunction(inputSignature: [unknown]) { x in
            try cond(x.sum() .> 0) {
              x
            } else: {
              i
            }
          }
        }
      ),
      (
        "whileLoop",
        {
          _ = try GraphFunction(inputSignature: [unknown]) { x in
            try whileLoop(x, { try $0.sum() .> 0 }, body: { try $0.asType(.int8) })
          }
        }
      ),
      ("is no tensor", { _ = try Tensor(Python.evaluate("{'a': 1}")) }),
    ]
    for (said, body) in failures {
      let error = #expect(throws: (any Error).self) { try body() }
      let text = error.map { "\($0)" } ?? ""
      #expect(text.contains(said), "\(text)")
      for spelling in [
        "numpyfn.", "Tout=", "arguments=", "gradient=", "None for", "while_loop", "_function",
      ] {
        #expect(!text.contains(spelling), "\(text)")
      }
    }
  }
}
