"""Programs of NumPy expressions: on arrays, on tensors at once, and in graphs of all kinds."""

import functools

import numpy as np

import numpyfn as tf

UNARY = ["-{}", "abs({})", "np.sqrt(abs({}) + 1)", "np.tanh({})", "np.sin({})", "np.exp(np.tanh({}))", "{} * 2",
         "1 - {}", "{} / 3", "{} ** 2", "np.floor({})", "np.sign({})", "np.square({})", "{}.astype('float32')",
         "{}.astype('float64')", "np.where({0} > 0, {0}, 1)", "np.clip({}, -1, 2)", "{} > 0.5", "np.isnan({})",
         "np.cumsum({}, axis=-1)", "np.log1p(abs({}))", "np.arctan({})", "np.round({}, 1)"]
BINARY = ["{} + {}", "{} - {}", "{} * {}", "{} / ({} ** 2 + 1)", "np.maximum({}, {})", "np.minimum({}, {})",
          "np.hypot({}, {})", "{} < {}", "np.arctan2({}, {})", "np.logaddexp({}, {})", "np.where({0} > {1}, {0}, {1})",
          "{} == {}", "np.add({}, {})", "np.multiply({}, {})"]
SHAPED = ["np.sum({}, axis={axis}, keepdims=True)", "np.mean({}, axis={axis})", "np.max({}, axis={axis})",
          "np.min({}, keepdims=True)", "np.sum({})", "{}.T", "{}[{axis}]", "{}[::-1]", "{}[..., ::2]", "{}[1:]",
          "np.expand_dims({}, {axis})", "np.ravel({})", "np.flip({}, {axis})", "np.roll({}, 2, axis={axis})",
          "np.concatenate([{0}, {0}], axis={axis})", "np.stack([{0}, {0}], axis={axis})", "np.prod({} / 4, axis={axis})",
          "np.var({}, axis={axis})", "np.argmax({}, axis={axis})", "np.any({} > 1, axis={axis})", "{}[{}.shape[0] // 2]",
          "np.swapaxes({}, 0, -1)", "np.diff({}, axis={axis})", "np.tile({}, 2)", "np.repeat({}, 2, axis={axis})",
          "np.atleast_2d({})", "np.squeeze({})", "np.transpose({})", "{}.reshape(-1)", "np.outer({}, {})",
          "np.matmul({0}, np.swapaxes({0}, -1, -2))", "np.dot({}, 2)", "np.linalg.norm({})", "np.pad({}, 1)",
          "np.tril({})", "np.take({}, [0], axis={axis})", "np.std({})", "np.count_nonzero({})", "np.vstack([{0}, {0}])"]


def make(choice):
    """The source of a program of x, y and z."""
    names, lines = ["x", "y", "z"], []
    for number in range(choice.randint(2, 9)):
        form = choice.choice(choice.choice([UNARY, BINARY, SHAPED]))
        operands = [choice.choice(names[-5:]) for _ in range(2)]
        if form.count("{}") == 2 and form.startswith("{}[{}"):
            operands[1] = operands[0]
        # NumPy's scalars have rules of their own (a bool to a power, for one): arrays all the way.
        lines.append(f"v{number} = A(" + form.format(*operands, axis=choice.choice([0, -1])) + ")")
        names.append(f"v{number}")
    return lines, names[-1]


def inputs(choice):
    numbers = np.random.default_rng(choice.getrandbits(32))
    shape = [choice.choice([0, 1, 2, 3, 4]) for _ in range(choice.choice([1, 2, 2, 3]))]
    found = []
    for _ in range(3):
        dtype = choice.choice(["float64", "float64", "float32", "int64", "int32", "bool", "float16", "uint8"])
        part = shape if choice.random() < 0.7 else shape[-1:] if choice.random() < 0.5 else []
        values = numbers.normal(0, 2, part) if dtype[0] == "f" else numbers.integers(0, 5, part)
        found.append(np.asarray(values).astype(dtype))
    return found


def case(choice):
    lines, last = make(choice)
    arrays = inputs(choice)
    scope = {"np": np, "A": lambda x: x if isinstance(x, tf.Tensor) else np.asarray(x)}
    source = "def program(x, y, z):\n  " + "\n  ".join(lines) + f"\n  return {last}\n"
    exec(source, scope)
    program = scope["program"]

    def outcome(function, values):
        try:
            return function(*values), None
        except RecursionError:
            raise
        except Exception as error:
            return None, error

    with np.errstate(all="ignore"):
        known, refusal = outcome(program, arrays)
    precision = precision_of(source, arrays)
    describe = f"{source}of {[(x.dtype.name, x.shape) for x in arrays]}"
    tensors = [tf.constant(x) for x in arrays]
    eager, eager_error = outcome(program, tensors)
    if refusal is not None:
        # NumPy refuses it: so must we, as an error like others.
        return f"{describe}: NumPy refuses it ({refusal}), at once it is {eager}" if eager_error is None else None
    known = np.asarray(known)
    if eager_error is not None:
        # No operation for it, or a dtype that is not carried on: a refusal that is documented.
        return None if is_documented(eager_error) else \
            f"{describe}: NumPy has {known!r}, at once there is {eager_error!r}"
    problem = compare(eager, known, precision)
    if problem:
        return f"{describe}: at once: {problem}"
    trace = tf._swift.trace
    for shapes in ("known", "open", "unknown"):
        for optimizes in (True, False):
            specs = [tf.TensorSpec(x.shape if shapes == "known" else None if shapes == "unknown" else
                                   [None] * x.ndim, x.dtype) for x in arrays]
            tf._swift.trace = functools.partial(trace_as, trace, optimizes)
            try:
                found, error = outcome(tf.function(program, input_signature=specs), tensors)
            finally:
                tf._swift.trace = trace
            way = f"traced with {shapes} shapes, {'optimised' if optimizes else 'as it is'}"
            if error is not None:
                # What cannot do without an extent or a rank says so.
                if shapes != "known" and (
                        is_documented(error) or isinstance(error, tf.errors.FailedPreconditionError)):
                    continue
                return f"{describe}: {way}: {error!r}"
            problem = compare(found, known, precision)
            if problem:
                return f"{describe}: {way}: {problem}"
    return None


def is_documented(error):
    """Whether an error says that there is no such operation, and not that an argument is wrong."""
    return isinstance(error, (TypeError, NotImplementedError)) and not isinstance(
        error, tf.errors.InvalidArgumentError)


def trace_as(trace, optimizes, *arguments):
    return trace(*arguments, optimizes)


def precision_of(source, arrays):
    """How near results must be, and whether some may be far: a step of a function lies between them."""
    names = {x.dtype.name for x in arrays}
    close = 1e-9
    if names & {"float32", "int32"} or "float32" in source:
        close = 2e-3
    # NumPy computes functions of small whole numbers in float16.
    if names & {"float16", "uint8", "bool"} or "<" in source or ">" in source or "==" in source:
        close = 0.1
    steps = ("floor", "sign", "round", "<", ">", "==", "arg", "count", "any", "isnan", "where", "clip")
    return close, any(step in source for step in steps)


def compare(found, known, precision):
    close, has_steps = precision
    found = np.asarray(found.numpy() if isinstance(found, tf.Tensor) else found)
    if found.dtype != known.dtype:
        return f"{found.dtype} for {known.dtype}"
    if found.shape != known.shape:
        return f"shape {found.shape} for {known.shape}"
    with np.errstate(all="ignore"):
        same = np.isclose(found.astype("float64"), known.astype("float64"), close, close, equal_nan=True)
    wrong = 1 - np.mean(same) if same.size else 0
    return f"{found!r} for {known!r}" if wrong > (0.34 if has_steps and close > 1e-9 else 0) else None
