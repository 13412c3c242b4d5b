import NumPyFunctions
import Testing

/// Results with a structure, and arguments with names, in Python (rule 27 of the contract).
@Suite struct PythonStructureTests {
  /// What is in front of each test.
  private static let head = """
    import collections, dataclasses
    Pair = collections.namedtuple("Pair", "a b")
    @dataclasses.dataclass
    class Stats:
      mean: object
      rest: object = None
      kind: dataclasses.InitVar = None
      def __post_init__(self, kind):
        if isinstance(self.mean, tf.Tensor): raise ValueError("made again")
    @dataclasses.dataclass(frozen=True)
    class Frozen:
      __slots__ = ("x",)
      x: object
    f4, i8 = tf.float32, tf.int64
    x = tf.constant([1., 2., 3.])
    def plain(value):
      if isinstance(value, tf.Tensor): return value.tolist()
      if isinstance(value, (Stats, Frozen)):
        return type(value).__name__, [plain(getattr(value, f.name)) for f in dataclasses.fields(value)]
      if isinstance(value, dict): return type(value).__name__, {k: plain(v) for k, v in value.items()}
      if isinstance(value, (list, tuple)): return type(value).__name__, [plain(v) for v in value]
      return value

    """

  /// What is declared, what the function returns of `x`, and what comes back.
  private static let structures: [(Tout: String, returned: String, found: String)] = [
    ("f4", "x", "[1.0, 2.0, 3.0]"), ("[f4]", "x", "('list', [[1.0, 2.0, 3.0]])"),
    ("(f4, i8)", "[x, 1]", "('tuple', [[1.0, 2.0, 3.0], 1])"),
    ("{'a': f4, 'b': i8}", "{'b': 1, 'a': x}", "('dict', {'a': [1.0, 2.0, 3.0], 'b': 1})"),
    ("{1: i8, ('k', 2): i8}", "{('k', 2): 2, 1: 1}", "('dict', {1: 1, ('k', 2): 2})"),
    ("Pair(i8, f4)", "Pair(1, x[0])", "('Pair', [1, 1.0])"),
    ("Pair(i8, i8)", "Stats2(1, 2)", "('Pair', [1, 2])"),
    (
      "Stats(f4, Pair(i8, [i8]))", "Stats(x[0], Pair(1, (2,)))",
      "('Stats', [1.0, ('Pair', [1, ('list', [2])])])"
    ),
    ("Frozen(f4)", "Frozen(x[1])", "('Frozen', [2.0])"),
    ("collections.OrderedDict(b=i8, a=i8)", "dict(a=1, b=2)", "('OrderedDict', {'b': 2, 'a': 1})"),
    (
      "[{'a': [f4, f4]}, {}, []]", "({'a': (x[0], x[1])}, {}, None or [])",
      "('list', [('dict', {'a': ('list', [1.0, 2.0])}), ('dict', {}), ('list', [])])"
    ),
    ("{'s': tf.TensorSpec([None], f4)}", "{'s': x}", "('dict', {'s': [1.0, 2.0, 3.0]})"),
  ]

  @Test(arguments: structures)
  func `what comes back has the structure of Tout, in every kind of call`(
    structure: (Tout: String, returned: String, found: String)
  ) throws {
    let found = try python(
      """
      \(Self.head)
      Stats2 = dataclasses.make_dataclass("Stats2", ["b", "a"])
      Stats2 = lambda a, b, _kind=Stats2: _kind(b, a)
      Tout = \(structure.Tout)
      def f(x): return \(structure.returned)
      def g(x):
        x = x if isinstance(x, np.ndarray) else x.numpy()
        return \(structure.returned)
      traced = tf.function(lambda x: tf.numpy_function(f, [x], Tout))
      ways = [tf.numpy_function(f, [x], Tout), traced(x), traced(x),
              tf.numpy_function(f, {"x": x}, Tout), tf.numpy_function(Tout=Tout)(f)(x),
              tf.numpy_function(Tout=Tout)(f)(x=x), tf.py_function(g, [x], Tout),
              tf.function(lambda x: tf.py_function(g, dict(x=x), Tout))(x)]
      result = sorted({str(plain(way)) for way in ways})
      """)
    #expect(try [String](found) == [structure.found])
  }

  @Test(arguments: [
    ("{'a': f4}", "{'b': x}", ["key 'a' is missing", "additional key 'b'"]),
    ("{'a': {'b': f4}}", "{'a': {'b': 1.5}}", ["result ['a']['b']", "numpyfn.float64 there"]),
    ("{'a': {'b': f4}}", "{'a': {}}", ["result ['a']: the key 'b' is missing"]),
    ("Pair(f4, f4)", "(x, x)", ["a named tuple or dataclass with the fields a, b", "class tuple"]),
    ("Pair(f4, f4)", "dict(a=x, b=x)", ["a named tuple or dataclass", "class dict"]),
    ("Pair(f4, f4)", "Stats(x, x)", ["fields a, b are missing", "additional fields mean, rest"]),
    ("dict(mean=f4)", "Stats(x)", ["a dict with the keys 'mean'", "Stats"]),
    ("[f4, [f4]]", "[x, [x, x]]", ["result [1]: 1 values declared, a list of 2"]),
    ("[f4, [f4]]", "[x, x]", ["result [1]: a list of 1 declared"]),
    ("{'a': f4}", "x", ["a dict with the keys 'a' declared"]),
    ("f4", "{'a': x}", ["Tout={'a': ...}"]),
  ])
  func `what is missing, additional or wrong is named with its path`(
    Tout: String, returned: String, fragments: [String]
  ) throws {
    let found = try python(
      """
      \(Self.head)
      Stats.__post_init__ = lambda self, kind: None
      Tout = \(Tout)
      ways = [lambda: tf.numpy_function(lambda x: \(returned), [x], Tout),
              lambda: tf.function(lambda x: tf.numpy_function(lambda x: \(returned), [x], Tout))(x)]
      result = []
      for way in ways:
        try: way()
        except tf.InvalidArgumentError as error: result.append(str(error))
      """)
    let messages = try [String](found)
    #expect(messages.count == 2)
    for message in messages {
      for fragment in fragments { #expect(message.contains(fragment), "\(message)") }
    }
  }

  @Test func `gradient= takes and answers structures and names`() throws {
    let found = try python(
      """
      \(Self.head)
      def up(g, x, y): return dict(y=g["p"] * x, x=g["p"] * y + g["s"]["t"])
      def pair(g, x, y): return [g.a * y, g.a * x + g.b]
      result = []
      with tf.GradientTape() as tape:
        y = tf.constant([4., 5., 6.])
        tape.watch([x, y])
        z = tf.numpy_function(lambda y, x: {"s": {"t": x}, "p": x * y}, {"x": x, "y": y},
                              {"p": f4, "s": {"t": f4}}, gradient=up)
        w = tf.numpy_function(lambda x, y: Pair(x * y, y), [x, y], Pair(f4, f4), gradient=pair)
        @tf.numpy_function(Tout=[f4], gradient=lambda g, x, *, scale: [g[0] * scale, None])
        def scaled(x, *, scale): return [x * scale]
        v = scaled(x, scale=3.)
      result.append(tape.gradient(z, [x, y]))
      result.append(tape.gradient(w, [x, y]))
      result.append(tape.gradient(v, [x]))
      result = [[g.tolist() for g in gs] for gs in result]
      """)
    #expect(
      found.description
        == "[[[5.0, 6.0, 7.0], [1.0, 2.0, 3.0]], [[4.0, 5.0, 6.0], [2.0, 3.0, 4.0]], [[3.0, 3.0, 3.0]]]"
    )
  }

  @Test func `a traced function takes and returns dataclasses and dicts of any class`() throws {
    let found = try python(
      """
      \(Self.head)
      Stats.__post_init__ = lambda self, kind: None
      f = tf.function(lambda s, d: (Frozen(s.mean * 2), collections.OrderedDict(q=d["k"], p=s.rest)))
      settings = Stats("fast")
      g = tf.function(lambda x, s: x * (2. if s is settings else 0.))
      result = [plain(f(Stats(x, Pair(x[0], 7)), {"k": x})), f.tracing_count, plain(g(x, settings))]
      """)
    #expect(
      found.description
        == "[('tuple', [('Frozen', [[2.0, 4.0, 6.0]]), ('OrderedDict', {'q': [1.0, 2.0, 3.0], 'p': "
        + "('Pair', [1.0, 7])})]), 1, [2.0, 4.0, 6.0]]")
  }

  @Test(arguments: [
    ("numpy_function(f, [x], None)", "TypeError", "needs Tout"),
    ("numpy_function(f, [x], {'a': None})", "TypeError", "Tout holds None"),
    ("numpy_function(f, [x], Stats)", "TypeError", "the class Stats; declare an object of it"),
    ("numpy_function(f, [x], Pair)", "TypeError", "the class Pair; declare an object of it"),
    ("numpy_function(f, [x], [object])", "TypeError", "no tensor has the dtype"),
    ("numpy_function(f, None, f4)", "TypeError", "needs inp"),
    ("numpy_function(f, {1: x}, f4)", "TypeError", "names as its keys, not 1"),
    ("numpy_function(f, {'z': x}, f4)", "InvalidArgumentError", "unexpected keyword argument 'z'"),
    ("numpy_function(f, [x], f4, arguments='w')", "ValueError", "'read_only', 'writable', not 'w'"),
    ("numpy_function(f, [x], f4, strings='s')", "ValueError", "'bytes', 'text', not 's'"),
    ("numpy_function(f, [x], f4, casting='unsafe')", "ValueError", "'no', 'same_kind'"),
    ("numpy_function(f, [x], f4, effects='none')", "ValueError", "'ordered', 'unordered', 'pure'"),
    ("py_function(f, [x], f4, effects='none')", "ValueError", "'ordered', 'unordered', 'pure'"),
  ])
  func `what cannot be declared is refused in words`(
    call: String, type: String, message: String
  ) throws {
    let found = try python(
      """
      \(Self.head)
      def f(x): return x
      try: tf.\(call)
      except Exception as error: result = [type(error).__name__, str(error)]
      """)
    let texts = try [String](found)
    #expect(texts[0] == type)
    #expect(texts[1].contains(message), "\(texts[1])")
  }

  @Test func `the options of numpy_function are those of Swift's`() throws {
    let found = try python(
      """
      \(Self.head)
      calls = []
      def fill(x):
        calls.append(1)
        x[...] = 7
        return x
      written = tf.numpy_function(fill, [x], f4, arguments="writable")
      result = [written.tolist(), x.tolist()]
      s = tf.constant(["a", "b"])
      def join(s):
        s[0] = s[0] + s[1]
        return s
      result.append(tf.numpy_function(join, [s], tf.string, arguments="writable", strings="text").tolist())
      result.append(s.tolist())
      result.append(tf.numpy_function(lambda: np.float64(1), [], f4, casting="same_kind").dtype.name)
      del calls[:]
      def pure(x): calls.append(1); return x
      for options in [dict(effects="pure"), dict(stateful=False), dict(effects="unordered"), {}]:
        f = tf.function(lambda x: (tf.numpy_function(pure, [x], f4, **options),
                                   tf.numpy_function(pure, [x], f4, **options)))
        f(x)
        result.append(len(calls)); del calls[:]
      f = tf.function(lambda x: tf.py_function(pure, [x], f4, effects="pure") * 0 + x)
      result.append(f(x).tolist())
      """)
    #expect(
      found.description
        == "[[7.0, 7.0, 7.0], [1.0, 2.0, 3.0], [b'ab', b'b'], [b'a', b'b'], 'float32', 1, 1, 2, 2, "
        + "[1.0, 2.0, 3.0]]")
  }

  @Test func `nonsense in private calls raises and ends nothing`() async {
    await #expect(processExitsWith: .success) {
      _ = try? python(
        """
        swift = tf._swift
        nested = None
        for _ in range(100_000): nested = ("list", [nested])
        circle = []
        circle += ["list", [circle]]
        spec = (None, "float32", None)
        values = [None, 1, "a", (), [1], [spec], nested, circle, ("list", [None]), ("fields", [("a",)]),
                  ("mapping", [(1, None)]), ["pure", "x", "y", "z"], lambda *x: x, [np.zeros(2)]]
        rng = np.random.default_rng(0)
        for _ in range(3000):
          for name in ["numpy_function", "py_function", "misfit", "trace"]:
            arguments = [values[i] for i in rng.integers(0, len(values), rng.integers(0, 9))]
            try: getattr(swift, name)(*arguments)
            except Exception: pass
        """)
    }
  }
}
