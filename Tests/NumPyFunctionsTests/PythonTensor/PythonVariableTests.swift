import NumPyFunctions
import Testing

/// `numpyfn.Variable`, read and assigned by Python code, and its gradients.
///
/// See <https://www.tensorflow.org/api_docs/python/tf/Variable>.
@Suite struct PythonVariableTests {
  private static let made = """
    w = tf.Variable([1.0, 2.0], name="w", dtype=tf.float64)
    b = tf.Variable(np.float64(0.5))
    x = tf.constant([3.0, 4.0], tf.float64)

    """

  @Test(arguments: [
    "w + x", "x + w", "w * 2", "2 * w", "-w", "w @ x", "x @ w", "w ** 2", "w / x", "x - w", "w < x",
    "w == x", "abs(w)", "np.sinh(w)", "np.add(x, w)", "np.add(w, x)", "np.sum(w)",
    "np.stack([w, x])",
    "np.concatenate([x, w])", "np.dot(w, x)", "np.where(x > 3, w, x)", "np.ones(2) * w", "w.sum()",
    "w.T", "w.astype('float32')", "w[0]", "w[::-1]", "w.reshape((2, 1))", "len(w)", "w.size",
    "w.ndim",
    "w.shape", "np.asarray(w)", "list(w)[1]", "float(b)", "int(w[1])", "b + 1", "1.0 in w",
    "np.maximum(w, b)", "b * w", "w.mean()", "np.clip(w, b, 1.5)",
  ])
  func `a variable stands where an array does`(expression: String) throws {
    let found = try python(
      Self.made + """
        found = \(expression)
        w, b, x = w.numpy(), np.float64(b.numpy()), x.numpy()
        known = \(expression)
        found, known = np.asarray(found), np.asarray(known)
        result = np.array_equal(found, known) and found.dtype == known.dtype or (found, known)
        """)
    #expect(found.description == "True")
  }

  @Test(arguments: [
    "tf.reduce_sum(w)", "tf.matmul([w], tf.reshape(w, (2, 1)))", "tf.sinh(w)",
    "tf.concat([w, x], 0)",
    "tf.numpy_function(np.sinh, [w], tf.float64)",
    "tf.py_function(lambda t: t * 2.0, [w], tf.float64)",
    "tf.convert_to_tensor(w)", "tf.constant(w)", "tf.function(lambda t: t * 2.0)(w)",
    "tf.function(lambda: w)()", "tf.cast(w, tf.float32)", "tf.where(w > 1.0, w, x)",
  ])
  func `functions of the module take it as a tensor`(expression: String) throws {
    let found = try python(
      Self.made + """
        found = \(expression)
        w = w.value()
        known = \(expression)
        result = np.array_equal(found.numpy(), known.numpy()) and found.dtype == known.dtype
        """)
    #expect(try Bool(found))
  }

  /// Programs that read w and b, of which the gradients are compared with those for two tensors.
  private static let programs = [
    "np.sum(w * w * x) + b",
    "tf.reduce_sum(np.sinh(w) * b)",
    "tf.function(lambda x, w, b: tf.reduce_sum(w * w * x) + b)(x, w, b)",
    "tf.function(lambda w, b: tf.reduce_sum(w * w * 3.0) + b)(w, b)",
    "tf.py_function(lambda t: tf.reduce_sum(w * w * t) + b, [x], tf.float64)",
    "tf.py_function(lambda: tf.reduce_sum(w * w * x) + b, [], tf.float64)",
    "tf.function(lambda x: tf.py_function(lambda t: t * w * b, [x], tf.float64) * 2.0)(x)",
    "tf.function(lambda: tf.py_function(lambda: w * b, [], tf.float64) * 2.0)()",
    "tf.while_loop(lambda i, y: i < 2.0, lambda i, y: (i + 1.0, y * w), [b, x])[1]",
    "tf.while_loop(lambda y: tf.reduce_sum(y) < 20.0, lambda y: (y * w,), [x])[0]",
    "tf.function(lambda x, w: tf.while_loop(lambda y: tf.reduce_sum(y) < 99.0, lambda y: (y * w,), [x])[0])(x, w)",
    "tf.cond(tf.constant(True), lambda: w * b, lambda: w)",
    "tf.function(lambda x, w, b: tf.cond(tf.reduce_sum(x) < 0.0, lambda: x * w, lambda: x * w * b))(x, w, b)",
    "tf.map_fn(lambda e: e * b * b, x)",
    "tf.function(lambda x: tf.map_fn(lambda e: tf.py_function(lambda t: t * b, [e], tf.float64), x))(x)",
    "tf.numpy_function(lambda a: a, [w], tf.float64, gradient=lambda *all: [all[0]]) * b",
    "x * x",
  ]

  @Test(arguments: programs)
  func `a tape watches what is read, wherever that is`(program: String) throws {
    let found = try python(
      Self.made + """
        def program(w, b): return \(program)
        with tf.GradientTape() as second:
          with tf.GradientTape() as tape:
            y = program(w, b)
          first = tape.gradient(y, {"w": w, "b": b})
        curves = [first[name] is not None and second.gradient(first[name], w) for name in ("w", "b")]
        def of_tensors():
          v, c = tf.constant(w.numpy()), tf.constant(b.numpy())
          with tf.GradientTape() as second:
            second.watch([v, c])
            with tf.GradientTape() as tape:
              tape.watch([v, c])
              y = program(v, c)
            first = tape.gradient(y, {"w": v, "b": c})
          return y, first, [first[name] is not None and second.gradient(first[name], v) for name in ("w", "b")]
        def same(found, known):
          if found is None or found is False: found = 0.0
          if known is None or known is False: known = 0.0
          return np.allclose(np.asarray(found) if found is float else tf.constant(found).numpy(),
                             tf.constant(known).numpy(), rtol=1e-12)
        z, known, known_curves = of_tensors()
        result = [same(y.numpy(), z.numpy()), same(first["w"], known["w"]), same(first["b"], known["b"])]
        result += [same(*pair) for pair in zip(curves, known_curves)]
        """)
    #expect(found.description == "[True, True, True, True, True]")
  }

  @Test func `a traced step trains, as the same step without a graph`() throws {
    let found = try python(
      """
      def trained(traced):
        w, b = tf.Variable([1.0, 2.0], dtype=tf.float64), tf.Variable(0.5, dtype=tf.float64)
        def step(x):
          with tf.GradientTape() as tape:
            loss = tf.reduce_sum((w * x + b) ** 2.0)
          gw, gb = tape.gradient(loss, [w, b])
          w.assign_sub(0.01 * gw)
          b.assign_sub(0.01 * gb)
          return loss
        step = tf.function(step) if traced else step
        return [float(step(tf.constant([3.0, 4.0], tf.float64))) for _ in range(5)], w.numpy().tolist()
      result = [np.allclose(a, b, rtol=1e-12) for a, b in zip(trained(True), trained(False))]
      result += [trained(True)[0][4] < 4]
      """)
    #expect(found.description == "[True, True, True]")
  }

  @Test func `what is not to be watched is not`() throws {
    let found = try python(
      Self.made + """
        fixed = tf.Variable(1.0, trainable=False)
        result = []
        with tf.GradientTape() as tape: y = fixed * 2.0
        result += [tape.gradient(y, fixed)]
        with tf.GradientTape() as tape:
          tape.watch(fixed)
          y = fixed * 2.0
        result += [float(tape.gradient(y, fixed))]
        with tf.GradientTape(watch_accessed_variables=False) as tape:
          tape.watch(b)
          y = tf.reduce_sum(w * b)
        result += [tape.gradient(y, w), float(tape.gradient(y, b))]
        y = w * 2.0
        with tf.GradientTape() as tape: pass
        result += [tape.gradient(y, w)]
        """)
    #expect(found.description == "[None, 2.0, None, 3.0, None]")
  }

  @Test(arguments: [
    ("w.assign([1.0])", "InvalidArgumentError", "holds float64[2]"),
    ("w.assign(['a', 'b'])", "InvalidArgumentError", "convert with astype"),
    ("w.assign(tf.constant([1, 2]))", "InvalidArgumentError", "convert with astype"),
    ("tf.Variable(object())", "InvalidArgumentError", "no tensor"),
    ("tf.Variable(None)", "TypeError", "Variable(): initial_value is None"),
    ("tf.Variable([1.0], shape=(2,))", "InvalidArgumentError", "None in shape="),
    ("w.nosuch", "AttributeError", "nosuch"),
    ("w._nosuch", "AttributeError", "_nosuch"),
    ("tf.function(lambda x: tf.Variable(x).value())(x)", "FailedPreconditionError", "outside"),
    ("tf.GradientTape().gradient(x, w)", "RuntimeError", "recorded nothing"),
  ])
  func `what is refused`(expression: String, type: String, part: String) throws {
    let found = try python(
      Self.made + """
        try: result = \(expression)
        except Exception as error: result = type(error).__name__ + ": " + str(error)
        """)
    #expect(found.description.hasPrefix(type))
    #expect(found.description.contains(part))
  }

  @Test func `copies, pickles, names and shapes that vary`() throws {
    let found = try python(
      Self.made + """
        import copy, pickle
        other = copy.deepcopy(w)
        other.assign([5.0, 6.0])
        free = tf.Variable(np.zeros((2, 3)), shape=(None, 3))
        free.assign(np.ones((4, 3)))
        pickled = pickle.loads(pickle.dumps(free))
        pickled.assign(np.ones((1, 3)))
        result = [w.numpy().tolist(), other.numpy().tolist(), other.name, free.shape, free.value().shape]
        result += [pickled.shape, repr(w), {w: 1}[w], b.assign_add(1.0) is b, float(b)]
        result += [other.assign_add([1.0, 1]).assign_sub(np.float64(0.5)).numpy().tolist()]
        """)
    #expect(
      found.description
        == "[[1.0, 2.0], [5.0, 6.0], 'w', (None, 3), (4, 3), (None, 3), \"<numpyfn.Variable 'w' shape=(2,) "
        + "dtype=float64, numpy=array([1., 2.])>\", 1, True, 1.5, [5.5, 6.5]]")
  }

  @Test
  func `in a traced function a variable is printed, and not copied, which would keep its value`()
    throws
  {
    let found = try python(
      """
      import copy, pickle
      w = tf.Variable([1.0, 2.0], name="w")
      result = []
      @tf.function
      def f(x):
        w.assign_add(x)
        result.append("array([1., 2.]" in repr(w))
        for other in (copy.deepcopy, pickle.dumps):
          try: other(w)
          except tf.errors.FailedPreconditionError as error: result.append("numpy" in str(error) or str(error))
        return x
      f(np.ones(2, np.float32)), f(np.ones(2, np.float32))
      result = result, w.numpy().tolist()
      """)
    #expect(found.description == "([True, True, True], [3.0, 4.0])")
  }

  @Test func `a variable is read as fast after many reads, and on a small stack`() throws {
    let found = try python(
      """
      import threading
      v = tf.Variable(1.0)
      def step():
        with tf.GradientTape() as tape: y = v * 2.0
        return tape.gradient(y, v)
      for _ in range(5000): step()
      result = []
      threading.stack_size(256 * 1024)
      thread = threading.Thread(target=lambda: result.append(float(step())))
      thread.start(); thread.join()
      threading.stack_size(0)
      """)
    #expect(found.description == "[2.0]")
  }

  @Test func `threads with tapes of their own read one variable`() throws {
    let found = try python(
      Self.made + """
        import threading
        wrong = []
        def turn(factor):
          for _ in range(50):
            with tf.GradientTape() as tape:
              y = tf.reduce_sum(w * float(factor)) * b
            gw, gb = tape.gradient(y, [w, b])
            if gw.tolist() != [factor * 0.5] * 2 or float(gb) != 3.0 * factor: wrong.append((gw, gb))
        threads = [threading.Thread(target=turn, args=(n,)) for n in range(1, 5)]
        for thread in threads: thread.start()
        for thread in threads: thread.join()
        result = wrong
        """)
    #expect(found.description == "[]")
  }
}
