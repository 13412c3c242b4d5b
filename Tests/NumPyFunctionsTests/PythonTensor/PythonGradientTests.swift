import NumPyFunctions
import Testing

/// Gradients as Python code asks for them.
@Suite struct PythonGradientTests {
  @Test func `a tape answers any number of times, and to any order`() throws {
    let found = try python(
      """
      x = tf.constant(3.)
      with tf.GradientTape() as tape:
        tape.watch(x)
        y = x * x
      result = [tape.gradient(y, x).tolist(), tape.gradient(y, x).tolist(), x.tolist()]
      x = tf.constant(2.)
      with tf.GradientTape() as third:
        third.watch(x)
        with tf.GradientTape() as second:
          second.watch(x)
          with tf.GradientTape() as first:
            first.watch(x)
            y = x ** 3
          dy = first.gradient(y, x)
        d2y = second.gradient(dy, x)
      d3y = third.gradient(d2y, x)
      result += [dy.tolist(), d2y.tolist(), d3y.tolist()]
      """)
    #expect(found.description == "[6.0, 6.0, 3.0, 12.0, 12.0, 6.0]")
  }

  @Test func `sources and targets in structures, and what is not connected`() throws {
    let found = try python(
      """
      x, y, z = tf.constant(3.), tf.constant(2.), tf.constant(1.)
      with tf.GradientTape() as tape:
        tape.watch([x, {"y": y}, z])
        product, quotient = x * y, x / y
      gradients = tape.gradient([product, quotient], {"x": x, "rest": (y, z)})
      result = [gradients["x"].tolist(), gradients["rest"][0].tolist(), gradients["rest"][1]]
      result.append(tape.gradient(product, x, output_gradients=tf.constant(10.)).tolist())
      """)
    #expect(found.description == "[2.5, 2.25, None, 20.0]")
  }

  @Test func `outside of its tape a tensor is what it was`() throws {
    let found = try python(
      """
      x = tf.constant([1., 2.])
      with tf.GradientTape() as tape:
        tape.watch(x)
        y = np.sum(x * x)
      z = x + 1
      result = [np.asarray(x).tolist(), np.asarray(z).tolist(), np.asarray(y).tolist()]
      try: tape.watch(x)
      except RuntimeError: result.append("closed")
      try: tf.GradientTape().gradient(y, x)
      except RuntimeError: result.append("unused")
      with tf.GradientTape() as other:
        other.watch(x)
        y = x * x
      try: other.gradient(y, z)
      except ValueError as error: result.append("watch" in str(error))
      """)
    #expect(found.description == "[[1.0, 2.0], [2.0, 3.0], 5.0, 'closed', 'unused', True]")
  }

  @Test func `gradients of functions, of several arguments and of structures`() throws {
    let found = try python(
      """
      f = lambda x: x ** 3
      result = [tf.gradient(f)(2.).tolist(), tf.gradient(tf.gradient(f))(2.).tolist(),
                tf.gradient(tf.gradient(tf.gradient(f)))(2.).tolist()]
      value, (dx, dy) = tf.value_and_gradient(lambda x, y: x * x + y * y, (0, 1))(3., 4.)
      result += [value.tolist(), dx.tolist(), dy.tolist()]
      found = tf.gradient(lambda p: p["a"] * p["b"][0])({"a": 2., "b": [3., 4.]})
      result += [found["a"].tolist(), found["b"][0].tolist(), found["b"][1]]
      result.append(tf.gradient(lambda z: z * z)(np.complex64(3 + 3j)).tolist())
      """)
    #expect(
      found.description
        == "[12.0, 12.0, 6.0, 25.0, 6.0, 8.0, 3.0, 2.0, None, (6-6j)]")
  }

  /// An unchanged NumPy function: a small network's loss.
  private static let network = """
    def loss(p, x, y):
      hidden = np.tanh(x @ p["w1"] + p["b1"])
      return np.mean((hidden @ p["w2"] + p["b2"] - y) ** 2)
    random = np.random.default_rng(0)
    p = dict(w1=random.normal(size=(3, 4)), b1=np.zeros(4), w2=random.normal(size=(4, 1)), b2=np.zeros(1))
    x, y = random.normal(size=(5, 3)), random.normal(size=(5, 1))

    """

  @Test func `NumPy code is differentiated unchanged, as finite differences have it`() throws {
    let found = try python(
      Self.network + """
        value, gradients = tf.value_and_gradient(loss)(p, x, y)
        result = [np.isclose(value, loss(p, x, y)).item()]
        for name, array in p.items():
          differences = np.zeros_like(array)
          for place in np.ndindex(array.shape):
            up, down = ({**p, name: array.copy()} for _ in range(2))
            up[name][place] += 1e-6
            down[name][place] -= 1e-6
            differences[place] = (loss(up, x, y) - loss(down, x, y)) / 2e-6
          result.append(np.allclose(gradients[name], differences, atol=1e-8))
        """)
    #expect(found.description == "[True, True, True, True, True]")
  }

  @Test func `a gradient is traced with its function, and of a traced function`() throws {
    let found = try python(
      Self.network + """
        direct = tf.gradient(loss)(p, x, y)
        inside = tf.function(tf.gradient(loss))(p, x, y)
        outside = tf.gradient(tf.function(loss))(p, x, y)
        def taped(w):
          with tf.GradientTape() as tape:
            tape.watch(w)
            value = loss({**p, "w1": w}, x, y)
          return tape.gradient(value, w)
        by_tape = tf.function(taped)(p["w1"])
        result = [np.allclose(direct[name], other[name]) for name in p for other in (inside, outside)]
        result = [all(result), np.allclose(by_tape, direct["w1"])]
        """)
    #expect(found.description == "[True, True]")
  }

  @Test func `a constant is watched while a graph is traced, and unharmed afterwards`() throws {
    let found = try python(
      """
      w = tf.constant(3.)
      @tf.function
      def slope(x):
        with tf.GradientTape() as tape:
          tape.watch(w)
          y = w * w * x
        return tape.gradient(y, w)
      result = [slope(tf.constant(2.)).tolist(), slope(tf.constant(3.)).tolist(), w.tolist()]
      """)
    #expect(found.description == "[12.0, 18.0, 3.0]")
  }

  @Test(arguments: [
    "float(a)", "a.item()", "np.float32(a.tolist())", "math.sin(a)", "into(a)", "complex(a).real",
    "tf.constant(float(a))", "float(a) if a > 0 else 0.0",
  ])
  func `a result that came of a number has no gradient in silence`(leave: String) throws {
    let found = try python(
      """
      import math
      def into(a):
        z = np.zeros(1, "float32")
        z[0] = a
        return z[0]
      def f(a): return \(leave)
      def called(a): return tf.py_function(f, [a], tf.float32)
      def taped(a): return tf.constant(f(a))
      def nested(a): return tf.py_function(lambda b: called(b) * 2, [a], tf.float32)
      result = []
      for g in (called, taped, nested, tf.function(called)):
        try: result.append(tf.gradient(g)(2.))
        except RuntimeError as error:
          text = str(error)
          result.append(all(part in text for part in ("a number at", "t.numpy()", "stop_gradient", "<")))
      """)
    #expect(found.description == "[True, True, True, True]")
  }

  @Test(arguments: [
    "a * 2 if float(a) > 1 else a", "a.numpy() * 0 + 2", "float(tf.stop_gradient(a))",
    "len(f'{a:.2f} {a}') * 0 + a * 2", "1.0 if a > 0 else 2.0", "[a.item(), a * 2][1]",
  ])
  func `numbers may be read on the way, and a gradient be cut on purpose`(result: String) throws {
    let found = try python(
      """
      def f(a): return \(result)
      def called(a): return tf.py_function(f, [a], tf.float32)
      result = []
      for g in (called, tf.function(called)):
        found = tf.gradient(g)(2.)
        result.append((0.0 if found is None else found.tolist()) in (0.0, 2.0))
      with tf.GradientTape() as tape:
        x = tf.constant(3.)
        tape.watch(x)
        y = x * x
        log, other = float(y), tf.constant(1.)
      result.append(tape.gradient([y, other], x).tolist())
      """)
    #expect(found.description == "[True, True, 6.0]")
  }

  @Test func `a number that is made in passing is warned of`() async {
    // Warnings are all threads'.
    await #expect(processExitsWith: .success) {
      let found = try python(
        """
        import math, warnings
        def lines(f):
          with warnings.catch_warnings(record=True) as seen:
            warnings.simplefilter("always")
            tf.gradient(lambda a: tf.py_function(f, [a], tf.float32))(2.)
          return [w.category is UserWarning and "t.item()" in str(w.message) for w in seen]
        result = [lines(f) for f in (
          lambda a: a * float(a), lambda a: a * math.exp(a), lambda a: a * complex(a).real,
          lambda a: a * a.item(), lambda a: a * int(a), lambda a: a * float(tf.stop_gradient(a)),
          lambda a: a * 2 if a > 1 else a, lambda a: a * len(f"{a:.2f} {a}"))]
        with warnings.catch_warnings():
          warnings.simplefilter("error")
          # Where nothing is differentiated there is nothing to warn of.
          result.append(tf.py_function(lambda a: a * float(a), [3.], tf.float32).tolist())
          try: tf.gradient(lambda a: a * float(a))(2.)
          except UserWarning: result.append("raised")
          try: tf.gradient(lambda a: float(a))(np.ones(2))
          except TypeError: result.append("refused")
        """)
      #expect(
        found.description
          == "[[True], [True], [True], [], [], [], [], [], 9.0, 'raised', 'refused']")
    }
  }

  @Test func `what has no gradients among the sources has None`() throws {
    let found = try python(
      """
      def f(x, n, s): return x ** n
      result = [g if g is None else g.tolist()
                for g in tf.gradient(f, (0, 1, 2))(3., tf.constant(2), "s")]
      found = tf.gradient(lambda p: p["x"] * 2)({"n": np.arange(2), "x": 1., "b": True})
      result += [found["n"], found["x"].tolist(), found["b"]]
      result.append(tf.gradient(f, 1)(3., tf.constant(2), "s"))
      x, n = tf.constant(3.), tf.constant(2)
      with tf.GradientTape() as tape:
        tape.watch(x)
        y = x * x
      result += [g if g is None else g.tolist() for g in tape.gradient([y], [n, x])]
      result.append(tf.function(lambda x: tf.gradient(f, (0, 1))(x, 2, "s")[1])(x))
      """)
    #expect(found.description == "[6.0, None, None, None, 2.0, None, None, None, 6.0, None]")
  }

  @Test func `threads and tasks watch one tensor, each for itself`() throws {
    let found = try python(
      """
      import asyncio, threading
      x, w = tf.constant(3.), tf.constant(2.)
      barrier = threading.Barrier(3)
      found = {}
      def work(power):
        with tf.GradientTape() as tape:
          barrier.wait(10)
          tape.watch(x)
          barrier.wait(10)
          y = x ** power * w
          barrier.wait(10)
        found[power] = tape.gradient(y, x).tolist()
      threads = [threading.Thread(target=work, args=[power]) for power in (1, 2, 3)]
      for t in threads: t.start()
      for t in threads: t.join()
      result = [found[power] for power in (1, 2, 3)]
      async def task(power):
        with tf.GradientTape() as tape:
          await asyncio.sleep(0)
          tape.watch(x)
          await asyncio.sleep(0.001 * power)
          y = x ** power
          await asyncio.sleep(0.001)
        return tape.gradient(y, x).tolist()
      async def tasks(): return await asyncio.gather(*map(task, (1, 2, 3)))
      result.append(asyncio.run(tasks()))
      # A thread that has no tape works for the one that has.
      with tf.GradientTape() as tape:
        tape.watch(x)
        parts = []
        worker = threading.Thread(target=lambda: parts.append(x * x))
        worker.start(), worker.join()
      result += [tape.gradient(parts[0], x).tolist(), (x + 1).tolist(), np.asarray(x).item()]
      # Of tapes that overlap, the first ends first.
      first, second = tf.GradientTape(), tf.GradientTape()
      first.__enter__(); first.watch(x); second.__enter__(); second.watch(x)
      y = x * x
      first.__exit__(None, None, None); second.__exit__(None, None, None)
      result += [first.gradient(y, x).tolist(), second.gradient(y, x).tolist(), (x + 1).tolist()]
      """)
    #expect(
      found.description
        == "[2.0, 12.0, 54.0, [1.0, 6.0, 27.0], 6.0, 4.0, 3.0, 6.0, 6.0, 4.0]")
  }

  @Test func `py_function is differentiated, in graphs, loops and branches`() throws {
    let found = try python(
      """
      def f(x):
        y = x
        while np.sum(y) < 100: y = y * x
        return y
      @tf.function
      def traced(x): return tf.py_function(f, [x], tf.float32)
      result = [traced(tf.constant(3.)).tolist(), tf.gradient(traced)(3.).tolist(),
                tf.function(tf.gradient(traced))(tf.constant(3.)).tolist()]
      @tf.py_function(Tout=tf.float32)
      def huber(x, delta=1.0):
        if np.abs(x) <= delta: return x * x / 2
        return delta * (np.abs(x) - delta / 2)
      result += [tf.gradient(huber)(0.5).tolist(), tf.gradient(huber)(3.).tolist()]
      """)
    #expect(found.description == "[243.0, 405.0, 405.0, 0.5, 1.0]")
  }

  @Test func `through control flow`() throws {
    let found = try python(
      """
      def loop(x): return tf.while_loop(lambda y: y < 100, lambda y: y * x, [x])[0]
      def branch(x): return tf.cond(x > 0, lambda: x * x, lambda: -x)
      def rows(x): return np.sum(tf.map_fn(lambda row: row * row, x))
      result = []
      for f, x in [(loop, 3.), (branch, 3.), (branch, -3.), (rows, np.ones(2))]:
        result += [tf.gradient(f)(x).tolist(), tf.gradient(tf.function(f))(x).tolist()]
      """)
    #expect(
      found.description == "[405.0, 405.0, 6.0, 6.0, -1.0, -1.0, [2.0, 2.0], [2.0, 2.0]]")
  }

  @Test func `a gradient that would be lost is an error`() throws {
    let found = try python(
      """
      result = []
      for f in [lambda x: tf.numpy_function(np.sinh, [x], tf.float32), lambda x: np.float32(2),
                lambda x: tf.cast(x, tf.int32)]:
        try: tf.gradient(f)(2.); result.append(None)
        except Exception as error: result.append(type(error).__name__)
      result.append(tf.gradient(lambda x: x * tf.stop_gradient(x))(3.).tolist())
      result.append(tf.gradient(lambda x: x * x.numpy())(3.).tolist())
      """)
    #expect(
      found.description
        == "['UnimplementedError', 'TypeError', 'InvalidArgumentError', 3.0, 3.0]")
  }

  @Test func `a numpy_function has the gradient that it is given`() throws {
    let found = try python(
      """
      @tf.numpy_function(Tout=tf.float32, gradient=lambda g, x: g * np.cosh(x))
      def sinh(x): return np.sinh(x)
      def both(x, y):
        product, total = tf.numpy_function(lambda x, y: (x * y, x + y), [x, y], [tf.float32] * 2,
          gradient=lambda g, x, y: (g[0] * y + g[1], g[0] * x + g[1]))
        return product
      result = []
      for f in [sinh, tf.function(sinh)]:
        result.append(np.allclose(tf.gradient(f)(2.), np.cosh(2.)))
        result.append(np.allclose(tf.gradient(tf.gradient(lambda x: f(x) * 1.))(1.), np.sinh(1.)))
      result += [g.tolist() for g in tf.gradient(both, (0, 1))(2., 5.)]
      """)
    #expect(found.description == "[True, True, True, True, 5.0, 2.0]")
  }
}
