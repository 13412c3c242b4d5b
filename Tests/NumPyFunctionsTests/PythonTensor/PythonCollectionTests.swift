import NumPyFunctions
import Testing

/// Python's garbage collector finds what only a traced graph refers to.
///
/// See <https://docs.python.org/3/c-api/gcsupport.html>.
@Suite struct PythonCollectionTests {
  private static let model = """
    import copy, gc, pickle, time, weakref

    class Model:
      def __init__(self, scale=2.0): self.scale = scale
      def work(self, a): return a * self.scale
      @tf.function
      def numpy(self, x): return tf.numpy_function(self.work, [x], tf.float64)
      @tf.function
      def closure(self, x): return tf.numpy_function(lambda a: self.work(a), [x], tf.float64)
      @tf.function
      def strings(self, x):
        tf.numpy_function(lambda a, s: self.work(0.0), [x, tf.constant("s")], tf.float64)
        return x * 2.0
      @tf.function
      def tensors(self, x): return tf.py_function(lambda t: t * self.scale, [x], tf.float64)
      @tf.function
      def sloped(self, x):
        slope = lambda *all: [all[0] * self.scale]
        return tf.numpy_function(self.work, [x], tf.float64, gradient=slope)
      @tf.function
      def nested(self, x): return (self.numpy(x) + self.tensors(x)) / 2.0
      @tf.function
      def loop(self, x):
        return tf.while_loop(lambda y: y < x * 1.5, lambda y: (self.numpy(y),), [x])[0]
      @tf.function(input_signature=[tf.TensorSpec((), tf.float64)])
      def signed(self, x): return self.numpy(x)

    def is_freed(make):
      kept = make()
      reference = weakref.ref(kept)
      del kept
      return are_gone([reference])

    def are_gone(references):
      # While another thread collects, there is nothing to be done.
      for _ in range(200):
        gc.collect()
        if all(reference() is None for reference in references): return True
        time.sleep(0.05)
      return False

    """

  private static let methods = [
    "numpy", "closure", "strings", "tensors", "sloped", "nested", "loop", "signed",
  ]

  @Test(arguments: methods)
  func `an instance that its traced method calls back is freed`(method: String) throws {
    let found = try python(
      Self.model + """
        def called():
          model = Model()
          assert float(model.\(method)(np.float64(3))) == 6.0
          assert float(model.\(method)(np.float64(4))) == 8.0
          return model
        result = is_freed(called)
        """)
    #expect(try Bool(found))
  }

  @Test(arguments: ["tensors", "sloped"])
  func `so it is after its gradients were taken`(method: String) throws {
    let found = try python(
      Self.model + """
        def differentiated():
          model = Model()
          with tf.GradientTape() as tape:
            x = tf.constant(3.0, tf.float64)
            tape.watch(x)
            y = model.\(method)(x)
          assert float(tape.gradient(y, x)) == 2.0
          assert float(tf.gradient(lambda x: model.\(method)(x))(x)) == 2.0
          assert float(tf.function(tf.gradient(lambda x: model.\(method)(x)))(x)) == 2.0
          return model
        result = is_freed(differentiated)
        """)
    #expect(try Bool(found))
  }

  @Test(arguments: [
    "f(model, x)", "f(x=x, m=model)", "in_list([model, 1], x)", "f(lambda x: model.scale * x, x)",
    "plain(model, x)", "both(model, Model(), x)", "both(Model(), model, x)",
    "Other().call(model, x)",
    "own(model, x)", "bare(model, x)",
  ])
  func `an argument that its graphs call back is freed`(call: String) throws {
    let found = try python(
      Self.model + """
        class Other:
          @tf.function
          def call(self, m, x): return tf.numpy_function(m.work, [x], tf.float64)
        class Bare:
          __slots__ = "scale", "__weakref__"
        x = np.float64(3)
        @tf.function
        def f(m, x): return tf.numpy_function(m.work if hasattr(m, "work") else m, [x], tf.float64)
        @tf.function
        def in_list(m, x): return tf.numpy_function(m[0].work, [x], tf.float64)
        @tf.function
        def both(m, n, x):
          return tf.numpy_function(lambda a: m.work(a) + n.work(a), [x], tf.float64) / 2.0
        @tf.function
        def plain(m, x): return x * m.scale
        @tf.function
        def own(m, x): return m.numpy(x)
        @tf.function
        def bare(m, x): return x * m.scale
        def called():
          model = Model()
          for _ in range(3): assert float(\(call)) == 6.0
          return model
        result = all(is_freed(called) for _ in range(20))
        """)
    #expect(try Bool(found))
  }

  @Test func `objects are told apart, and traced once each`() throws {
    let found = try python(
      Self.model + """
        @tf.function
        def f(m, x): return tf.numpy_function(m.work, [x], tf.float64)
        @tf.function
        def g(m, x): return x * m.scale
        def turn(scale):
          model = Model(scale)
          return [float(h(model, np.float64(1))) for h in (f, g) for _ in range(2)]
        # Most have the id of one that is gone.
        result = all(turn(float(scale)) == [float(scale)] * 4 for scale in range(100))
        model = Model()
        for h in f, g, f, g: h(model, np.float64(2))
        for _ in range(200):
          gc.collect()
          if len(g._graphs) == 1: break
          time.sleep(0.05)
        result = result, f.tracing_count, g.tracing_count, len(g._graphs), len(f._graphs)
        """)
    #expect(found.description == "(True, 101, 101, 1, 0)")
  }

  @Test func `a function that calls itself back is freed`() throws {
    let found = try python(
      Self.model + """
        def make():
          def inner(a): return function and a
          function = tf.function(lambda x: tf.numpy_function(inner, [x], tf.float64))
          function(np.float64(1))
          return function
        result = is_freed(make)
        """)
    #expect(try Bool(found))
  }

  @Test func `what another graph, a tape or a trace uses stays`() throws {
    let found = try python(
      Self.model + """
        model = Model()
        alive = weakref.ref(model)
        outer = tf.function(lambda x: model.numpy(x) + model.tensors(x))
        assert float(outer(np.float64(1))) == 4.0
        tape = tf.GradientTape()
        with tape:
          x = tf.constant(3.0, tf.float64)
          tape.watch(x)
          y = Model(5.0).tensors(x)
        gc.collect()
        result = [alive() is not None, float(outer(np.float64(2))), float(tape.gradient(y, x))]
        @tf.function
        def dropped(x):
          y = Model(7.0).numpy(x)
          gc.collect()
          return y + Model(8.0).tensors(x)
        result += [float(dropped(np.float64(1)))]
        gc.collect()
        result += [float(dropped(np.float64(2)))]
        del outer, model
        result += [are_gone([alive])]
        """)
    #expect(found.description == "[True, 8.0, 5.0, 15.0, 30.0, True]")
  }

  @Test func `a copy of an instance has graphs of its own`() throws {
    let found = try python(
      Self.model + """
        import sys, types
        module = types.ModuleType("collected")
        sys.modules["collected"] = module
        module.Model = Model
        Model.__module__, Model.__qualname__ = "collected", "Model"
        model = Model()
        result = [float(model.numpy(np.float64(1)))]
        for other in copy.copy(model), copy.deepcopy(model), pickle.loads(pickle.dumps(model)):
          other.scale = 10.0
          result += [float(other.numpy(np.float64(1))), other.numpy.tracing_count]
        result += [float(model.numpy(np.float64(1))), model.numpy.tracing_count]
        """)
    #expect(found.description == "[2.0, 10.0, 1, 10.0, 1, 10.0, 1, 2.0, 1]")
  }

  @Test func `an instance has an attribute more only if its graphs call Python functions`() throws {
    let found = try python(
      Self.model + """
        class Plain(Model):
          @tf.function
          def plain(self, x): return x * self.scale
        model = Plain()
        model.plain(np.float64(1))
        result = [list(vars(model))]
        for x in 1.0, 2.0, [1.0, 2.0]: model.numpy(np.array(x))
        result += [list(vars(model)), model.numpy.tracing_count, model.plain.tracing_count]
        """)
    #expect(found.description == "[['scale'], ['scale', '__numpyfn_graphs__'], 2, 1]")
  }

  @Test func `an instance without attributes of its own has graphs, too`() throws {
    let found = try python(
      Self.model + """
        class Slots:
          __slots__ = "scale", "__weakref__"
          def __init__(self, scale): self.scale = scale
          @tf.function
          def call(self, x): return x * self.scale
        def make():
          slots = Slots(3.0)
          assert float(slots.call(np.float64(2))) == 6.0 and slots.call.tracing_count == 1
          return slots
        result = is_freed(make)
        """)
    #expect(try Bool(found))
  }

  @Test func `many threads trace and drop instances while garbage is collected`() throws {
    let found = try python(
      Self.model + """
        import threading
        wrong, references = [], []
        def turn():
          for scale in range(1, 40):
            model = Model(float(scale))
            references.append(weakref.ref(model))
            y = model.numpy(np.float64(2)) + model.tensors(np.float64(1))
            if float(y) != 3.0 * scale: wrong.append(float(y))
            if scale % 10 == 0: gc.collect()
        threads = [threading.Thread(target=turn) for _ in range(4)]
        for thread in threads: thread.start()
        for thread in threads: thread.join()
        del turn
        result = wrong, are_gone(references)
        """)
    #expect(found.description == "([], True)")
  }
}
