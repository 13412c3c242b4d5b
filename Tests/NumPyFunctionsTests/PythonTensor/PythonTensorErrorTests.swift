import NumPyFunctions
import Testing

@Suite struct PythonTensorErrorTests {
  /// An expression, in which `t` is a tensor of shape [2, 3] and `s` a symbolic one, the class of the
  /// exception that it raises, and what that says.
  private static let refusals: [(expression: String, type: String, message: String)] = [
    ("tf.Tensor(3)", "TypeError", "numpyfn.constant"),
    ("t + 'a'", "TypeError", "unsupported operand"),
    ("t + tf.constant([1., 2.])", "numpyfn.InvalidArgumentError", "shapes [2, 3] and [2]"),
    ("t @ t", "numpyfn.InvalidArgumentError", "matmul"),
    ("t & t", "TypeError", "compare first"),
    ("~t", "TypeError", "compare first"),
    ("t << 1", "TypeError", "unsupported operand"),
    ("tf.constant(np.int8(1)) + 1000", "OverflowError", "does not fit int8"),
    ("bool(t)", "ValueError", "t.any() or t.all()"),
    ("float(t)", "TypeError", "one element"),
    ("range(tf.constant(1.5))", "TypeError", ""),
    ("len(tf.constant(1.))", "TypeError", "without axes"),
    ("list(tf.constant(1.))", "TypeError", "iteration over a tensor without axes"),
    ("t[5]", "numpyfn.OutOfRangeError", "position 5"),
    ("t[0, 0, 0]", "numpyfn.InvalidArgumentError", "rank 2"),
    ("t['a']", "IndexError", "ints, slices"),
    ("t[1.5]", "IndexError", "ints, slices"),
    ("t[::0]", "ValueError", "step"),
    ("t[2**64]", "IndexError", "position 18446744073709551616 is on no axis"),
    ("t[np.uint64(2**64 - 1)]", "IndexError", "position 18446744073709551615 is on no axis"),
    ("t[[0, 1], [0, 5]]", "numpyfn.OutOfRangeError", "position 5"),
    ("t[[0, 1], None, [0, 1]]", "IndexError", "one array or tensor of positions"),
    ("t[[True, False, True]]", "IndexError", "does not fit"),
    ("t.__setitem__(0, 1)", "TypeError", "numpyfn.where"),
    ("t.__class__.__setattr__(t, 'shape', 1)", "AttributeError", ""),
    ("setattr(tf.Tensor, 'sum', 1)", "TypeError", "immutable"),
    ("type('T', (tf.Tensor,), {})", "TypeError", "not an acceptable base type"),
    ("np.sort(t)", "TypeError", "numpy.sort is no operation on tensors"),
    ("np.fft.fft(t)", "TypeError", "t.numpy()"),
    ("np.arctan2.reduce(t)", "TypeError", "numpy.arctan2.reduce"),
    ("np.linalg.norm(t, 'nuc')", "TypeError", "ord='nuc'"),
    ("np.add(t, 1, out=np.zeros((2, 3)))", "TypeError", "out="),
    ("np.add(t, 1, where=np.array([True, False, True]))", "TypeError", "where="),
    ("np.sum(t, out=np.zeros(()))", "TypeError", "out="),
    ("np.sum(t, axis=2)", "numpyfn.InvalidArgumentError", "axis"),
    ("np.reshape(t, (4, 2))", "numpyfn.InvalidArgumentError", "reshape"),
    ("np.reshape(t, (3, 2), order='F')", "TypeError", "C order"),
    ("np.zeros((2, 3)).__iadd__(t)", "TypeError", "a = a + t"),
    ("memoryview(tf.constant('a'))", "BufferError", "t.numpy()"),
    ("np.frombuffer(t, 'f4').__setitem__(0, 1)", "ValueError", "read-only"),
    ("t.numpy().__setitem__(0, 1)", "ValueError", "read-only"),
    ("tf.cond(True, 10**5000, lambda: 1)", "TypeError", "true_fn is an object of class int"),
    ("tf.range(0, 2**64)", "ValueError", "Maximum allowed size exceeded"),
    ("tf.eye(2, dtype=tf.string)", "TypeError", "eye(): dtype is numpyfn.string"),
    ("tf.zeros(2, tf.string)", "TypeError", "zeros(): dtype is numpyfn.string"),
    ("tf.ones(2, 'S')", "TypeError", "a dtype of numbers, or bool"),
    ("tf.one_hot([1], 2, tf.string)", "TypeError", "one_hot(): dtype is numpyfn.string"),
    ("np.bmat([t, t])", "TypeError", "numpy.bmat([[a, b], [c, d]])"),
    ("np.average(t, weights=np.zeros((2, 3)))", "ZeroDivisionError", "sum to zero"),
    ("np.average(t, axis=0, weights=[1.0, -1.0])", "ZeroDivisionError", "sum to zero"),
    ("tf.map_fn(None, t)", "TypeError", "map_fn(): fn is None, and a function is wanted"),
    ("tf.map_fn(np.sum, None)", "TypeError", "map_fn(): elems is None"),
    ("np.sum(t, axis='a')", "TypeError", "sum(): axis is 'a', and a whole number is wanted"),
    ("t.sum(axis=0.5)", "TypeError", "Tensor.sum(): axis is 0.5"),
    ("np.add(t, None)", "TypeError", "add(): x2 is None, and a tensor"),
    ("np.transpose(t, (0, None))", "TypeError", "transpose(): axes[1] is None"),
    ("tf.stack([t, None])", "TypeError", "stack(): arrays[1] is None"),
    ("tf.reduce_max(None)", "TypeError", "reduce_max(): input_tensor is None"),
    ("tf.cast(t, [1])", "TypeError", "cast(): dtype is [1], and a dtype"),
    ("tf.tile(t, None)", "TypeError", "tile(): reps is None"),
    ("tf.TensorSpec(3.5)", "TypeError", "TensorSpec(): shape is 3.5, and a list of extents"),
    ("tf.constant(1.5, tf.int32)", "numpyfn.InvalidArgumentError", "1.5"),
    ("tf.constant([1, 300], tf.uint8)", "numpyfn.InvalidArgumentError", "uint8"),
    ("tf.constant([[1], [1, 2]])", "numpyfn.InvalidArgumentError", "ragged: row [0] has 1 element"),
    ("tf.constant(np.array(['2020'], 'M8[s]'))", "numpyfn.InvalidArgumentError", "datetime64"),
    ("tf.constant(object())", "numpyfn.InvalidArgumentError", "object"),
    ("tf.constant(2**70)", "OverflowError", "int"),
    ("tf.cast(t, 'float8')", "TypeError", "float8"),
    ("tf.cast(t, 'M8[s]')", "TypeError", "M8[s]"),
    ("tf.convert_to_tensor(t, tf.int32)", "numpyfn.InvalidArgumentError", "astype"),
    ("tf.nonsense", "AttributeError", "nonsense"),
    ("bool(s > 0)", "numpyfn.FailedPreconditionError", "numpyfn.cond"),
    ("float(s)", "numpyfn.FailedPreconditionError", "Python number"),
    ("s.numpy()", "numpyfn.FailedPreconditionError", "numpy_function"),
    ("np.asarray(s)", "numpyfn.FailedPreconditionError", "numpy_function"),
    ("memoryview(s)", "numpyfn.FailedPreconditionError", "numpy_function"),
    ("len(s)", "TypeError", "numpyfn.shape(tensor)[0]"),
  ]

  @Test(arguments: refusals)
  func `what cannot be is refused in words`(
    refusal: (expression: String, type: String, message: String)
  ) throws {
    let error = #expect(throws: (any Error).self) {
      try python(
        """
        t = tf.constant(np.ones((2, 3), "float32"))
        def traced(s):
          try:
            \(refusal.expression)
          except Exception as error:
            raise error
          return s
        tf.function(traced, [tf.TensorSpec(None, tf.float32)])(1.)
        """)
    }
    let found = try raised(by: try #require(error))
    #expect(found.type == refusal.type, "\(refusal.expression): \(found.message)")
    #expect(found.message.contains(refusal.message), "\(refusal.expression): \(found.message)")
  }

  /// Positions of dtype uint64 that NumPy takes for negative ones, since it converts them to int64.
  @Test(arguments: ["2**64 - 1", "2**63", "2**64 - 3"])
  func `a position beyond int64 is not taken for a negative one`(number: String) throws {
    let found = try python(
      """
      t, m = tf.constant([1., 2., 3.]), tf.constant([[1., 2.], [3., 4.]])
      n = np.uint64(\(number))
      row, column = np.array([n]), np.array([[n], [n]])
      calls = [lambda n, r, c: tf.gather(t, n), lambda n, r, c: np.take(t, r), lambda n, r, c: t.take(r),
               lambda n, r, c: np.take_along_axis(m, c, 1), lambda n, r, c: t[r], lambda n, r, c: m[:, r],
               lambda n, r, c: m[np.array([0], "uint64"), r], lambda n, r, c: tf.reshape(t, r)]
      result = []
      for place, call in enumerate(calls):
        for run in (call, tf.function(call)):
          try: result.append((place, run(n, row, column)))
          except IndexError as error:
            if place < 7 and f"position {n}" not in str(error): result.append(str(error))
      result.append(tf.one_hot(row, 3).tolist())
      """)
    #expect(found.description == "[[[0.0, 0.0, 0.0]]]")
  }

  @Test func `a table of pandas for a dict of columns is refused, and the message makes the dict`()
    throws
  {
    let found = try python(
      """
      import pandas as pd
      df = pd.DataFrame({"a": [1., 2.], "b": [3., 4.]})
      spec = tf.TensorSpec(None, tf.float64)
      f = tf.function(lambda d: d["a"] + d["b"], [{"a": spec, "b": spec}])
      result = []
      for value in [df, df.iloc[0], 3.5, {"a": 1.}, [1., 2.]]:
        try: f(value)
        except tf.errors.InvalidArgumentError as error: result.append(str(error).partition("wanted, ")[2])
      try: tf.numpy_function(lambda: df, [], {"a": tf.float64, "b": tf.float64})
      except tf.errors.InvalidArgumentError as error: result.append(str(error).partition("tensor; ")[2])
      result.append(f({name: df[name] for name in df}).tolist())
      result.append(f({name: df.iloc[0][name] for name in df.iloc[0].index}).tolist())
      """)
    #expect(
      found.description == """
        ['an object of class DataFrame was given; give {name: df[name] for name in df}', \
        'an object of class Series was given; give {name: df[name] for name in df.index}', \
        '3.5 was given', "one with the keys ['a'] was given", 'a list of 2 was given', \
        'return a dict of its parts: {name: df[name] for name in df}', [4.0, 6.0], 4.0]
        """)
  }

  /// Class and message as Python code sees them.
  private func raised(by error: any Error) throws -> (type: String, message: String) {
    if let error = error as? PythonError { return (error.type, error.message) }
    // A Swift error that has come back as itself; Python sees its class by the code.
    let coded = try #require(error as? any CodedError)
    let name =
      switch coded.code {
      case .invalidArgument: "InvalidArgumentError"
      case .outOfRange: "OutOfRangeError"
      case .failedPrecondition: "FailedPreconditionError"
      default: "SwiftError"
      }
    return ("numpyfn.\(name)", coded.description)
  }

  @Test func `errors are Python's classes too, and keep what led to them`() throws {
    let found = try python(
      """
      result = []
      for code, builtin in [("t + tf.constant([1., 2.])", ValueError), ("t[5]", IndexError)]:
        try: eval(code, dict(tf=tf, t=tf.constant([1., 2., 3.])))
        except builtin as error:
          result.append(isinstance(error, tf.SwiftError) and isinstance(error, RuntimeError))
      def fail(x): raise KeyError("no such thing")
      f = tf.function(lambda x: tf.numpy_function(fail, [x], tf.float32))
      try: f(tf.constant(1.))
      except tf.SwiftError as error:
        result.append(type(error.__cause__) is KeyError and "no such thing" in str(error))
      """)
    #expect(found.description == "[True, True, True]")
  }

  @Test func `an error names the line of Python code`() throws {
    let text = try python(
      """
      t = tf.constant([1., 2.])
      try:
        t + tf.constant([1., 2., 3.])
      except ValueError as error:
        result = str(error)
      """, line: 700)
    #expect(text.description.hasPrefix("add (<python at NumPyFunctionsTests/"))
  }

  @Test func `a Swift error comes back as itself`() throws {
    let error = #expect(throws: OperationError.self) {
      try python("tf.constant([1., 2.]) + tf.constant([1., 2., 3.])")
    }
    #expect(error?.code == .invalidArgument)
  }

  /// Expressions in which `n` is a number beyond all reason.
  private static let extremes = [
    "np.sum(t, axis=n)", "np.cumsum(t, axis=n)", "np.argmax(t, axis=n)", "np.var(t, ddof=n)",
    "np.expand_dims(t, n)", "np.squeeze(t, n)", "np.flip(t, n)", "np.roll(t, n, axis=0)",
    "np.tril(t, n)",
    "np.take(t, [n])", "t[n]", "t[n:]", "t[::n]", "t[n:-n:n]", "np.moveaxis(t, 0, n)",
    "np.swapaxes(t, 0, n)",
    "np.split(t, n)", "np.split(t, [n])", "tf.split(t, [n, 2])", "np.pad(t, n)", "np.repeat(t, n)",
    "np.tile(t, n)", "np.reshape(t, (n, -1))", "np.reshape(t, (n, n))",
    "np.broadcast_to(t, (n, 3))",
    "np.stack([t, t], n)", "np.concatenate([t, t], n)", "np.diagonal(t, n)",
    "np.transpose(t, (n, 0))",
    "tf.zeros((n, n))", "tf.one_hot([0, 1], n)", "tf.ensure_shape(t, [n, None])",
    "tf.TensorSpec([n])",
    "t + n", "t ** n", "np.round(t, n)", "tf.constant(n)", "tf.constant(n, tf.int8)", "t.item(n)",
    "np.add.reduce(t, axis=n)", "tf.softmax(t, n)", "np.linalg.norm(t, axis=n)",
  ]

  @Test func `numbers beyond all reason raise or are computed with, and end nothing`() async {
    await #expect(processExitsWith: .success) {
      for expression in PythonTensorErrorTests.extremes {
        for number in ["2**63 - 1", "-2**63", "2**62", "-2**62", "2**64"] {
          _ = try? python(
            "n, t = \(number), tf.constant([[1., 2., 3.], [4., 5., 6.]])\n\(expression)")
        }
      }
      _ = try? python(
        """
        nested = holder = [tf.constant(1.)]
        for _ in range(100_000): nested = [nested, tf.constant(1.)]
        holder.append(holder)
        for value in [nested, holder]:
          for f in [tf.constant, np.stack, tf.function(lambda x: x), lambda x: tf.constant(1.) + x]:
            try: f(value)
            except (ValueError, RecursionError, TypeError): pass
        """)
    }
  }

  @Test func `the rest of the protocols of numbers and sequences`() throws {
    let found = try python(
      """
      import math
      s, v, i = tf.constant(2.5), tf.constant([1.5, 2.5]), tf.constant(1)
      result = [f"{s:.2f}", float(s), int(s), complex(s), math.floor(s), [10, 20][i], round(v, 0).tolist(),
                2.5 in v, 7 in v, [x.tolist() for x in v], len(v), bool(v[:1]), divmod(s, 2)[1].tolist(),
                max(v).tolist(), sum(v).tolist(), str(v), repr(s), hex(i), v.nbytes]
      """)
    #expect(
      found.description
        == "['2.50', 2.5, 2, (2.5+0j), 2, 20, [2.0, 2.0], True, False, [1.5, 2.5], 2, True, 0.5, 2.5, 4.0, "
        + "'[1.5 2.5]', '<numpyfn.Tensor: shape=(), dtype=float32, numpy=2.5>', '0x1', 8]")
  }
}
