"""Calls of Python functions, whose results are of every layout, kept, and written to afterwards."""

import collections
import gc

import numpy as np

import numpyfn as tf

DTYPES = ["bool", "int8", "int16", "int32", "int64", "uint8", "uint16", "uint32", "uint64", "float16",
          "float32", "float64", "complex64", "complex128"]
KEPT = collections.deque(maxlen=50)


def array(choice, rank=None):
    """An array of any dtype, shape and layout."""
    dtype = choice.choice(DTYPES)
    rank = choice.choice([0, 1, 1, 2, 2, 3, 4]) if rank is None else rank
    shape = [choice.choice([0, 1, 2, 3, 5, 70]) if choice.random() < 0.9 else 300 for _ in range(min(rank, 2))]
    shape += [choice.choice([1, 2, 3])] * max(rank - 2, 0)
    numbers = np.random.default_rng(choice.getrandbits(32))
    values = numbers.integers(0, 100, shape) if dtype[0] != "b" else numbers.integers(0, 2, shape)
    values = np.asarray(values).astype(dtype)
    return values + values.dtype.type(1j) if dtype[0] == "c" else values


def misaligned(x):
    raw = np.zeros(x.nbytes + 1, "u1")
    raw[1:] = np.frombuffer(x.tobytes(), "u1")
    return raw[1:].view(x.dtype).reshape(x.shape)


def field(x):
    whole = np.zeros(x.shape, [("pad", "u1"), ("x", x.dtype)])
    whole["x"] = x
    return whole["x"]


class Sub(np.ndarray):
    """A class of arrays, which the garbage collector tracks."""


def read_only(x):
    x = np.array(x)
    x.flags.writeable = False
    return x


# What a function makes of an array; each leaves values and dtype as they are, but for the shape.
LAYOUTS = {
    "as it is": lambda x: x,
    "copy": lambda x: x.copy(),
    "in Fortran's order": lambda x: np.asfortranarray(x),
    "transposed": lambda x: x.T,
    "reversed": lambda x: x[::-1] if x.ndim else x,
    "every other": lambda x: x[::2] if x.ndim else x,
    "a slice": lambda x: x[1:] if x.ndim else x,
    "none of it": lambda x: x[:0] if x.ndim else x,
    "broadcast": lambda x: np.broadcast_to(x, (3, *x.shape)),
    "new axis": lambda x: x[None],
    "swapped bytes": lambda x: x.astype(x.dtype.newbyteorder()),
    "misaligned": misaligned,
    "a field": field,
    "a subclass": lambda x: x.copy().view(Sub),
    "a matrix": lambda x: np.matrix(x) if x.ndim == 2 else x,
    "read-only": read_only,
    "reshaped": lambda x: x.reshape(-1),
    "computed": lambda x: x + x if x.dtype != bool else x | x,
    "a masked array without a mask": lambda x: np.ma.array(x),
    "a part of what was computed": lambda x: np.asarray(x * x.dtype.type(1))[...],
    "the base of a view": lambda x: x.copy().reshape(-1).base,
    "a memory view": lambda x: np.asarray(memoryview(x.copy())),
}


def attack(x):
    """Tries to write to an argument; what succeeds is a mistake."""
    for way in (lambda: x.__setitem__(..., 1), lambda: x.setflags(write=True), lambda: x.fill(1),
                lambda: np.copyto(x, x.dtype.type(1)), lambda: x.sort(), lambda: np.add(x, x, out=x),
                lambda: memoryview(x).cast("B").__setitem__(0, 1), lambda: x.base.__setitem__(..., 1),
                lambda: np.frombuffer(x, x.dtype).__setitem__(..., 1), lambda: x.view("u1").fill(7),
                lambda: x.flags.__setattr__("writeable", True), lambda: x.byteswap(inplace=True),
                lambda: x.T.fill(1), lambda: x.resize(x.size + 1), lambda: x.partition(0)):
        try:
            way()
        except Exception:
            pass


def case(choice):
    arrays = [array(choice) for _ in range(choice.choice([1, 1, 2, 3]))]
    plans = []
    for _ in range(choice.choice([1, 1, 1, 2, 3])):
        names = [choice.choice(list(LAYOUTS)) for _ in range(choice.choice([1, 1, 2]))]
        plans.append((choice.randrange(len(arrays)), names))
    keeps, attacks, makes_list = choice.random() < 0.3, choice.random() < 0.3, choice.random() < 0.3

    def apply(values):
        results = []
        for index, names in plans:
            x = np.asarray(values[index])
            for name in names:
                x = LAYOUTS[name](x)
            results.append(x)
        return results

    kept = []

    def function(*values):
        if attacks:
            for value in values:
                if isinstance(value, np.ndarray):
                    attack(value)
        results = apply(values)
        if keeps:
            kept.extend(results)
            kept.extend(values)
        return results if makes_list or len(results) != 1 else results[0]

    # What has to come out, by NumPy alone.
    known = [np.array(x) for x in apply([x.copy() for x in arrays])]
    declared = [x.dtype.newbyteorder("=").name for x in known]
    wrong = choice.random() < 0.1
    if wrong:
        place = choice.randrange(len(declared))
        declared[place] = choice.choice([name for name in DTYPES if name != declared[place]])
    structure = declared if makes_list or len(declared) != 1 else declared[0]
    tensors = [tf.constant(x) for x in arrays]
    options = {"arguments": "writable"} if not attacks and choice.random() < 0.2 else {}

    def call(*inputs):
        return tf.numpy_function(function, list(inputs), structure, **options)

    ways = {"at once": call}
    if choice.random() < 0.7:
        shapes = choice.choice(["known", "open", "unknown"])
        specs = [tf.TensorSpec(None if shapes == "unknown" else
                               [None] * x.ndim if shapes == "open" else x.shape, x.dtype) for x in arrays]
        ways[f"in a graph, shapes {shapes}"] = tf.function(call, input_signature=specs)
    for way, called in ways.items():
        describe = f"{way}, of {[(x.dtype.name, x.shape) for x in arrays]}, {plans}, keeps {keeps}, " \
                   f"attacks {attacks}, {options}"
        for _ in range(choice.choice([1, 2, 3])):
            kept.clear()
            try:
                found = called(*tensors)
            except tf.errors.OpError as error:
                if wrong and "declared" in str(error):
                    continue
                return f"{describe}: {error}"
            if wrong:
                return f"{describe}: {structure} was declared, {[x.dtype for x in known]} accepted"
            found = found if isinstance(found, list) else [found]
            # Whatever Python has kept may be written to now.
            for x in kept:
                if isinstance(x, np.ndarray) and x.flags.writeable and x.size:
                    try:
                        x[...] = x.dtype.type(77)
                    except (ValueError, TypeError):
                        pass
            if keeps:
                KEPT.extend(kept)
            for index, (a, b) in enumerate(zip(found, known)):
                a = a.numpy()
                if a.dtype != b.dtype.newbyteorder("=") or a.shape != b.shape or not np.array_equal(a, b):
                    return f"{describe}: result {index} is {a.dtype}{a.shape} {a.ravel()[:5]}, not " \
                           f"{b.dtype}{b.shape} {b.ravel()[:5]}"
            for index, (a, b) in enumerate(zip(tensors, arrays)):
                if not np.array_equal(a.numpy(), b):
                    return f"{describe}: argument {index} was changed"
    if choice.random() < 0.02:
        gc.collect()
    return None
