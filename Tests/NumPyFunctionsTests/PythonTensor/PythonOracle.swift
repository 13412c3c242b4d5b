import NumPyFunctions

/// NumPy as the judge of what Python expressions make of tensors.
enum PythonOracle {
  /// Compares an expression of arrays with the same one of tensors.
  private static let source = """
    import numpy as np
    import numpyfn as tf
    import re
    import warnings

    def variables(dtype):
        random = np.random.default_rng(0)
        def make(*shape):
            if dtype.kind == "c":
                return (random.normal(size=shape) + 1j * random.normal(size=shape)).astype(dtype)
            if dtype.kind == "f":
                return random.uniform(0.1, 0.9, size=shape).astype(dtype)
            return random.integers(*((0, 2) if dtype.kind == "b" else (1, 9)), size=shape).astype(dtype)
        shapes = dict(x=(2, 3), y=(2, 3), v=(3,), w=(3,), m=(3, 4), a=(2, 3, 4), s=(), q=(6,),
                      sq=(4, 4), row=(1, 3))
        return {name: make(*shape) for name, shape in shapes.items()}

    def difference(wanted, found):
        if isinstance(wanted, (list, tuple)):
            if len(wanted) != len(found):
                return f"{len(wanted)} parts are wanted, {len(found)} found"
            return next(filter(None, map(difference, wanted, found)), None)
        if not isinstance(found, tf.Tensor) and type(wanted) is not type(found):
            return f"a {type(wanted).__name__} is wanted, a {type(found).__name__} found"
        a, b = np.asarray(wanted), np.asarray(found)
        if a.dtype != b.dtype or a.shape != b.shape:
            return f"{a.dtype}{a.shape} is wanted, {b.dtype}{b.shape} found"
        if a.dtype.kind in "fc":
            precise = a.real.itemsize == 8
            tolerance = dict(rtol=1e-12, atol=1e-12) if precise else dict(
                rtol=1e-5 if a.real.itemsize == 4 else 1e-2, atol=1e-6)
            is_equal = np.allclose(a, b, equal_nan=True, **tolerance)
        else:
            is_equal = np.array_equal(a, b)
        return None if is_equal else f"{a} is wanted, {b} found"

    def compare(expression, dtype):
        arrays = variables(np.dtype(dtype))
        tensors = {name: tf.constant(array) for name, array in arrays.items()}
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            wanted = eval(expression, dict(np=np, tf=tf, **arrays))
            found = eval(expression, dict(np=np, tf=tf, **tensors))
        return difference(wanted, found)

    def compare_traced(expression, dtype, is_ranked):
        # Of tensors of a graph, of which not even the rank is known, or the extents are not.
        arrays = variables(np.dtype(dtype))
        names = [name for name in arrays if re.search(rf"\\b{name}\\b", expression)]
        plain = []
        def trace(*tensors):
            found = eval(expression, dict(np=np, tf=tf, **dict(zip(names, tensors))))
            plain.append(found)
            return symbolic(found)
        def symbolic(found):
            if isinstance(found, (list, tuple)): return [symbolic(part) for part in found]
            return found if isinstance(found, tf.Tensor) else None
        def filled(found, values):
            if isinstance(found, (list, tuple)): return type(found)(map(filled, found, values))
            return values if isinstance(found, tf.Tensor) else found
        specs = [tf.TensorSpec([None] * arrays[name].ndim if is_ranked else None, dtype) for name in names]
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            wanted = eval(expression, dict(np=np, tf=tf, **arrays))
            try:
                values = tf.function(trace, specs)(*[arrays[name] for name in names])
                found = filled(plain[0], values)
                if isinstance(wanted, int):
                    # A number is a tensor here, or an object that refuses to be compared.
                    return None if tf.constant(found == wanted).item() else f"{wanted} is wanted, not {found}"
                if expression in ("x.shape", "np.shape(x)"): wanted = (None,) * len(wanted)
                return difference(wanted, found)
            except Exception as error:
                return f"{type(error).__name__}: {error}"
    """

  private static let compare = Result { try Python.function(source, named: "compare") }
  private static let compareTraced = Result {
    try Python.function(source, named: "compare_traced")
  }

  /// What is different in a graph of which ranks, or all extents, are not known; an error as its class
  /// and message; nil when nothing is.
  static func tracedDifference(
    _ expression: String, _ dtype: DType, isRanked: Bool
  ) throws -> String? {
    try String?(compareTraced.get()(expression, dtype.rawValue, isRanked))
  }

  /// What is different; nil when nothing is.
  static func difference(_ expression: String, _ dtype: DType) throws -> String? {
    try String?(compare.get()(expression, dtype.rawValue))
  }
}

/// Runs Python statements with `np` and `tf` (numpyfn), and answers what `result` is afterwards.
@discardableResult
func python(
  _ source: String, file: String = #fileID, line: Int = #line
) throws -> PythonObject {
  let body = source.split(separator: "\n", omittingEmptySubsequences: false)
    .map { "  \($0)" }.joined(separator: "\n")
  let text = """
    def run():
      import numpy as np
      import numpyfn as tf
      result = None
    \(body)
      return result
    """
  return try Python.function(text, file: file, line: line)()
}
