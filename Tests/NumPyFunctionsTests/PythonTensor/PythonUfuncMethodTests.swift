import NumPyFunctions
import Testing

/// Methods and options of NumPy's universal functions on tensors, against NumPy's on arrays.
@Suite struct PythonUfuncMethodTests {
  /// Expressions of a matrix `x` and a row `n` of int64; those that NumPy refuses too.
  private static let same = [
    "np.add.reduce(n, dtype='int8')", "np.multiply.reduce(n, dtype='int8')",
    "np.add.reduce(x, 1, dtype='float32')", "np.maximum.reduce(x, dtype='float32')",
    "np.add.reduce(x, axis=None, keepdims=True)", "np.trace(x, dtype='int8')",
    "x.trace(dtype='int8')",
    "np.add.outer(x, x, dtype='float32')", "np.power.outer(x, x, dtype='float32')",
    "np.arctan2.outer(x, x, dtype='float32')", "np.multiply.outer(n, n, dtype='float64')",
    "np.add.outer(x, x, dtype='int8')", "np.equal(x, x, dtype='float32')",
    "np.equal(x, x, dtype=bool)",
    "np.less.outer(x, x, dtype='float64')", "np.logical_and(x, x, dtype=bool)",
    "np.concatenate([x, x], dtype='int64')", "np.vstack([n, n], dtype='float32')",
    "np.hstack([x, x], dtype='int8')", "np.stack([n, n], dtype='int8', casting='safe')",
    "np.concatenate([x, x], dtype='int64', casting='unsafe')", "np.isnan(x, dtype='float32')",
    "np.add.accumulate(n, dtype='int8')",
    "np.add(x, x, casting='same_kind', order='K', subok=True)", "np.expand_dims(x, None)",
  ]

  @Test(arguments: same)
  func `a method of a ufunc is that of arrays, or refuses what NumPy refuses`(text: String) throws {
    let found = try python(
      """
      def outcome(x, n):
        try: value = np.asarray(\(text))
        except Exception as error: return "refused" if isinstance(error, TypeError) else error
        # Powers and angles may differ in their last bit.
        return value.dtype.name, value.astype("float32").round(5).tolist()
      x, n = np.array([[1.5, 2.0], [3.0, 4.0]]), np.array([100, 100])
      result = [outcome(x, n), outcome(tf.constant(x), tf.constant(n))]
      result = "same" if result[0] == result[1] else result
      """)
    #expect(found.description == "same", "\(text)")
  }

  /// What NumPy computes and tensors refuse, with the name of the option.
  @Test(arguments: [
    ("np.add.reduce(x, initial=100)", "initial="),
    ("np.add.reduce(x, 1, None, None, True, 5.0)", "initial="),
    ("np.multiply.reduce(x, initial=2.0)", "initial="),
    ("np.add(x, x, casting='unsafe')", "casting="),
    ("np.add(x, x, signature='ff->f')", "signature="),
    ("np.logical_or.reduce(x, dtype=bool)", "dtype="),
  ])
  func `an option without a meaning is refused by its name`(text: String, option: String) throws {
    let found = try python(
      """
      def f(x): return \(text)
      result = []
      for call in (f, tf.function(f)):
        try: result.append(call(tf.constant([[1.0, 2.0]])))
        except TypeError as error: result.append(str(error))
      """)
    for outcome in try [String](found) { #expect(outcome.contains(option), "\(text)") }
  }

  @Test func `a function of numbers says that strings are none`() throws {
    let found = try python(
      """
      S, result = tf.constant(["a", "b"]), []
      for f in (np.round, np.rint, np.fabs, np.deg2rad, np.rad2deg, np.angle, np.exp2, np.linalg.norm,
                lambda s: np.float_power(s, s), lambda s: np.clip(s, 0, 1), lambda s: s.var(dtype=tf.string)):
        try: result.append(f"{f(S)!r}")
        except Exception as error:
          if isinstance(error, AttributeError) or "string" not in str(error): result.append(f"{f} {error!r}")
      result.append(np.iscomplexobj(S))
      """)
    #expect(found.description == "[False]")
  }

  @Test(arguments: ["[1.5]", "['a']", "[[1, 2]]", "[2 ** 64]", "[-1]", "[object()]"])
  func `a spec says which extent is none`(shape: String) throws {
    let found = try python(
      """
      try: result = tf.TensorSpec(\(shape), "float32")
      except tf.errors.InvalidArgumentError as error: result = str(error)
      """)
    #expect(found.description.hasPrefix("an extent "), "\(found)")
  }

  @Test func `an error is pickled and copied without the Swift error that it stands for`() throws {
    let found = try python(
      """
      import copy, pickle
      result = []
      def raises(x): raise ValueError("inside")
      for call in (lambda: tf.reshape(tf.constant([1.0]), [3]), lambda: tf.constant([1.0])[5],
                   lambda: tf.numpy_function(lambda x: "text", [1.0], tf.float32),
                   lambda: tf.function(lambda x: x.numpy())(1.0)):
        try: call()
        except Exception as error:
          error.note = "kept"
          for other in (pickle.loads(pickle.dumps(error)), copy.copy(error), copy.deepcopy(error)):
            result.append(type(other) is type(error) and str(other) == str(error) and other.note == "kept")
      """)
    #expect(found.description == "[\(Array(repeating: "True", count: 12).joined(separator: ", "))]")
  }
}
