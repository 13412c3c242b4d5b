import NumPyFunctions
import Testing

/// Graphs whose inputs have a rank, or extents, that are known only when they run.
@Suite struct PythonUnknownShapeTests {
  private static let rows =
    NumPyExpression.operators + NumPyExpression.functions + NumPyExpression.methods
    + NumPyExpression.indexing

  /// What asks for elements, which no tensor of a graph has.
  private static let ofElements: Set<String> = [
    "np.array_equal(x, x)", "np.allclose(x, x)", "s.item()", "x.item(2)", "x.tolist()",
    "x.tobytes()", "1 in x", "bool(s)", "bool(x[:1, :1])", #"f"{s}" == f"{s}""#,
  ]

  /// What makes so many Python objects as a tensor has elements.
  private static let ofExtents: Set<String> = [
    "len(x)", "list(x)", "[r.sum() for r in x]", "x.size", "x.nbytes",
  ]

  /// What makes so many Python objects as a tensor has axes, or has a meaning for each rank.
  private static let ofRank: Set<String> = [
    "np.where(x > y)", "np.nonzero(x)", "x.nonzero()", "np.linalg.norm(v, 1)",
    "np.linalg.norm(v, np.inf)", #"np.pad(x, 1, mode="edge")"#, #"np.pad(v, 2, mode="reflect")"#,
    #"np.pad(v, 2, mode="symmetric")"#, #"np.pad(v, 2, mode="wrap")"#, "np.shape(x)", "x.shape",
    "x.ndim", "x[[0, 1, 0], [2, 0, -1]]", "x[np.arange(2), np.array([2, 1])]",
  ]

  private func expectAgreement(_ row: NumPyExpression, isRanked: Bool) throws {
    let dtype = try #require(row.dtypes.first)
    let difference = try PythonOracle.tracedDifference(row.text, dtype, isRanked: isRanked)
    if Self.ofElements.contains(row.text) {
      if let difference { #expect(difference.hasPrefix("FailedPreconditionError"), "\(row.text)") }
    } else if Self.ofExtents.union(isRanked ? [] : Self.ofRank).contains(row.text) {
      let text = try #require(difference, "\(row.text) is no longer refused")
      #expect(text.contains("is not known until the graph runs"), "\(row.text): \(text)")
      #expect(text.contains("ensure_shape") && text.contains("TensorSpec"), "\(row.text): \(text)")
      #expect(!text.contains("NoneType"), "\(row.text): \(text)")
    } else {
      #expect(difference == nil, "\(row.text)")
    }
  }

  @Test(arguments: rows)
  func `an expression is right for every rank, or says that it must be declared`(
    row: NumPyExpression
  ) throws {
    try expectAgreement(row, isRanked: false)
  }

  @Test(arguments: rows)
  func `an expression is right for all extents, or says that they must be declared`(
    row: NumPyExpression
  ) throws {
    try expectAgreement(row, isRanked: true)
  }

  /// Functions of `t`, and the shapes of what they are called with.
  private static let programs: [(function: String, shapes: String)] = [
    ("(np.atleast_1d(t), np.atleast_2d(t), np.atleast_3d(t))", "(), (3,), (2, 3), (2, 3, 4), (0,)"),
    ("np.vstack([t, t])", "(), (3,), (2, 3), (2, 3, 4)"),
    ("np.hstack([t, t])", "(), (3,), (2, 3), (2, 3, 4)"),
    ("np.dstack([t, t])", "(), (3,), (2, 3), (2, 3, 4)"),
    ("np.column_stack([t, t])", "(), (3,), (2, 3)"),
    ("np.hsplit(t, 3)", "(3,), (2, 3), (2, 6, 4)"),
    ("np.array_split(t, 4, axis=-1)", "(3,), (2, 3), (2, 6, 9)"),
    ("np.array_split(t, 2)", "(3,), (5, 3), (0,)"),
    ("np.dot(t, t)", "(), (3,), (3, 3)"),
    ("np.dot(t, np.arange(24.0).reshape(2, 3, 4))", "(), (3,), (3, 3), (2, 2, 3)"),
    ("np.dot(np.arange(6.0).reshape(2, 3), t)", "(), (3,), (3, 2), (2, 3, 4)"),
    ("np.inner(t, t)", "(), (3,), (2, 3), (2, 3, 4)"),
    ("np.tensordot(t, t, ((0, -1), (0, -1)))", "(3, 2), (2, 3, 4), (0, 2)"),
    ("np.tensordot(t, t, 0)", "(), (3,), (2, 3)"),
    ("(np.diagonal(t, 1), np.trace(t))", "(3, 2), (2, 3, 4), (2, 0)"),
    ("(np.tile(t, 2), np.tile(t, (2, 1, 2)))", "(), (3,), (2, 3), (2, 3, 4, 1)"),
    ("np.pad(t, 1)", "(3,), (2, 3)"),
    ("np.pad(t, ((1, 0), (0, 2)), mode='edge')", "(2, 3),"),
    ("np.diff(t, n=2)", "(3,), (2, 3), (2, 1)"),
    ("np.repeat(t, [1, 0, 2], axis=-1)", "(3,), (2, 3)"),
    ("t[t > 1]", "(), (3,), (2, 3)"),
    ("t[np.array([True, False])]", "(2,), (2, 3), (2, 3, 4)"),
    ("np.broadcast_arrays(t, np.zeros((2, 3)))", "(), (3,), (2, 3), (1, 1)"),
    ("np.average(t, axis=0, weights=t)", "(3,), (2, 3)"),
    ("np.average(t, axis=-1, weights=np.arange(3.0))", "(3,), (2, 3), (2, 2, 3)"),
    ("np.add.outer(t, t)", "(), (3,), (2, 3)"),
    ("t / np.ndim(t) + np.size(t) * np.size(t, -1)", "(3,), (2, 3)"),
    ("(t.T, t.flatten(), t.ravel(), t.mean(axis=-1), t.sum(0))", "(3,), (2, 3), (2, 3, 4)"),
    ("(np.concatenate([t, t], -1), np.stack([t, t], -1), np.max(t, 0))", "(3,), (2, 3), (2, 3, 4)"),
    ("np.moveaxis(t, (0, -1), (-1, 0))", "(3, 2), (2, 3, 4), (2, 3, 4, 5)"),
    ("np.expand_dims(t, (0, -1))", "(), (3,), (2, 3)"),
    (
      "(t[0], t[-1], t[..., 0], t[::-1], t[None], t[1:], t[..., None], t.take([0, 1], axis=-1))",
      "(3,), (2, 3)"
    ),
    ("np.logaddexp(t, 1.5)", "(), (3,), (2, 3)"),
    (
      "(np.cumsum(t, axis=-1), np.cumsum(t), np.ptp(t, axis=0), np.linalg.norm(t), np.flip(t, -1))",
      "(3,), (2, 3), (1, 3)"
    ),
    (
      "[f(t, axis) for axis in (0, -1) for f in (np.sum, np.prod, np.max, np.min, np.ptp, np.cumsum)]",
      "(), (3,), (2, 3)"
    ),
    (
      "[t] + [f(t, a) for a in (0, -1) for f in (np.any, np.all, np.argmax, np.argmin, np.count_nonzero)]",
      "(), (3,), (2, 3)"
    ),
    (
      """
      [f(t, axis=axis, keepdims=True) for axis in (0, -1) for f in (np.sum, np.prod, np.max, np.min, np.any, \
      np.all, np.argmax, np.argmin, np.count_nonzero)]
      """, "(), (3,), (2, 3), (4, 2, 3)"
    ),
    (
      "[f.reduce(t, axis) for axis in (0, -1) for f in (np.add, np.multiply, np.maximum, np.logical_or)]",
      "(), (3,), (2, 3)"
    ),
    (
      "[np.repeat(t, n, axis) for axis in (0, -1) for n in (0, 2, [3])]", "(), (3,), (2, 3)"
    ),
    ("[np.take(t, [0, 0], axis) for axis in (0, -1)]", "(), (3,), (2, 3)"),
    ("[np.squeeze(t, axis) for axis in (0, -1)]", "(), (1,), (1, 1), (1, 3, 1)"),
    ("[f(t, k) for f in (np.tril, np.triu) for k in (-1, 0, 1)]", "(3,), (2, 3), (2, 3, 4)"),
    ("(np.roll(t, 1), np.roll(t, (1,), axis=(0,)), np.squeeze(t), np.argwhere(t))", "(3,), (1, 3)"),
  ]

  @Test(arguments: programs)
  func `one graph is right for several ranks, and so is its gradient`(
    program: (function: String, shapes: String)
  ) throws {
    let found = try python(
      """
      def f(t): return \(program.function)
      def flat(v): return [x for p in v for x in flat(p)] if isinstance(v, (list, tuple)) else [np.asarray(v)]
      def loss(t):
        def square(v):
          if isinstance(v, (list, tuple)): return sum(map(square, v))
          return np.sum(v * v) if v.dtype.kind == "f" else 0.0
        return square(f(t))
      spec = [tf.TensorSpec(None, "float64")]
      traced, slope = tf.function(f, spec), tf.function(tf.gradient(loss), spec)
      result = []
      for shape in [\(program.shapes)]:
        a = np.arange(1, 1 + int(np.prod(shape)), dtype="float64").reshape(shape) * 0.7
        wanted, found = flat(f(a)), flat(traced(a))
        if [x.shape for x in wanted] != [x.shape for x in found] or not all(map(np.allclose, wanted, found)):
          result.append((shape, wanted, found))
        wanted, found = tf.gradient(loss)(tf.constant(a)), slope(a)
        if not np.allclose(wanted, found): result.append((shape, wanted, found))
      """)
    #expect(found.description == "[]", "\(program.function)")
  }

  /// Expressions of a tensor `t` of unknown rank that need it, besides those of the table.
  private static let refused = [
    "t.shape[0]", "t.shape[-1]", "len(t.shape)", "m, n = t.shape", "t.shape == (3,)",
    "t.shape + (1,)", "range(t.ndim)", "t.ndim == 0", "t.ndim - 1", "if t.ndim > 1: pass",
    "t.size // 2", "t.sum() / t.size", "2.0 * t.size", "np.zeros(t.shape)", "np.ones(t.ndim)",
    "t.reshape(t.shape[0], -1)", "np.broadcast_to(t, t.shape)", "t.reshape(t.shape)",
    "np.add(t, t.ndim)", "for row in t: pass", "a, b = t", "a, *b = t", "list(t)", "len(t)",
    "np.vstack(t)", "np.nonzero(t)", "tf.unstack(t)", "t[[0], [1]]", "tf.zeros(t.shape)",
    "np.shape(t)", "tf.TensorSpec(t.shape)", "np.linalg.norm(t, 2)", "np.pad(t, 1, 'wrap')",
  ]

  @Test(arguments: refused)
  func `what cannot do without the rank says so`(statement: String) throws {
    let message = try python(
      """
      def f(t):
        try: exec(\(String(reflecting: statement)), dict(np=np, tf=tf, t=t))
        except Exception as error: seen.append(f"{type(error).__name__}: {error}")
        return t
      seen = []
      tf.function(f, [tf.TensorSpec(None, "float64")])(1.0)
      result = seen[0] if seen else "nothing is raised"
      """)
    let text = message.description
    #expect(text.contains("is not known until the graph runs"), "\(statement): \(text)")
    #expect(text.contains("TensorSpec([") && text.contains("ensure_shape"), "\(statement): \(text)")
  }

  /// Expressions of a tensor `t` of shape (None, 3) that need its first extent.
  @Test(arguments: [
    "t * t.shape[0]", "t.shape[0] - t", "t.reshape(t.shape[0], 3)", "tf.zeros(t.shape)",
    "np.broadcast_to(t, t.shape)", "np.add(t, t.shape[0])", "t.sum() / t.size", "t.size > 3",
    "for row in t: pass", "len(t)", "a, b = t", "t < t.shape[0]",
    "np.full_like(t, 0, shape=t.shape)",
  ])
  func `what cannot do without an extent says so`(statement: String) throws {
    let message = try python(
      """
      def f(t):
        try: exec(\(String(reflecting: statement)), dict(np=np, tf=tf, t=t))
        except Exception as error: seen.append(f"{type(error).__name__}: {error}")
        return t
      seen = []
      tf.function(f, [tf.TensorSpec([None, 3], "float64")])(np.ones((2, 3)))
      result = seen[0] if seen else "nothing is raised"
      """)
    let text = message.description
    #expect(text.contains("is not known until the graph runs"), "\(statement): \(text)")
    #expect(text.contains("TensorSpec([") && text.contains("ensure_shape"), "\(statement): \(text)")
  }

  /// Functions of `t` and `a`, an axis, which NumPy refuses for a scalar, and those that it does not.
  @Test(arguments: [
    "np.linalg.norm(t, axis=a)", "np.linalg.norm(t, 1, a)", "np.linalg.norm(t, np.inf, axis=a)",
    "np.linalg.norm(t, -np.inf, axis=a)", "np.linalg.norm(t, 0, axis=a, keepdims=True)",
    "np.linalg.norm(t, 3, axis=a)", "np.average(t, axis=a)", "np.average(t, axis=a, weights=t)",
    "np.mean(t, axis=a)", "np.mean(t, a, 'int64')", "np.var(t, axis=a)", "np.std(t, a, ddof=0.5)",
    "np.sum(t, axis=a)", "np.max(t, axis=a)", "np.all(t, axis=a)", "np.argmin(t, axis=a)",
    "np.ptp(t, axis=a)", "np.cumsum(t, axis=a)", "np.flip(t, axis=a)", "np.roll(t, 1, axis=a)",
    "np.diff(t, axis=a)", "np.take(t, [0], axis=a)", "np.repeat(t, 2, axis=a)",
    "np.squeeze(t, axis=a)",
  ])
  func `a tensor that proves a scalar has the axes that NumPy gives it`(call: String) throws {
    let found = try python(
      """
      def f(t, a): return \(call)
      result = []
      for a in [0, -1, (0,), 1]:
        answers = []
        for run in (f, lambda t, a: f(tf.constant(t), a),
                    lambda t, a: tf.function(lambda t: f(t, a), [tf.TensorSpec(None, "float64")])(t)):
          try: answers.append(np.asarray(run(np.array(3.0), a)).tolist())
          except (ValueError, IndexError, TypeError): answers.append("refused")
        # NumPy 1 accepts 0 and -1 if there are weights.
        if np.__version__[0] == "1" and "weights" in "\(call)": answers[0] = "refused"
        if answers[1:] != answers[:1] * 2: result.append((a, answers))
      """)
    #expect(found.description == "[]", "\(call)")
  }

  @Test
  func
    `positions along an axis are broadcast when the ranks are known, and refused when they differ`()
    throws
  {
    let found = try python(
      """
      known, rank, none = (lambda s: s), (lambda s: [None] * len(s)), (lambda s: None)
      cases = [((2, 3), (1, 2)), ((2, 3), (2, 1)), ((1, 3), (4, 2)), ((2, 3, 4), (1, 1, 2)), ((3,), (5,)),
               ((2, 3), (2,)), ((3,), (2, 3)), ((2, 3), (5, 1)), ((2, 0), (1, 0))]
      result = []
      for shape, places in cases:
        a = np.arange(np.prod(shape, dtype=int), dtype="float64").reshape(shape)
        i = np.zeros(places, "int64")
        for axis in [-1, 0, 1, -2]:
          def f(a, i): return np.take_along_axis(a, i, axis)
          answers = []
          for first in (known, rank, none):
            for second in (known, rank, none):
              try:
                g = tf.function(f, [tf.TensorSpec(first(shape), a.dtype), tf.TensorSpec(second(places), i.dtype)])
                answers.append(g(a, i).tolist())
              except (ValueError, IndexError): answers.append("refused")
          try: wanted = f(a, i).tolist()
          except (ValueError, IndexError): wanted = "refused"
          if answers != [wanted] * 9: result.append((shape, places, axis, wanted, answers))
      """)
    #expect(found.description == "[]")
  }

  @Test func `weights that add up to zero are refused when the graph runs`() throws {
    let found = try python(
      """
      x = tf.constant([[1., 2.], [3., 4.]], tf.float64)
      result = []
      for axis, weights in [(None, [[1., -1.], [0., 0.]]), (0, [[1., 2.], [-1., 3.]]), (1, [1., -1.]),
                            (None, [[1., 1.], [1., 1.]])]:
        weights = np.array(weights)
        for spec in (weights.shape, None):
          f = tf.function(lambda w: np.average(x, axis, w), [tf.TensorSpec(spec, tf.float64)])
          try: result.append(f(weights).tolist())
          except tf.errors.InvalidArgumentError as error:
            result.append("the sum of the weights of numpy.average is zero" in str(error))
      slope = tf.function(tf.gradient(lambda w: np.average(x, weights=w)))(np.ones((2, 2)))
      result.append(slope.tolist())
      """)
    #expect(
      found.description
        == "[True, True, True, True, True, True, 2.5, 2.5, [[-0.375, -0.125], [0.125, 0.375]]]")
  }

  @Test func `what does not fit is refused when the graph runs`() throws {
    let found = try python(
      """
      spec = tf.TensorSpec(None, "float64")
      a, b = np.ones((2, 3)), np.ones((3, 2))
      cases = [(lambda x, y: np.tensordot(x, y, 2), a, b), (lambda x, y: np.average(x, weights=y), a, b),
               (lambda x, y: x[y > 0], a, b), (lambda x, y: np.repeat(x, [1, 2], axis=1), a, b),
               (lambda x, y: np.average(x, axis=1, weights=y), a, np.ones(2)),
               (lambda x, y: np.inner(x, y), a, b), (lambda x, y: np.hstack([x, y]), a, np.ones(2)),
               (lambda x, y: np.split(x, 2, axis=1), a, b), (lambda x, y: np.diagonal(x, 0, 0, 0), a, b),
               (lambda x, y: np.moveaxis(x, (0, 0), (0, 1)), a, b)]
      result = []
      for f, x, y in cases:
        for g in (f, tf.function(f, [spec, spec])):
          try: result.append(g(tf.constant(x), tf.constant(y)).shape)
          except (ValueError, IndexError, TypeError): pass
      """)
    #expect(found.description == "[]")
  }
}
