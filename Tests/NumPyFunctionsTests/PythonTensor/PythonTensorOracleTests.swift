import NumPyFunctions
import Testing

@Suite struct PythonTensorOracleTests {
  private func expectAgreement(_ expression: NumPyExpression) throws {
    for dtype in expression.dtypes {
      let difference = try PythonOracle.difference(expression.text, dtype)
      #expect(difference == nil, "\(expression.text) of \(dtype)")
    }
  }

  @Test(arguments: NumPyExpression.operators)
  func `an operator does what it does with arrays`(expression: NumPyExpression) throws {
    try expectAgreement(expression)
  }

  @Test(arguments: NumPyExpression.functions)
  func `a function of NumPy's does what it does with arrays`(expression: NumPyExpression) throws {
    try expectAgreement(expression)
  }

  @Test(arguments: NumPyExpression.methods)
  func `a method or attribute is that of arrays`(expression: NumPyExpression) throws {
    try expectAgreement(expression)
  }

  @Test(arguments: NumPyExpression.indexing)
  func `an index picks what it picks of arrays`(expression: NumPyExpression) throws {
    try expectAgreement(expression)
  }

  @Test func `dtypes are promoted as NumPy 2 promotes them`() throws {
    let difference = try python(
      """
      names = ["bool", "int8", "int16", "int32", "int64", "uint8", "uint16", "uint32", "uint64",
               "float16", "float32", "float64", "complex64", "complex128"]
      result = []
      for a in names:
        for b in names:
          found = (tf.constant(np.ones(2, a)) + tf.constant(np.ones(2, b))).dtype
          if found != np.promote_types(a, b): result.append((a, b, str(found)))
        for number, kind in [(True, "bool"), (1, "int64"), (1.5, "float64"), (1j, "complex128")]:
          found = (tf.constant(np.ones(2, a)) * number).dtype
          weak = dict(b=0, i=1, u=1, f=2, c=3)
          if weak[np.dtype(kind).kind] <= weak[np.dtype(a).kind]: wanted = np.dtype(a)
          elif kind == "complex128" and np.dtype(a).kind == "f": wanted = np.result_type(a, "complex64")
          else: wanted = np.dtype(kind)
          if found != wanted: result.append((a, number, str(found)))
      """)
    #expect(difference.description == "[]")
  }

  private static let hasSciPy = (try? Python.import("scipy.special")) != nil

  @Test(.enabled(if: hasSciPy, "SciPy is not installed"))
  func `SciPy's functions for which there are operations`() throws {
    let found = try python(
      """
      from scipy import special
      x = np.linspace(-2, 2, 9)
      t = tf.constant(x)
      result = [np.allclose(f(t), f(x)) and isinstance(f(t), tf.Tensor)
                for f in (special.erf, special.erfc, special.expit)]
      try: special.gamma(t)
      except TypeError as error: result.append(str(error).startswith("gamma is no operation"))
      """)
    #expect(found.description == "[True, True, True, True]")
  }
}
