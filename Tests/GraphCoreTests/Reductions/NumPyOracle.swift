import GraphCore
import NumPyFunctions
import TensorCore
import Testing

/// What NumPy answers, for tests of operations whose rounding may differ from NumPy's.
struct NumPyOracle: Sendable {
  private static let source = """
    import numpy as np
    def named(dtype):
        if dtype == 'bfloat16':
            import ml_dtypes
            return np.dtype(ml_dtypes.bfloat16)
        return np.dtype(dtype)
    def operand(dtype, shape, seed):
        dtype = named(dtype)
        random = np.random.default_rng(seed)
        if dtype.kind == 'b':
            return random.random(shape) < 0.7
        if dtype.kind in 'iu':
            info = np.iinfo(dtype)
            return random.integers(info.min, info.max, shape, dtype, endpoint=True)
        values = random.uniform(-2, 2, shape)
        if dtype.kind == 'c':
            # Near the unit circle, so that no product of many overflows.
            values = random.uniform(0.9, 1.1, shape) * np.exp(1j * values * np.pi)
        return np.asarray(values).astype(dtype)
    def precise(x):
        x = np.asarray(x)
        if x.dtype.kind == 'V' or x.dtype.kind == 'f':
            return x.astype('f8')
        return x.astype('c16') if x.dtype.kind == 'c' else x
    def differ(result, expected, scale, slack=4, most=1):
        'What is wrong with result; expected says dtype, shape and, up to rounding, values.'
        if result.dtype != expected.dtype or result.shape != expected.shape:
            return f'{result.dtype}{result.shape} for {expected.dtype}{expected.shape}'
        if expected.dtype.kind in 'biu':
            return None if np.array_equal(result, expected) else f'{result} for {expected}'
        eps = {2: 2e-3, 4: 1e-6, 8: 1e-14, 16: 1e-14}[expected.itemsize]
        if expected.dtype.name == 'bfloat16':
            eps = 1.6e-2
        if expected.dtype.kind == 'c' and expected.itemsize == 8:
            eps = 1e-6
        a, b = precise(result), precise(scale)
        right = np.allclose(a, b, rtol=slack * eps, atol=slack * eps * most, equal_nan=True)
        return None if right else f'{a} for {b}'
    def argextreme(name, x, axis, keepdims):
        if x.dtype.kind == 'V':
            x = x.astype('f4')
        return np.asarray(getattr(np, name)(x, axis=axis, keepdims=keepdims))
    def cumulative(result, x, axis, exclusive, reverse):
        wide = precise(x)
        if reverse:
            wide = np.flip(wide, axis)
        sums = np.cumsum(wide, axis)
        if exclusive:
            sums = sums - wide
        if reverse:
            sums = np.flip(sums, axis)
        dtype = x.dtype if x.dtype.kind in 'Vfc' else np.cumsum(x[..., :0]).dtype
        # Added one after the other, in NumPy as well: errors add up.
        return differ(np.asarray(result), sums.astype(dtype), sums.astype(dtype), 100)
    def logsumexp(x, axis=None, keepdims=False):
        # As SciPy's, which takes no empty axes and has other dtypes for small numbers.
        dtype = x.dtype if x.dtype.kind in 'Vf' else np.dtype('f8')
        x = x.astype('f8')
        most = x.max(axis=axis, keepdims=True)
        whole = np.log(np.exp(x - most).sum(axis=axis, keepdims=True)) + most
        return (whole if keepdims else whole.sum(axis=axis)).astype(dtype)
    def function(name):
        if name == 'logsumexp':
            return logsumexp
        if name in ('softmax', 'log_softmax'):
            import scipy.special
            return getattr(scipy.special, name)
        return getattr(np, name)
    def problem(name, result, x, axes, keepdims):
        axes = None if axes is None else tuple(axes)
        f = function(name)
        options = {'keepdims': True} if keepdims else {}
        with np.errstate(all='ignore'):
            import warnings
            with warnings.catch_warnings():
                warnings.simplefilter('ignore')
                expected = np.asarray(f(x, axis=axes, **options))
                # The values in float64, as NumPy itself adds up some of the smaller floats in their dtype.
                exact = np.asarray(f(precise(x), axis=axes, **options))
                if expected.dtype.kind in 'biu':
                    exact = expected
                # A sum is as exact as its parts are great, which may cancel each other out.
                most = 1
                if name == 'sum' and exact.size:
                    most = max(1, np.abs(precise(x)).sum(axis=axes).max() / 16)
        return differ(np.asarray(result), expected, exact.astype(expected.dtype), most=most)
    """

  private let problem: PythonObject

  init() {
    do {
      problem = try Python.function(Self.source, named: "problem")
    } catch {
      fatalError("the oracle of the tests does not compile: \(error)")
    }
  }

  func function(_ name: String) throws -> PythonObject {
    try problem.attribute("__globals__")[name]
  }

  /// Random elements, the same at every call.
  func operand(_ dtype: DType, _ shape: [Int], seed: Int = 1) throws -> Tensor {
    try Tensor(function("operand")(dtype.rawValue, PythonObject(tuple: shape), seed))
  }

  /// Compares with what NumPy's, or SciPy's, function of that name answers: dtype, shape, and values
  /// but for rounding.
  func expect(
    _ name: String, _ result: Tensor, _ x: Tensor, axes: [Int]?, keepDims: Bool
  ) throws {
    let problem = try problem(name, result, x, axes, keepDims)
    #expect(
      problem.description == "None",
      "\(name) of \(x.dtype)\(x.shape) along \(axes.map { "\($0)" } ?? "all"), \(keepDims)")
  }
}
