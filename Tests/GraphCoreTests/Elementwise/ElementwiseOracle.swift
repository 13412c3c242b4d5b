import GraphCore
import NumPyFunctions
import TensorCore
import Testing

/// NumPy's answers to elementwise functions, computed with more precision where that is the question.
struct ElementwiseOracle {
  private let problem: PythonObject

  init() throws {
    problem = try Python.function(
      """
      import numpy as np
      def named(dtype):
          if dtype == 'bfloat16':
              import ml_dtypes
              return np.dtype(ml_dtypes.bfloat16)
          return np.dtype(dtype)

      def operand(dtype, shape, seed, domain):
          # domain: 'any', or the interval (a, b) that the function is defined on.
          dtype = named(dtype)
          count = int(np.prod(shape))
          kind = dtype.kind
          generator = np.random.default_rng(seed)
          if kind == 'b':
              values = generator.integers(0, 2, count).astype(bool)
          elif kind in 'iu':
              info = np.iinfo(dtype)
              values = generator.integers(info.min, info.max, count, dtype, True)
              some = generator.integers(-3 if kind == 'i' else 0, 9, count).astype(dtype)
              values = np.where(generator.random(count) < 0.6, some, values)
              if domain is not None:
                  values = some
          else:
              a, b = domain or (-4, 4)
              values = generator.uniform(a, b, count)
              values[generator.random(count) < 0.1] = min(1, b)
              if kind == 'c':
                  values = values + 1j * generator.uniform(-3, 3, count)
              with np.errstate(all='ignore'):
                  values = values.astype(dtype)
              if domain is None and kind != 'c' and count:
                  with np.errstate(all='ignore'):
                      special = np.array([0.0, -0.0, 1, -1, np.inf, -np.inf, np.nan, 1e-3, 0.5, -0.5, 1.5, 2.5,
                                          3e4, -2.0, 1e-40, 3e38, -3e38, 1e-7], 'f8').astype(dtype)
                  at = generator.random(count) < 0.3
                  values[at] = special[generator.integers(0, len(special), count)[at]]
          return np.ascontiguousarray(values.reshape(shape))

      def reference(name, operands):
          special = {
              'rsqrt': lambda x: 1 / np.sqrt(x),
              'sigmoid': lambda x: np.where(x < 0, np.exp(-abs(x)), 1) / (1 + np.exp(-abs(x))),
              'softplus': lambda x: np.log1p(np.exp(-abs(x))) + np.maximum(x, 0),
              'relu': lambda x: np.maximum(x, x.dtype.type(0)),
              'select': np.where,
          }
          if name in ('floor', 'ceil', 'trunc', 'round') and operands[0].dtype.kind in 'biu':
              return lambda x: x  # As in NumPy 2.
          if name in ('erf', 'erfc'):
              import scipy.special
              return getattr(scipy.special, name)
          if name == 'gelu':
              import scipy.special
              return lambda x: x * scipy.special.ndtr(x)
          if name == 'gelu_tanh':
              return lambda x: 0.5 * x * (1 + np.tanh(np.sqrt(2 / np.pi) * (x + 0.044715 * x ** 3)))
          if name == 'sign' and operands[0].dtype.kind == 'c' and np.__version__ < '2':
              return lambda z: np.where(z == 0, 0, z / np.where(z == 0, 1, abs(z)))
          return special.get(name) or getattr(np, name)

      def wide(dtype):
          # In which the reference is computed when ulps are counted.
          if dtype.kind == 'V':
              return np.float64
          return {2: np.float64, 4: np.float64, 8: np.longdouble}[dtype.itemsize]

      def dtype_of(name, operands):
          with np.errstate(all='ignore'):
              if name in ('floor', 'ceil', 'trunc', 'round', 'relu', 'gelu', 'gelu_tanh'):
                  return operands[0].dtype
              if name in ('erf', 'erfc', 'sigmoid', 'softplus', 'rsqrt'):
                  name = 'exp'  # They are not NumPy's.
              if any(x.dtype.kind == 'V' for x in operands):
                  small = [np.ones(1, 'f4') if x.dtype.kind == 'V' else x.ravel()[:1] for x in operands]
                  dtype = np.asarray(reference(name, small)(*small)).dtype
                  return operands[-1].dtype if dtype == np.float32 else dtype
              ones = [np.ones(1, x.dtype) for x in operands]
              return np.asarray(reference(name, ones)(*ones)).dtype

      def problem(name, result, ulps, *operands):
          result = np.asarray(result)
          with np.errstate(all='ignore'):
              shape = np.broadcast_shapes(*[x.shape for x in operands])
              dtype = dtype_of(name, operands)
              if result.shape != shape or result.dtype != dtype:
                  return f'{result.dtype}{result.shape} for {dtype}{shape}'
              if dtype.kind in 'fV' and (ulps > 0 or dtype.kind == 'V'):
                  up = wide(dtype)
                  arguments = [x if x.dtype.kind == 'b' and name == 'select' else x.astype(dtype).astype(up) for x in operands]
                  if name in ('erf', 'erfc', 'gelu'):
                      arguments = [x.astype('f8') for x in arguments]
                  exact = np.asarray(reference(name, arguments)(*arguments))
                  rounded = exact.astype(dtype)
                  a, b = result.astype(up), rounded.astype(up)
                  same = (a == b) | (np.isnan(a) & np.isnan(b))
                  # One unit in the last place of the expected number.
                  bits, low = {'float16': (10, -24), 'float32': (23, -149), 'float64': (52, -1074)}.get(dtype.name, (7, -133))
                  exponent = np.frexp(np.where(np.isfinite(b), b, 1))[1] - 1 - bits
                  unit = np.ldexp(up(1), np.maximum(exponent, low))
                  near = np.abs(result.astype(up) - exact.astype(up)) <= ulps * unit
                  right = same | (near & np.isfinite(a))
              else:
                  expected = np.asarray(reference(name, operands)(*operands)).astype(dtype)
                  if dtype.kind == 'c':
                      tolerance = 2e-5 if dtype.itemsize == 8 else 1e-12
                      right = np.isclose(result, expected, rtol=tolerance, atol=tolerance, equal_nan=True)
                  else:
                      a, b = result, expected
                      if operands[0].dtype.kind == 'c' and dtype.kind == 'f':
                          # NumPy's own lengths of complex numbers are rounded in more than one way.
                          a = np.where(np.isclose(a, b, rtol=4 * np.finfo(dtype).eps, atol=0), b, a)
                      right = (a == b) | ((a != a) & (b != b))
                      if dtype.kind == 'f' and name not in ('minimum', 'maximum', 'clip', 'relu'):
                          right &= (a != a) | (np.signbit(a) == np.signbit(b))
          if np.all(right):
              return None
          at = np.unravel_index(np.argmin(right), shape)
          given = [np.broadcast_to(x, shape)[at] for x in operands]
          return f'{name}({", ".join(map(repr, given))}) = {result[at]!r} at {at}'
      """, named: "problem")
  }

  /// Numbers of a dtype: any, with the special ones among them, or of an interval.
  func operand(
    _ dtype: DType, _ shape: [Int], seed: Int, domain: ClosedRange<Double>? = nil
  ) throws -> Tensor {
    let operand = try problem.attribute("__globals__")["operand"]
    let bounds =
      try domain.map { try PythonObject(tuple: [$0.lowerBound, $0.upperBound]) } ?? Python.none
    return try Tensor(operand(dtype.rawValue, PythonObject(tuple: shape), seed, bounds))
  }

  /// Expects what NumPy's function `name` gives for these operands: exactly, or for floating-point
  /// results within so many units in the last place of the exact result.
  func expect(
    _ name: String, _ result: Tensor, _ operands: [Tensor], ulps: Double = 0,
    sourceLocation: Testing.SourceLocation = #_sourceLocation
  ) throws {
    let answer = try problem.call([name, result, ulps] + operands, keywords: [])
    let specs = operands.map { TensorSpec(of: $0).description }.joined(separator: " ")
    #expect(
      answer.description == "None", "\(name) of \(specs)", sourceLocation: sourceLocation)
  }
}
