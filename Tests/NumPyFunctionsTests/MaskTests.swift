import NumPyFunctions
import Testing

/// Elements that are masked or missing become no numbers (rule 28 of the contract).
@Suite struct MaskTests {
  private static let head = """
    import collections
    import numpy as np
    class Sub(np.ma.MaskedArray): pass
    class Elsewhere(np.ndarray):  # as astropy's Masked
        mask = np.array([True, False])
        def filled(self, value): return self
    class Holder:
        def __init__(self, value): self.value = value
        def __array__(self, *arguments, **keywords): return self.value
    masked = np.ma.masked_array([1., 2.], [True, False])
    whole = np.ma.masked_array([1., 2.], [False, False])
    """

  /// Of dtype float64 and shape [2] if the mask were not seen.
  private static let masked = [
    "masked", "masked[::-1]", "masked[None]", "np.ma.masked_equal([1., 2.], 1.)",
    "masked.view(Sub)",
    "np.ma.masked", "np.array([1., 2.]).view(Elsewhere)", "Holder(masked)",
    "np.ma.array([1., 2.], mask=True)", "np.ma.array([[1.]], mask=[[True]])[0]",
    "np.ma.array([(1., 2)], dtype='f8,i4', mask=[(True, False)])",
    "np.ma.array([(1., 2)], dtype='f8,i4', mask=[(True, False)])[0]",
  ]

  private static let whole = [
    ("whole", "[1. 2.]"), ("whole.view(Sub)", "[1. 2.]"), ("Holder(whole)", "[1. 2.]"),
    ("np.ma.masked_array([1., 2.])", "[1. 2.]"), ("masked[1:]", "[2.]"), ("masked[1]", "2.0"),
    ("masked.filled(7)", "[7. 2.]"), ("masked.compressed()", "[2.]"), ("masked.data", "[1. 2.]"),
    ("np.ma.array(3.)", "3.0"), ("np.ma.zeros((0, 2))", "[]"),
  ]

  private static func function(_ expression: String) throws -> PythonObject {
    try Python.function("\(head)\ndef f(*x): return \(expression)", named: "f")
  }

  @Test(arguments: masked)
  func `rule 28: a masked element is refused wherever a tensor is made, naming filled`(
    expression: String
  ) throws {
    let f = try Self.function(expression)
    let one = TensorSpec(dtype: .float64)
    let x = try Tensor([1, 2], dtype: .float64)
    var ways: [() throws -> Void] = [
      { try numpyFunction(f, [], Tout: .float64) }, { try pyFunction(f, [], Tout: .float64) },
      { try numpyFunction(f, [], Tout: .float32, casting: .sameKind) },
      { try numpyFunction(f, [x], Tout: .float64, arguments: .writable) },
      { _ = try GraphFunction(list: { try numpyFunction(f, $0, Tout: [one]) }).run([x]) },
      { _ = try GraphFunction(python: f)(x) }, { _ = try Tensor(f()) },
      {
        try numpyFunction(
          Self.function("{'a': \(expression), 'b': 1.0}"), [], Tout: ["a": one, "b": one])
      },
    ]
    for list in ["1.0, \(expression)", "[\(expression)], 1.0", "1.0, [[\(expression)]]"] {
      ways.append { try numpyFunction(Self.function("(\(list))"), [], Tout: [one, one]) }
      ways.append { _ = try Tensor(Self.function("[\(list)]")()) }
    }
    ways.append { _ = try Tensor(Self.function("collections.deque([\(expression)])")()) }
    for (index, way) in ways.enumerated() {
      let error = #expect(throws: (any Error).self, "way \(index)") { try way() }
      #expect("\(error.map { "\($0)" } ?? "")".contains(".filled(value)"), "way \(index)")
      #expect((error as? any CodedError)?.code == .invalidArgument)
    }
  }

  // An object that is no array goes with tensors in some of these ways only.
  @Test(arguments: masked.filter { !$0.hasPrefix("Holder") })
  func `the same in Python`(expression: String) throws {
    let found = try Python.function(
      """
      \(Self.head)
      import numpyfn as tf
      def run():
          value = \(expression)
          t = tf.constant([1., 2.], tf.float64)
          ways = [lambda: tf.constant(value), lambda: tf.convert_to_tensor(value, tf.float64),
                  lambda: t + value, lambda: tf.stack([t, value]), lambda: np.where(t > 0, t, value),
                  lambda: tf.constant([value, value]), lambda: tf.constant([t, [value, 1.]]),
                  lambda: tf.function(lambda x: x)(value), lambda: tf.function(lambda: value)(),
                  lambda: tf.numpy_function(lambda x: x, [value], tf.float64),
                  lambda: tf.py_function(lambda: value, [], tf.float64),
                  lambda: tf.from_dlpack(value) if isinstance(value, np.ma.MaskedArray) else tf.constant(value)]
          refused = []
          for way in ways:
              try: way()
              except (ValueError, TypeError) as error: refused.append(".filled(value)" in str(error))
              else: refused.append(False)
          return refused
      """, named: "run")()
    #expect(try [Bool](found).allSatisfy { $0 }, "\(found)")
  }

  @Test(arguments: whole)
  func `where nothing is masked, the elements are taken`(
    expression: String, printed: String
  ) throws {
    let f = try Self.function(expression)
    #expect(try numpyFunction(f, [], Tout: .float64).description == printed)
    #expect(try Tensor(f()).description == printed)
    #expect(try pyFunction(f, [], Tout: .float64).description == printed)
  }

  private static let pandas = try? Python.import("pandas")

  @Test(.enabled(if: pandas != nil, "pandas is not there"))
  func `what pandas has no value for is refused, with its row and column`() throws {
    let make = try Python.function(
      """
      import numpy as np
      import pandas as pd
      def make(expression): return eval(expression)
      """)
    for (expression, fragments) in [
      ("pd.array([1, None], dtype='Int64')", ["element 1", ".fillna(value)"]),
      (
        "pd.Series([1., None], ['p', 'q'], 'Float64', 'height')",
        ["row 'q' of column 'height'", ".fillna(value)"]
      ),
      (
        "pd.DataFrame({'a': [1, 2], 'b': pd.array([None, 1], dtype='Int64')})",
        ["row 0 of column 'b'"]
      ),
      ("pd.Series([True, None], dtype='boolean')", ["row 1"]),
      ("pd.Series([1, None], dtype=object)", ["row 1", "None", ".fillna(value)"]),
      (
        "pd.DataFrame({'a': [1, 2], 'b': [1, None]}, ['p', 'q'], dtype=object)",
        ["row 'q' of column 'b'", "None"]
      ),
      ("pd.Series(['a', np.nan], dtype=object)", ["row 1", "nan"]),
      ("pd.Categorical([1, None])", ["element 1"]),
    ] {
      for dtype in [DType.int64, .float64, .bool, .string] {
        let f = try Python.function(
          "def f(make, expression): return lambda: make(expression)")(make, expression)
        let error = try #require(throws: OperationError.self) {
          try numpyFunction(f, [], Tout: dtype)
        }
        for fragment in fragments {
          #expect(error.message.contains(fragment), "\(expression): \(error.message)")
        }
      }
    }
    for (expression, printed) in [
      ("pd.array([1, 2], dtype='Int64')", "[1 2]"), ("pd.Series([1., np.nan])", "[ 1. nan]"),
      ("pd.Series([1, 2], dtype='Int8')", "[1 2]"), ("pd.Series(['a', 'b'])", "['a' 'b']"),
      ("pd.DataFrame({'a': pd.array([1, 2], dtype='Int64')})", "[[1]\n [2]]"),
      ("pd.DataFrame({'a': [1., np.nan]})", "[[ 1.]\n [nan]]"),
      ("pd.Series([True, False], dtype='boolean')", "[ True False]"),
    ] {
      #expect(try Tensor(make(expression)).description == printed, "\(expression)")
    }
  }
}
