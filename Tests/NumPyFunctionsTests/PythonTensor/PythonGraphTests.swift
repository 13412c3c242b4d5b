import Foundation
import NumPyFunctions
import Testing

/// What `import numpyfn` gives to those who know tf.function.
@Suite struct PythonGraphTests {
  @Test func `the example of TensorFlow's documentation runs as it is written`() throws {
    let y = try python(
      """
      def my_numpy_func(x):
        # x will be a numpy array with the contents of the input to the
        # tf.function
        return np.sinh(x)
      @tf.function(input_signature=[tf.TensorSpec(None, tf.float32)])
      def tf_function(input):
        y = tf.numpy_function(my_numpy_func, [input], tf.float32)
        return y * y
      result = tf_function(tf.constant(1.)).numpy()
      """)
    #expect(y.description == "1.3810978")
  }

  @Test(arguments: [
    "README.md", "Sources/NumPyFunctions/NumPyFunctions.docc/Tensors-in-Python.md",
  ])
  func `the Python examples of the documentation print what they say`(file: String) throws {
    let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().deletingLastPathComponent()
    let text = try String(contentsOf: root.appending(path: file), encoding: .utf8)
    let examples = text.components(separatedBy: "```python\n").dropFirst()
      .map { $0.components(separatedBy: "```")[0] }
    #expect(!examples.isEmpty)
    let run = try Python.function(
      """
      import functools, io
      def run(source):
        output = io.StringIO()
        exec(source, {"print": functools.partial(print, file=output)})
        return output.getvalue()
      """)
    for example in examples {
      let promised = example.components(separatedBy: "print(").dropFirst()
        .compactMap { $0.split(separator: "\n").first?.components(separatedBy: "  # ").last }
      #expect(try String(run(example)) == promised.map { "\($0)\n" }.joined())
    }
  }

  @Test func `constants have TensorFlow's dtypes`() throws {
    let found = try python(
      """
      values = [1., 1, True, 1j, [1, 2.5], [[1], [2]], [], 2**40, "a", np.float64(1), np.arange(2),
                np.zeros(2, "float16")]
      result = " ".join(str(tf.constant(value).dtype) for value in values)
      result += " " + str(tf.constant(1, tf.int8).dtype) + " " + str(tf.constant([1], "float64").dtype)
      """)
    #expect(
      found.description
        == "float32 int32 bool complex128 float32 int32 float32 int64 numpyfn.string float64 int64 "
        + "float16 int8 float64")
  }

  @Test func `without a signature it is traced once for each combination of dtypes and ranks`()
    throws
  {
    let found = try python(
      """
      traces = []
      @tf.function
      def f(x, n=2, *, scale=1.0):
        traces.append((str(x.dtype), x.ndim, n, scale))
        return {"power": x ** n * scale, "plain": [x, None]}
      result = [f(tf.constant(3.))["power"].tolist(), f(tf.constant(4.), 2)["power"].tolist()]
      f(x=np.arange(3)); f(np.arange(5)); f(tf.constant(3.), 3); f(tf.constant(3.), scale=2.0)
      result += [len(traces), f.tracing_count, f(tf.constant(3.))["plain"][1]]
      """)
    #expect(found.description == "[9.0, 16.0, 4, 4, None]")
  }

  @Test func `a signature is kept to`() throws {
    let found = try python(
      """
      @tf.function(input_signature=[tf.TensorSpec([None, 2], tf.float32), tf.TensorSpec([], tf.int32)])
      def f(x, n): return x * tf.cast(n, tf.float32)
      result = [f([[1, 2]], 3).tolist(), f(n=2, x=np.ones((1, 2), "float32")).tolist()]
      for arguments in [(np.ones((2, 3), "float32"), 1), (np.ones((1, 2)), 1), ([[1, 2]],)]:
        try: f(*arguments)
        except ValueError as error: result.append("float" in str(error) or "arguments" in str(error))
      """)
    #expect(found.description == "[[[3.0, 6.0]], [[2.0, 2.0]], True, True, True]")
  }

  @Test func `a graph runs without Python`() throws {
    let f = try Python.function(
      """
      import numpy as np
      import numpyfn as tf
      calls = []
      def make():
        @tf.function
        def loss(w, x, y):
          calls.append(1)
          return np.mean((np.tanh(x @ w) - y) ** 2)
        return loss, calls
      """, named: "make")
    let pair = try f()
    let (loss, calls) = try (pair[0], pair[1])
    let x = try Python.evaluate("__import__('numpy').ones((4, 3))")
    let w = try Python.evaluate("__import__('numpy').ones((3, 1))")
    let y = try Python.evaluate("__import__('numpy').ones((4, 1))")
    let first = try Double(loss(w, x, y).item())
    for _ in 0..<10 { #expect(try Double(loss(w, x, y).item()) == first) }
    #expect(calls.description == "[1]")
  }

  @Test func `methods are traced for each instance`() throws {
    let found = try python(
      """
      class Model:
        def __init__(self, w): self.w = w
        @tf.function
        def __call__(self, x): return x * self.w
        @tf.function(input_signature=[tf.TensorSpec(None, tf.float32)])
        def twice(self, x): return 2 * x * self.w
      a, b = Model(2.0), Model(3.0)
      result = [m(tf.constant(1.)).tolist() for m in (a, b, a)] + [b.twice(1.).tolist()]
      """)
    #expect(found.description == "[2.0, 3.0, 2.0, 6.0]")
  }

  @Test func `a traced method leaves its instance as it is, and does not hold it`() throws {
    let found = try python(
      """
      import copy, gc, pickle, weakref
      traces = []
      class A:
        def __init__(self, w): self.w = w
        @tf.function
        def call(self, x):
          traces.append(self.w)
          return x * self.w
        alias = call
        def __eq__(self, other): return True
        __hash__ = None
      class C(A):
        def call(self, x): return super().call(x) + 100
      c = C(4.0)
      result = [[c.call(1.).tolist() for _ in range(2)], list(vars(c))]
      a = A(2.0)
      a.call(1.), a.call(2.), a.alias(1.), A(3.0).call(1.)
      other = copy.deepcopy(a); other.w = 5.0
      result += [traces, a.call.tracing_count, other.call(1.).tolist(), a.call(1.).tolist()]
      class Slots:
        __slots__ = ("w",)
        @tf.function
        def call(self, x): return x * self.w
      for w in (2.0, 3.0):
        s = Slots(); s.w = w
        result.append(s.call(1.).tolist())
        del s
      gone = weakref.ref(a), weakref.ref(c)
      bound = A(7.0).call
      del a, c
      gc.collect()
      result += [[g() for g in gone], bound(1.).tolist(), bound.__name__, len(A.call._instances)]
      """)
    #expect(
      found.description
        == "[[104.0, 104.0], ['w'], [4.0, 2.0, 2.0, 3.0, 5.0, 7.0], 2, 5.0, 2.0, 2.0, 3.0, "
        + "[None, None], 7.0, 'call', 2]")
  }

  @Test func `strings are compared by their bytes`() throws {
    let found = try python(
      """
      t = tf.constant([b"a", "ä".encode(), b"\\xff"])
      result = [(t == "ä").tolist(), ("a" != t).tolist(), (t == b"\\xff").tolist(),
                (t == [b"a", b"b", b"\\xff"]).tolist(), (t == tf.constant([["a"], ["ä"]])).tolist(),
                str((tf.constant("a") == "a").dtype), "a" in t, "b" in t, t == None,
                tf.constant(1) == "a", tf.constant("a").numpy() == b"a", tf.equal(t, "a").tolist()]
      for f in (lambda: t < "a", lambda: t + "a", lambda: t < t, lambda: tf.function(lambda s: s == "a")(t)):
        try: f()
        except TypeError: result.append("refused")
      try: t == ["a", "b"]
      except ValueError: result.append("shapes")
      """)
    #expect(
      found.description
        == "[[False, True, False], [False, True, True], [False, False, True], [True, False, True], "
        + "[[True, False, False], [False, True, False]], 'bool', True, False, False, False, "
        + "True, [True, False, False], 'refused', 'refused', 'refused', 'refused', 'shapes']")
  }

  @Test func `Python ints beyond 64 bits are numbers to floats, and larger than whole numbers`()
    throws
  {
    let found = try python(
      """
      large = 2 ** 70
      result = []
      for dtype in ("float32", "float64", "complex64"):
        x = tf.constant(3, dtype)
        n = x.numpy()
        ours = [x + large, large * x, x / -large, x == large, np.add(x, large), np.maximum(x.real, large)]
        theirs = [n + np.float64(large), large * np.float64(1) * n, n / np.float64(-large), False,
                  n + np.float64(large), np.float64(large)]
        result.append(all(np.allclose(a, b) for a, b in zip(ours, theirs)))
        result.append(ours[0].dtype == n.dtype)
      for value in (tf.constant(3), tf.constant(2 ** 64 - 1, tf.uint64)):
        result += [(value < large).item(), (value > -large).item(), (value == 2 ** 64).item()]
        try: value + large
        except OverflowError as error: result.append("does not fit" in str(error))
      for f in (lambda: tf.constant(1.) + 10 ** 400, lambda: tf.constant(large), lambda: np.sum(tf.constant(1)) * large):
        try: f()
        except OverflowError: result.append("overflow")
      """)
    #expect(
      found.description
        == "[True, True, True, True, True, True, True, True, False, True, True, True, False, True, "
        + "'overflow', 'overflow', 'overflow']")
  }

  @Test func `map_fn goes over tensors of one length, traced or not`() throws {
    let found = try python(
      """
      def sums(x, y): return tf.map_fn(lambda pair: pair[0] + pair[1], (x, y))
      result = []
      for f in (sums, tf.function(sums)):
        result.append(f(np.arange(3), np.arange(3)).tolist())
        try: f(np.arange(3), np.arange(2))
        except ValueError as error: result.append("the first extents must be the same" in str(error))
      """)
    #expect(found.description == "[[0, 2, 4], True, [0, 2, 4], True]")
  }

  @Test func `plain arguments are the same when their bits are`() throws {
    let found = try python(
      """
      f = tf.function(lambda x, n: x * n)
      result = [np.signbit(f(1., n).numpy()).item() for n in (0.0, -0.0, 0.0)] + [f.tracing_count]
      for n in (float("nan"), float("nan"), complex(0.0, -0.0), complex(0.0, 0.0), 1, True, 1.0):
        f(1., n)
      result.append(f.tracing_count)
      """)
    #expect(found.description == "[False, True, False, 2, 8]")
  }

  @Test func `numpy_function is a decorator, a node, and has several results`() throws {
    let found = try python(
      """
      @tf.numpy_function(Tout=[tf.float32, tf.int64])
      def halves(x): return x / 2, np.int64(x.size)
      f = tf.function(lambda x: halves(x))
      result = [[r.tolist() for r in halves(tf.constant([1., 2.]))], [r.tolist() for r in f(np.ones(2, "float32"))]]
      log = []
      g = tf.function(lambda x: tf.numpy_function(log.append, [x], []))
      g(tf.constant(1.)), g(tf.constant(2.))
      result.append([float(x) for x in log])
      result.append(tf.numpy_function(lambda x: x + "!".encode(), ["a"], tf.string).numpy())
      result.append(tf.numpy_function(np.sum, [[1., 2.]], tf.TensorSpec([], tf.float32)).tolist())
      """)
    #expect(
      found.description == "[[[0.5, 1.0], 2], [[0.5, 0.5], 2], [1.0, 2.0], b'a!', 3.0]")
  }

  @Test func `branches and loops are the graph's while it is traced`() throws {
    let found = try python(
      """
      def branch(x): return tf.cond(np.sum(x) > 0, lambda: (np.sqrt(x), 1), lambda: (-x, 2))
      def loop(x):
        return tf.while_loop(lambda i, y: y < 100, lambda i, y: (i + 1, y * x), (tf.constant(0), x))
      def rows(x): return tf.map_fn(lambda row: (np.sum(row), row * 2), x)
      result = []
      for f, values in [(branch, [4., -4.]), (loop, [3.]), (rows, [np.arange(4.).reshape(2, 2)])]:
        for value in values:
          x = tf.constant(value)
          direct, traced = f(x), tf.function(f)(x)
          result.append(all(np.array_equal(*pair) for pair in zip(direct, traced)))
      result.append([r.tolist() for r in loop(tf.constant(3.))])
      """)
    #expect(found.description == "[True, True, True, True, [4, 243.0]]")
  }

  @Test func `a shape that is not known yet`() throws {
    let found = try python(
      """
      seen = []
      def f(x):
        seen.append((x.shape, x.ndim, x.size, x.is_symbolic, repr(x)))
        return np.reshape(x, (tf.shape(x)[0], -1)), np.sum(x) / tf.cast(tf.size(x), "float64")
      found = tf.function(f)(np.arange(12.).reshape(2, 3, 2))
      tf.function(f, [tf.TensorSpec(None, "float64")])(np.arange(4.).reshape(2, 2))
      result = [found[0].shape, found[1].tolist()] + seen
      """)
    #expect(
      found.description
        == "[(2, 6), 5.5, ((None, None, None), 3, None, True, '<numpyfn.Tensor: "
        + "shape=(None, None, None), dtype=float64, symbolic>'), (None, None, None, True, "
        + "'<numpyfn.Tensor: shape=None, dtype=float64, symbolic>')]")
  }

  @Test func `what a traced function may not return, and one that calls itself`() throws {
    let found = try python(
      """
      result = []
      @tf.function
      def endless(x): return endless(x)
      for f in [tf.function(lambda x: object()), endless]:
        try: f(tf.constant(1.))
        except (TypeError, RecursionError) as error: result.append(type(error).__name__)
      """)
    #expect(found.description == "['TypeError', 'RecursionError']")
  }

  @Test func `the module may be imported anew, and from any thread`() async {
    await #expect(processExitsWith: .success) {
      let found = try python(
        """
        import importlib, sys, threading
        modules = []
        def work(): modules.append(importlib.import_module("numpyfn"))
        del sys.modules["numpyfn"]
        threads = [threading.Thread(target=work) for _ in range(8)]
        for thread in threads: thread.start()
        for thread in threads: thread.join()
        again = importlib.reload(modules[0])
        result = [len(set(map(id, modules))), again is modules[0], again is tf, again.Tensor is tf.Tensor,
                  (again.constant(1.) + tf.constant(2.)).tolist()]
        """)
      #expect(found.description == "[1, True, False, True, 3.0]")
    }
  }
}
