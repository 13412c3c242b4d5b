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
    ("t[[0, 1], [0, 1]]", "IndexError", "one array or tensor of positions"),
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
    ("tf.constant(1.5, tf.int32)", "numpyfn.InvalidArgumentError", "1.5"),
    ("tf.constant([1, 300], tf.uint8)", "numpyfn.InvalidArgumentError", "uint8"),
    ("tf.constant([[1], [1, 2]])", "ValueError", ""),
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
}
