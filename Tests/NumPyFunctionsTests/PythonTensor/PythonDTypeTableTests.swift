import NumPyFunctions
import Testing

/// Dtypes, values and refusals of everything that the module implements, against NumPy's, for all pairs
/// of dtypes, Python numbers, and extents of 0; and the same in graphs, of which some are tried.
///
/// The module follows NumPy 2 whichever NumPy is loaded. Before NumPy 2, groups with Python numbers and
/// extreme values are left out, and so is what `changed` lists in the others: there the two differ.
@Suite struct PythonDTypeTableTests {
  private static let source = """
    import functools, itertools, operator, warnings
    import numpy as np
    import numpyfn as tf

    is_old = int(np.__version__.split(".")[0]) < 2
    dtypes = ["bool", "int8", "int16", "int32", "int64", "uint8", "uint16", "uint32", "uint64", "float16",
              "float32", "float64", "complex64", "complex128"]
    few = ["bool", "int8", "uint16", "float16", "float32", "complex64"]
    numbers = [True, 1, -1, 2, 300, 2**40, 2**63, 2**64, -2**63, -2**70, 1.5, -0.5, 1e300, float("nan"), 1j]
    shapes = [(), (0,), (3,), (2, 3), (0, 3), (2, 0)]

    first = {"b": [True, False, True, False], "i": [3, -2, 0, 1], "u": [3, 2, 0, 1],
             "f": [1.5, -2.25, 0.0, 2.0], "c": [1.5 + 1j, -2.25j, 0, 2.0]}
    second = {"b": [True, True, False, False], "i": [2, 3, -1, 0], "u": [2, 3, 1, 0],
              "f": [2.5, 0.5, -1.0, 0.0], "c": [1 + 2j, 0.5, -1j, 0]}

    def array(dtype, shape=(4,), values=first):
        return np.resize(np.array(values[np.dtype(dtype).kind], dtype), shape) if 0 not in shape else np.zeros(
            shape, dtype)

    def extremes(dtype):
        kind = np.dtype(dtype).kind
        if kind in "iu":
            limits = np.iinfo(dtype)
            return np.array([limits.min, limits.max, 0, 1, limits.max - 1], dtype)
        if kind == "b": return np.array([True, False, True, True, False])
        if kind == "c": return np.array([0, -0.0, 1, -1, 1e3j], dtype)
        return np.array([np.nan, np.inf, -np.inf, -0.0, 1e30]).astype(dtype)

    # Documented: bits of whole numbers, the order of complex numbers, norms by singular values, spreads in
    # whole dtypes, and objects. In C undefined: the reciprocal of a whole 0, floats that no whole number of
    # the dtype is near to. NumPy's own leftovers: negative counts of nothing.
    unsupported = ["combine tensors of bool", "negates tensors of bool", "complex numbers have no order", "dtype object",
                   "int too big to convert", "negative int to unsigned", "norm with ord=", "dtype= must be of",
                   "repeated -1 times"]
    undefined = ["reciprocal(int", "power(complex", "exp2(complex", "(uint64, 1e+300)"]

    # What another NumPy than 2 answers: Python numbers aside, floor, ceil and trunc of whole numbers, the
    # sign of complex numbers, arrays without axes beside others, and what NumPy 2 refuses.
    changed = ["floor(", "ceil(", "trunc(", "fix(", "sign(", "average", "clip", "nonzero(", "where(a)", "round",
               "ptp(", "full_like", "pad", "linalg", "angle", "index [5]", "()", "reshape", "tensordot", "hypot", "arctan2", "matrix_transpose",
               "ones_like", "diff", "take_along", "stack", "dot(", "conjugate", "count_nonzero"]

    kinds = (ValueError, TypeError, IndexError, OverflowError, ZeroDivisionError)

    def outcome(function, arguments):
        try: return function(*arguments), None
        except Exception as error: return None, error

    def difference(wanted, found):
        if isinstance(wanted, (tuple, list)):
            if not isinstance(found, (tuple, list)) or len(wanted) != len(found): return f"{found} is not {wanted}"
            return next(filter(None, map(difference, wanted, found)), None)
        if isinstance(wanted, np.dtype): return None if wanted == found else f"{wanted} is wanted, not {found}"
        a, b = np.asarray(wanted), np.asarray(found)
        if a.dtype != b.dtype or a.shape != b.shape:
            return f"{a.dtype}{a.shape} is wanted, not {b.dtype}{b.shape}"
        if a.dtype.kind in "fc":
            size = a.real.itemsize
            close = dict(rtol={2: 1e-2, 4: 1e-5, 8: 1e-12}[size], atol={2: 1e-3, 4: 1e-6, 8: 1e-12}[size])
            is_equal = np.allclose(a, b, equal_nan=True, **close)
        else:
            is_equal = np.array_equal(a, b)
        return None if is_equal else f"{a.tolist()} is wanted, not {b.tolist()}"

    def as_tensors(value):
        if isinstance(value, np.ndarray): return tf.constant(value)
        return type(value)(map(as_tensors, value)) if isinstance(value, (list, tuple)) else value

    def problem(function, arguments):
        copies = [value.copy() if isinstance(value, np.ndarray) else value for value in arguments]
        wanted, refusal = outcome(function, copies)
        found, error = outcome(function, [as_tensors(value) for value in arguments])
        if refusal is not None:
            if error is None: return f"NumPy raises {type(refusal).__name__} ({refusal}), {found} was found"
            if any(isinstance(refusal, kind) and isinstance(error, kind) for kind in kinds): return None
            return f"NumPy raises {type(refusal).__name__}, ours is {type(error).__name__}: {error}"
        if error is not None: return f"{type(error).__name__}: {error}"
        return difference(wanted, found)

    def traced_problem(function, arguments):
        # The same of tensors whose extents are not known, against what is found at once.
        found, error = outcome(function, [as_tensors(value) for value in arguments])
        places = [place for place, value in enumerate(arguments) if isinstance(value, np.ndarray)]
        def call(*tensors):
            given = list(arguments)
            for place, tensor in zip(places, tensors): given[place] = tensor
            return function(*given)
        specs = [tf.TensorSpec([None] * arguments[place].ndim, arguments[place].dtype) for place in places]
        traced, refusal = outcome(tf.function(call, specs), [arguments[place] for place in places])
        if refusal is not None:
            is_open = isinstance(refusal, tf.FailedPreconditionError)
            return None if error is not None or is_open else f"in a graph {type(refusal).__name__}: {refusal}"
        if error is not None:
            # A sum of weights is looked at where it has a value.
            is_looked_at = isinstance(error, ZeroDivisionError)
            return None if is_looked_at else f"in a graph {traced}, and {type(error).__name__}: {error}"
        # Numbers of Python's are int32 tensors where a graph returns them.
        text = difference(found, int(traced) if type(found) is int else traced)
        return text and f"in a graph {text}"

    def name(function): return getattr(function, "__name__", str(function))

    def unary():
        for function in tf._ufuncs:
            if function.nin == 1:
                for dtype in dtypes:
                    for shape in [(4,), (0,), ()]:
                        yield f"{name(function)}({dtype}{shape})", function, [array(dtype, shape)]

    def binary():
        for function in tf._ufuncs:
            if function.nin == 2 and function is not np.matmul:
                for a, b in itertools.product(dtypes, dtypes):
                    yield f"{name(function)}({a}, {b})", function, [array(a), array(b, values=second)]
                for a in dtypes: yield f"{name(function)}({a}[0])", function, [array(a, (0,)), array(a, (1,))]

    def with_numbers():
        main = ["bool", "int8", "int64", "uint8", "uint64", "float16", "float32", "float64", "complex64"]
        binary = [function for function in tf._ufuncs if function.nin == 2 and function is not np.matmul]
        operators = [operator.add, operator.sub, operator.mul, operator.truediv, operator.floordiv, operator.mod,
                     operator.pow, divmod, operator.lt, operator.le, operator.eq, operator.ne, operator.gt,
                     operator.ge, operator.iadd, operator.isub, operator.imul, operator.ipow,
                     operator.itruediv, operator.ifloordiv, operator.imod]
        chosen = [lambda a, b: np.where(a, a, b), lambda a, b: np.clip(a, b, b),
                  lambda a, b: np.stack([a, b]), np.dot, np.inner, np.outer]
        for function in binary + operators + chosen:
            for dtype, number in itertools.product(main if function in binary else few, numbers):
                text = f"{name(function)}({dtype}, {number!r})"
                yield text, function, [array(dtype), number]
                if function in operators or dtype in ["int8", "uint64", "float32"]:
                    yield f"reversed {text}", function, [number, array(dtype)]
        for function in [operator.neg, operator.pos, operator.abs]:
            for dtype in dtypes: yield f"{name(function)}({dtype})", function, [array(dtype)]
        for dtype, number in itertools.product(dtypes, numbers):
            yield f"full_like({dtype}, {number})", np.full_like, [array(dtype), number]
            yield f"clip({dtype}, 0, {number})", lambda a, n: np.clip(a, 0, n), [array(dtype), number]
            yield f"pad({dtype}, {number})", lambda a, n: np.pad(a, 1, constant_values=n), [array(dtype), number]

    def edges():
        known = [0, -1, 127, 128, -129, 2**31 - 1, 2**32, 2**53 + 1, 2**63 - 1, 2**63, 2**64 - 1, -2**63, -2**63 - 1,
                 0.0, float("inf"), 1e39]
        compared = [np.less, np.less_equal, np.equal, np.not_equal, np.greater, np.greater_equal]
        for function in tf._ufuncs:
            if function is np.matmul: continue
            for a in dtypes:
                if function.nin == 1:
                    yield f"{name(function)}({a})", function, [extremes(a)]
                    continue
                for b in dtypes if function in compared else few:
                    # Infinities to complex powers are NaN in one part or both.
                    if function in [np.power, np.float_power] and "complex64" in [a, b]: continue
                    yield f"{name(function)}({a}, {b})", function, [extremes(a), extremes(b)[::-1].copy()]
                for number in known if function in compared else known[::4]:
                    yield f"{name(function)}({a}, {number})", function, [extremes(a), number]
        for dtype, method in itertools.product(dtypes, "sum prod mean min max cumsum var argmax any all".split()):
            yield f"{method}({dtype})", operator.methodcaller(method), [extremes(dtype)]

    def reductions():
        methods = "sum mean prod max min any all var std argmax argmin cumsum".split()
        for method in methods + ["count_nonzero", "ptp", "average"]:
            function = getattr(np, method)
            for dtype, shape in itertools.product(few, shapes):
                a, text = array(dtype, shape), f"{method}({dtype}{shape}"
                for axis in [None, 0, -1, 2, (0, 1), (0, 0)]:
                    yield f"{text}, axis={axis})", lambda a: function(a, axis=axis), [a]
                    if method != "cumsum":
                        yield f"{text}, axis={axis}, keepdims)", lambda a: function(a, axis=axis, keepdims=True), [a]
                if method in methods and (method, axis) != ("cumsum", (0, 1)):
                    yield f"{text}.method)", operator.methodcaller(method), [a]
                if method in ["sum", "mean", "prod", "var", "std", "cumsum"]:
                    for other in ["float32", "int8", "bool", "complex64"]:
                        # NaN as a whole number is whatever the processor makes of it.
                        if method == "mean" and 0 in shape and other in ["int8", "bool"]: continue
                        yield f"{text}, dtype={other})", lambda a: function(a, dtype=other), [a]
                if method in ["var", "std"]:
                    for ddof in [1, 10, -1, 0.5]:
                        yield f"{text}, ddof={ddof})", lambda a: function(a, ddof=ddof), [a]

    def products():
        pairs = [((), ()), ((3,), (3,)), ((3,), (2,)), ((0,), (0,)), ((2, 3), (3,)), ((2, 3), (3, 4)), ((2, 3), (2, 3)),
                 ((0, 3), (3, 2)), ((2, 0), (0, 3)), ((2, 0), (0,)), ((2, 3), ()), ((2, 2, 3), (3,)),
                 ((2, 2, 3), (2, 3, 2)), ((2, 2, 0), (2, 0, 2)), ((0, 2, 3), (3, 2)), ((3,), (2, 3, 4)), ((1, 3), (3, 1))]
        functions = {"dot": np.dot, "inner": np.inner, "vdot": np.vdot, "outer": np.outer, "matmul": np.matmul,
                     "add.outer": np.add.outer, "broadcast_arrays": np.broadcast_arrays}
        for axes in [0, 1, 2, 3, -1, ([0], [0]), ([0, 1], [1, 0]), (-1, -1), ([0, 0], [0, 0]), ([0, 1], [0])]:
            functions[f"tensordot {axes}"] = functools.partial(np.tensordot, axes=axes)
        for axis in [None, 0, -1]:
            functions[f"average {axis}"] = lambda a, b, axis=axis: np.average(a, axis=axis, weights=b)
        functions.update({
            "concatenate": lambda a, b: np.concatenate([a, b]), "stack": lambda a, b: np.stack([a, b]),
            "hstack": lambda a, b: np.hstack([a, b]), "vstack": lambda a, b: np.vstack([a, b]),
            "where": lambda a, b: np.where(a, a, b), "clip": lambda a, b: np.clip(a, b, b),
            "take": lambda a, b: np.take(a, b), "take_along_axis": lambda a, b: np.take_along_axis(a, b, 0),
            "result_type": np.result_type})
        for text, function in functions.items():
            for a, b in pairs:
                for one, other in [("float32", "float32"), ("int8", "uint8"), ("bool", "bool")]:
                    yield f"{text}({one}{a}, {other}{b})", function, [array(one, a), array(other, b)]
            for a, b in itertools.product(few, few):
                yield f"{text}({a}, {b})", function, [array(a, (3,)), array(b, (3,))]
    """

  /// Functions that move elements, each with all its arguments.
  private static let shapeSource = """

    def shape_calls():
        every, some = dtypes, ["float32", "bool"]
        def each(text, function, of=some, shapes=shapes):
            for dtype, shape in itertools.product(of, shapes): yield f"{text}: {dtype}{shape}", function, [array(dtype, shape)]
        for n in [-1, 0, 1, 2, 5]: yield from each(f"diff n={n}", lambda a: np.diff(a, n=n))
        for axis in [0, 1, -1, -2, 3]:
            calls = {
                "diff": lambda a: np.diff(a, axis=axis), "flip": lambda a: np.flip(a, axis),
                "roll": lambda a: np.roll(a, 1, axis), "expand_dims": lambda a: np.expand_dims(a, axis),
                "squeeze": lambda a: np.squeeze(a, axis), "repeat": lambda a: np.repeat(a, 2, axis),
                "take": lambda a: np.take(a, [0, -1], axis), "take none": lambda a: np.take(a, [], axis),
                "moveaxis": lambda a: np.moveaxis(a, axis, 0), "swapaxes": lambda a: np.swapaxes(a, axis, 0),
                "concatenate": lambda a: np.concatenate([a, a], axis), "stack": lambda a: np.stack([a, a], axis),
                "split": lambda a: np.split(a, 1, axis), "array_split": lambda a: np.array_split(a, 2, axis),
                "split at": lambda a: np.split(a, [1], axis), "cumsum": lambda a: np.cumsum(a, axis),
                "take_along_axis": lambda a: np.take_along_axis(a, np.zeros((1,) * a.ndim, int), axis),
                "size": lambda a: np.size(a, axis), "norm": lambda a: np.linalg.norm(a, axis=axis)}
            for text, call in calls.items(): yield from each(f"{text} {axis}", call)
        for reps in [0, 3, (), (1,), (2, 1), (1, 2, 3), (0,)]: yield from each(f"tile {reps}", lambda a: np.tile(a, reps))
        for reps in [0, 2, [1], [1, 2], [1, 2, 3], [], [-1, 1, 1], True, 1.5]:
            yield from each(f"repeat {reps}", lambda a: np.repeat(a, reps))
            yield from each(f"repeat {reps} along 0", lambda a: np.repeat(a, reps, 0))
        for shape in [-1, 0, 1, 6, (3, 2), (-1, 2), (-1, -1), (), (2, 0), (0, -1), (-2, 3), (1, 1, 6), (0,)]:
            yield from each(f"reshape {shape}", lambda a: np.reshape(a, shape))
            yield from each(f"broadcast_to {shape}", lambda a: np.broadcast_to(a, shape))
            yield from each(f"method reshape {shape}", lambda a: a.reshape(shape))
        for width in [0, 1, -1, (1,), (1, 2), ((1, 2),), ((1, 0), (0, 2)), [[1], [2]], (1, 2, 3)]:
            for mode in ["constant", "edge", "reflect", "symmetric", "wrap"]:
                yield from each(f"pad {width} {mode}", lambda a: np.pad(a, width, mode=mode), ["float32"])
        yield from each("pad pair", lambda a: np.pad(a, 1, constant_values=(1, 2)))
        for k in [-5, -1, 0, 1, 5]:
            for function in [np.tril, np.triu, np.diagonal, np.trace]:
                yield from each(f"{name(function)} {k}", lambda a: function(a, k))
        for axes in [(0, 0), (1, 0), (-1, -2)]: yield from each(f"diagonal {axes}", lambda a: np.diagonal(a, 0, *axes))
        for count in [-1, 0, 1, 2, 3]:
            for function in [np.split, np.array_split, np.hsplit, np.vsplit]:
                yield from each(f"{name(function)} into {count}", lambda a: function(a, count))
        for axes in [None, (1, 0), (0, 0)]: yield from each(f"transpose {axes}", lambda a: np.transpose(a, axes))
        for function in [np.vstack, np.hstack, np.dstack, np.column_stack, np.stack, np.concatenate]:
            yield from each(f"{name(function)}", lambda a: function([a, a]))
            yield from each(f"{name(function)} mixed", lambda a: function([a, np.ones(3)]))
        for function in [np.atleast_1d, np.atleast_2d, np.atleast_3d, np.ravel, np.argwhere, np.nonzero, np.flatnonzero,
                         np.flipud, np.fliplr, np.zeros_like, np.ones_like, np.copy, np.ndim, np.size, np.iscomplexobj,
                         np.real, np.imag, np.angle, np.fix, np.linalg.norm]:
            yield from each(f"{name(function)}(", function, every, [(), (0,), (3,), (2, 3)])
        yield from each("where(a)", lambda a: np.where(a), every)
        for decimals in [-3, -1, 0, 1, 2, 400]:
            yield from each(f"round {decimals}", lambda a: np.round(a, decimals), every, [(3,), (0,)])
            yield from each(f"method round {decimals}", lambda a: a.round(decimals), few, [(3,)])
        for dtype, casting in itertools.product(dtypes, ["unsafe", "same_kind", "safe"]):
            yield from each(f"astype {dtype} {casting}", lambda a: a.astype(dtype, casting=casting), every, [(2,)])
        for order in [None, 1, 2, -1, 0, np.inf, -np.inf, "fro", 3]:
            yield from each(f"linalg.norm {order}", lambda a: np.linalg.norm(a, order), few)
            yield from each(f"linalg.norm {order} along", lambda a: np.linalg.norm(a, order, axis=-1), few)
            yield from each(f"linalg.norm {order} of matrices",
                            lambda a: np.linalg.norm(a, order, axis=(0, 1), keepdims=True), few)
        for index in [0, -1, 5, (0, 1), slice(1, None), slice(None, None, -1), None, ..., (..., 0), [0], [], [True, False],
                      [True, False, True], np.array([], int), (slice(None), [0]), (0, [0]), True, False, (None, 0), [5],
                      1.0, "a", np.array(True), np.array([[0, 1]])]:
            yield from each(f"index {index}", lambda a: a[index])

    groups = {"unary": unary, "binary": binary, "numbers": with_numbers, "edges": edges, "reductions": reductions,
              "products": products, "shapes": shape_calls}

    def run(group):
        # How many were compared, and what differs.
        problems, count = [], 0
        with warnings.catch_warnings(), np.errstate(all="ignore"):
            warnings.simplefilter("ignore")
            for index, (text, function, arguments) in enumerate(groups[group]()):
                if any(part in text for part in undefined) or is_old and any(part in text for part in changed): continue
                count += 1
                found = problem(function, arguments)
                if found is None and index % 29 == 0 and function is not np.result_type: found = traced_problem(function, arguments)
                if found and not any(part in found for part in unsupported): problems.append(f"{text}: {found}")
        return [str(count)] + problems
    """

  /// Groups in which NumPy 1.x agrees with NumPy 2.
  private static let stable = ["unary", "binary", "reductions", "products", "shapes"]

  private static let isOld =
    (try? String(Python.import("numpy").__version__))?.hasPrefix("1.") ?? false

  private static let run = Result { try Python.function(source + shapeSource, named: "run") }

  @Test(arguments: isOld ? stable : stable + ["numbers", "edges"])
  func `dtypes, values and refusals are those of NumPy 2`(group: String) throws {
    let found = try [String](Self.run.get()(group))
    #expect(try #require(Int(found[0])) > 400, "\(group)")
    let problems = found.dropFirst()
    #expect(problems.isEmpty, "\(problems.count): \(problems.prefix(40).joined(separator: "\n"))")
  }

  @Test func `whole numbers to negative powers are refused when the graph runs`() throws {
    let found = try python(
      """
      power = tf.function(lambda x, n: x ** n, [tf.TensorSpec(None, "int64")] * 2)
      result = [power(2, 3).tolist(), power([2, 3], [0, 2]).tolist()]
      for f in (lambda: power(2, -1), lambda: power([2, 2], [1, -1]), lambda: tf.constant(2) ** -1,
                lambda: tf.function(lambda x: x ** -1)(tf.constant(2))):
        try: result.append(f())
        except ValueError as error: result.append("to the power -1" in str(error))
      result.append((tf.constant(2) ** -1.0).tolist())
      """)
    #expect(found.description == "[8, [1, 9], True, True, True, True, 0.5]")
  }

  @Test func `an operator in place keeps the dtype, but of what has no axes`() throws {
    let found = try python(
      """
      result = []
      t = tf.constant([1., 2.]); before = t
      t += np.ones(2); result += [str(t.dtype), t.tolist(), before.tolist()]
      t = tf.constant([1, 2], "int8"); t *= np.int64(3); result += [str(t.dtype), t.tolist()]
      s = tf.constant(1.); s += np.float64(2); result += [str(s.dtype)]
      t = tf.constant([1, 2])
      try: t /= 2
      except TypeError as error: result.append("write t = t + u" in str(error))
      f = tf.function(lambda t: f_in_place(t), [tf.TensorSpec([None], "float32")])
      def f_in_place(t):
        t -= np.ones(2)
        return t
      result += [str(f([3., 4.]).dtype), tf.gradient(lambda x: f_in_place(x)[0])(tf.constant([1., 2.])).tolist()]
      """)
    #expect(
      found.description
        == "['float32', [2.0, 3.0], [1.0, 2.0], 'int8', [3, 6], 'float64', True, 'float32', [1.0, 0.0]]"
    )
  }
}
