import GraphCore
import NumPyFunctions
import TensorCore
import Testing

/// The arithmetic operations against NumPy's functions of the same name.
@Suite struct ArithmeticOracleTests {
  /// Gives operands of a dtype, and says what is wrong with a result; None when nothing is.
  private let oracle: PythonObject

  init() throws {
    oracle = try Python.function(
      """
      import numpy as np
      def named(dtype):
          if dtype == 'bfloat16':
              import ml_dtypes
              return np.dtype(ml_dtypes.bfloat16)
          return np.dtype(dtype)
      def operand(dtype, shape, seed):
          dtype = named(dtype)
          count = int(np.prod(shape))
          kind = dtype.kind
          if kind == 'b':
              values = [True, False, True]
          elif kind in 'iu':
              info = np.iinfo(dtype)
              values = [0, 1, 2, info.max, info.min, 3, info.max // 2, info.min // 2 + 1, 7]
          elif kind == 'V':
              values = [0.0, -0.0, 1, -1.5, np.inf, -np.inf, np.nan, 3e38, 1e-38, 1 / 3, 1e-3]
          else:
              info = np.finfo(dtype)
              values = [0.0, -0.0, 1, -1.5, np.inf, -np.inf, np.nan, info.max, info.tiny, 1 / 3, 1e-3]
          if kind == 'c':
              values = [0.5 + 1j, -2, 1j, 3 - 0.25j, 1e3 + 1e-3j]
          with np.errstate(all='ignore'):
              return np.array([values[(i * seed) % len(values)] for i in range(count)],
                              dtype=dtype).reshape(shape)
      def problem(name, result, *operands):
          with np.errstate(all='ignore'):
              expected = np.asarray(getattr(np, name)(*operands))
          result = np.asarray(result)
          if result.dtype != expected.dtype or result.shape != expected.shape:
              return f'{result.dtype}{result.shape} for {expected.dtype}{expected.shape}'
          if expected.dtype.kind == 'V':
              result, expected = result.astype('f4'), expected.astype('f4')
          if expected.dtype.kind == 'c':
              # NumPy's own loops round complex products in more than one way.
              right = np.allclose(result, expected, rtol=1e-5 if expected.itemsize == 8 else 1e-13)
          else:
              right = np.array_equal(result, expected, equal_nan=expected.dtype.kind == 'f')
              if right and expected.dtype.kind == 'f':
                  numbers = ~np.isnan(expected)
                  right = np.array_equal(np.signbit(result)[numbers], np.signbit(expected)[numbers])
          return None if right else f'{result} for {expected}'
      """, named: "problem")
  }

  private typealias Binary = @Sendable (Tensor, Tensor) throws -> Tensor
  private static let binary: [(name: String, apply: Binary)] = [
    ("add", { try $0 + $1 }), ("subtract", { try $0 - $1 }), ("multiply", { try $0 * $1 }),
    ("true_divide", { try $0 / $1 }),
  ]

  private static let shapes: [([Int], [Int])] = [
    ([], []), ([11], [11]), ([11], []), ([], [3]), ([1], [5]), ([2, 3], [3]), ([2, 1], [1, 4]),
    ([4, 1, 3], [2, 1]), ([0], [1]), ([2, 0, 3], [3]), ([1, 1, 1], []), ([67], [67]),
    ([3, 5, 7], [3, 5, 7]), ([2, 3, 1, 4], [3, 5, 1]),
  ]

  @Test(arguments: DType.numeric)
  func `binary operations agree with NumPy`(dtype: DType) throws {
    for (name, apply) in Self.binary where !(dtype == .bool && name == "subtract") {
      for (a, b) in Self.shapes {
        let (x, y) = try (operand(dtype, a, 1), operand(dtype, b, 3))
        try expectNumPy(name, apply(x, y), [x, y])
      }
    }
  }

  @Test(arguments: DType.numeric)
  func `negation agrees with NumPy`(dtype: DType) throws {
    for shape in [[], [11], [2, 3], [0], [5, 1, 2]] where dtype != .bool {
      let x = try operand(dtype, shape, 1)
      try expectNumPy("negative", -x, [x])
    }
  }

  @Test func `bool has no subtraction and no negation, as in NumPy`() throws {
    let x = try Tensor([true, false])
    #expect(throws: OperationError.self) { try x - x }
    #expect(throws: OperationError.self) { try -x }
  }

  @Test(arguments: DType.numeric)
  func `a literal takes the other operand's dtype`(dtype: DType) throws {
    let x = try operand(dtype, [5], 1)
    if dtype == .bool {
      #expect(throws: OperationError.self) { try x + 1 }
      return
    }
    let two = try Tensor(2, dtype: dtype)
    try expectNumPy("add", x + 2, [x, two])
    try expectNumPy("multiply", 2 * x, [two, x])
    if !dtype.isInteger {
      let half = try Tensor(0.5, dtype: dtype)
      try expectNumPy("true_divide", x / 0.5, [x, half])
    } else {
      #expect(throws: OperationError.self) { try x * 0.5 }
    }
  }

  @Test(arguments: DType.numeric)
  func `conversion agrees with NumPy's astype`(dtype: DType) throws {
    let values = try Tensor([0.0, 1, -1, 2.75, -2.75, 100, 127])
    let astype = try Python.evaluate(
      "lambda x, dtype: x.astype(named(dtype))", ["named": oracle.attribute("__globals__")["named"]]
    )
    // A negative float has no defined value as an unsigned number.
    let isUnsigned = dtype.rawValue.hasPrefix("u")
    let x = isUnsigned ? try Tensor([0.0, 1, 2.75, 100, 127]) : values
    #expect(try x.asType(dtype) == Tensor(astype(x, dtype.rawValue)))
  }

  private func operand(_ dtype: DType, _ shape: [Int], _ seed: Int) throws -> Tensor {
    let operand = try oracle.attribute("__globals__")["operand"]
    return try Tensor(operand(dtype.rawValue, PythonObject(tuple: shape), seed))
  }

  private func expectNumPy(_ name: String, _ result: Tensor, _ operands: [Tensor]) throws {
    let problem = try oracle.call([name, result] + operands, keywords: [])
    let shapes = operands.map(\.shape.description).joined(separator: " ")
    #expect(problem.description == "None", "\(name) of \(operands[0].dtype) \(shapes)")
  }
}
