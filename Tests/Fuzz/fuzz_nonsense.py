"""Functions of the module, private and public, called with arguments of every kind but the right one.

Calls run in child processes: whatever ends one, a signal above all, is a mistake.
"""

import inspect
import mmap
import os
import random
import re
import resource
import signal
import struct
import sys
import warnings

import numpy as np

import numpyfn as tf

swift = tf._swift
private = {name: value for name, value in vars(swift).items() if name[0] != "_" and not isinstance(value, type)}
t = tf.constant
x, v = t([[1., 2., 3.], [4., 5., 6.]]), t([1., 2., 3.])
i, b = t([0, 1], "int64"), t([[True, False, True], [True, True, False]])

loop, tensors = [], [x]
loop.append(loop)
tensors.append(tensors)
deep = []
for _ in range(2000):
    deep = [deep]

class Evil:
    def __index__(self):
        raise KeyError("evil")
    __len__ = __iter__ = __getitem__ = __bool__ = __float__ = __call__ = lambda self, *_: 1 / 0

numbers = [True, 0, -1, 1, 3, 2**31, 2**40, 2**62, 2**63 - 1, -2**63, 2**64 - 1, 2**64, 2**200, -2**200,
           1.5, float("nan"), float("inf"), 1j]
lists = [[], [[]], [0], [1], [1, 2], [0, 0], [-1], [2**63 - 1], [-2**63, 1], [2**62, 2**62], [0, 2**62],
         [2**40], [-1, -1], [None], [None, None], (None,), ["a"], [()], [("a",)], [([None], "float32")],
         [(None, "float32", None)], [([2**63 - 1], "float32", "x")], [([-1], "float32", "x")],
         [(3, 4, 5)], [(None, "nosuch", None)], [([2**62] * 5, "float32", None)], (), loop, tensors, deep,
         [Evil()], [x, x], [v, x], [[x]]]
objects = [None, "a", "float32", "string", "nosuch", "", "\0", "\ud800", b"x", {}, {1: 2}, object(), Evil(),
           slice(0, 2), ..., range(3), np.dtype("float32"), int, lambda *a: a, lambda *a: [x],
           lambda *a: [x, x], lambda *a: [], lambda *a: None, lambda: 3, lambda *a: 1 / 0, lambda *a: loop]
values = [t(1.), t(0), t(2**62, "int64"), x, v, i, b, t([-1, 2**62], "int64"), t([-2**63], "int64"), t(True),
          t("a"), t(["a", "b"]), t(np.zeros((0, 3))), t(np.zeros((2, 0))), t([1 + 2j]),
          t(np.array([2**64 - 1], "uint64")), t(np.float16(3)), t(np.zeros((1,) * 12)), np.arange(3),
          np.zeros((2, 3)), np.array(["a"]), np.array([None]), np.zeros((1,) * 32), np.zeros(2, "M8[s]"),
          np.float64("nan"), np.int8(3)]
nonsense = numbers + lists + objects + values

def use(function, arguments, keywords):
    try:
        found = function(*arguments, **keywords)
    except Exception:
        return
    if callable(found) and not isinstance(found, type):
        for value in nonsense[::7]:
            try:
                found(value)
            except Exception:
                pass

def calls_that_end(name, function, cases):
    ended, start = [], 0
    here = mmap.mmap(-1, 16)
    while start < len(cases):
        child = os.fork()
        if child == 0:
            null = os.open(os.devnull, os.O_WRONLY)
            os.dup2(null, 1)
            os.dup2(null, 2)
            resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
            if sys.platform == "linux":
                with open("/proc/self/statm") as file:
                    pages = int(file.read().split()[0])
                most = pages * resource.getpagesize() + (3 << 30)
                resource.setrlimit(resource.RLIMIT_AS, (most, most))
            warnings.simplefilter("ignore")
            for index in range(start, len(cases)):
                here[:8] = struct.pack("q", index)
                # A call that does not return ends the child as well.
                signal.alarm(60)
                use(function, *cases[index])
            os._exit(0)
        status = os.waitpid(child, 0)[1]
        if status == 0:
            break
        index = struct.unpack("q", here[:8])[0]
        ended.append(f"{name}{repr(cases[index])[:200]}: status {status}")
        start = index + 1
    return ended

spec = [(None, "float32", None)]
w = swift.variable(x, None, "w")
right = {name: [x] for name in '''absolute angle arccos arccosh arcsin arcsinh arctan arctanh ceil conjugate
  cos cosh erf erfc exp expm1 floor gelu imag isfinite isinf isnan log log10 log1p log2 logical_not negative
  real reciprocal relu rint rsqrt sigmoid sign sin sinh softplus sqrt square stop_gradient tan tanh trunc
  flatten argwhere shape size ndim zeros_like ones_like is_recorded is_live note_read alias settled has_rank
  is_tensor'''.split()}
right.update({name: [x, x] for name in '''arctan2 hypot logical_and logical_or logical_xor maximum minimum
  add subtract multiply divide floor_divide remainder power less less_equal equal not_equal greater
  greater_equal'''.split()})
right.update({name: [b, b] for name in "bitwise_and bitwise_or bitwise_xor".split()})
right.update({name: [x, [0], False] for name in
              "sum mean prod min max any all count_nonzero logsumexp".split()})
right.update({name: [x, 0, False] for name in "argmin argmax".split()})
right.update({name: [x, 0] for name in "cumsum softmax log_softmax tril triu".split()})
right.update({name: [x, [0], False, 0] for name in "var std".split()})
right.update({"repeat": [x, 2, 0], "range": [0, 3, 1]})
right.update(
  outer=[v, v], matmul=[x, v], where=[b, x, x], clip=[x, 1, 2], cast=[x, "int8"], reshape=[x, [3, 2]],
  transpose=[x, [1, 0]], swapaxes=[x, 0, 1], moveaxis=[x, [0], [1]], expand_dims=[x, [0]],
  squeeze=[t([[1.]]), [0]], broadcast_to=[x, [2, 2, 3]], ensure_shape=[x, [None, 3]], flip=[x, [0]],
  roll=[x, 1, 0], tile=[x, [2, 1]], pad=[x, [1, 1], [1, 1], "constant", 0], one_hot=[i, 3, "float32"],
  concatenate=[[x, x], 0], stack=[[x, x], 0], take=[x, i, 0],
  ensure_not_zero=[x, "it"], take_along_axis=[x, t([[0], [1]], "int64"), 1], split=[x, [1, 1], 0], rank=[x, "it"],
  unknown=["it", True], number=[1, "int8"], as_floats=[x, v], promoted=[[x, 1]],
  constant=[1.5, "float32"], tensor=[[1.5]], misfit=[None], full=[[2, 3], 0, "float32"],
  dlpack=[x, True, False], from_dlpack=[swift.dlpack(x, True, False), False],
  trace=[list, spec, "f", "file", 3], numpy_function=[np.sinh, [x], (), spec, None, ["ordered", "read_only", "bytes", "no"], None, None],
  py_function=[np.sinh, [x], (), spec, None, "ordered", False, None], recording=[0], gradient=[x, [x], None],
  expect_no_read=[x, [x]], replace=[x, None, 0], set_owner=[lambda: 0],
  cond=[t(True), lambda _: [x], lambda _: [x]], while_loop=[lambda _: [t(False)], list, [x], 3],
  map_fn=[list, [x]], variable=[x, None, "w"], read_variable=[w, True], current_value=[w], assign_variable=[w, x],
  variable_gradient=[x, [w], None])

def cases(good):
    yield from (good[:count] for count in range(len(good)))
    yield good + [None] * 3
    for place in range(len(good)):
        yield from ([*good[:place], value, *good[place + 1:]] for value in nonsense)
    yield from ([value] * max(len(good), 1) for value in nonsense)

def run_private():
    """Calls every private function with nonsense in place of each right argument."""
    found = [f"{name} is not in the table of right calls" for name in private if name not in right]
    for name, function in private.items():
        if name in right:
            found += calls_that_end(name, function, [(call, {}) for call in cases(right[name])])
    return found


keys = ["axis", "keepdims", "dtype", "axes", "n", "k", "decimals", "ddof", "offset", "shape", "ord",
        "weights", "mode", "out", "reps", "casting", "Tout", "inp"]

def call(choice):
    arguments = [choice.choice(nonsense) for _ in range(choice.choice([0, 1, 1, 2, 2, 2, 3, 3, 4]))]
    if arguments and choice.random() < 0.85:
        tensors = [value for value in values if isinstance(value, tf.Tensor)]
        one = choice.choice(tensors)
        arguments[0] = one if choice.random() < 0.8 else [one, choice.choice(tensors)]
    return arguments, {choice.choice(keys): choice.choice(nonsense)} if choice.random() < 0.5 else {}

def public_functions():
    unsafe = {"save", "savez", "savez_compressed", "savetxt"}
    functions = {name: value for name, value in vars(tf).items()
                 if name[0] != "_" and callable(value) and not isinstance(value, np.dtype)}
    functions.update({f"np.{key.__name__}": key for key in [*tf._functions, *tf._ufuncs]
                      if getattr(key, "__name__", "save") not in unsafe})
    functions.update({f"Tensor.{name}": value for name, value in vars(tf.Tensor).items() if callable(value)})
    return functions


def run_public():
    """Calls every public function and method forty times, as chosen by its name."""
    found = []
    for name, function in public_functions().items():
        choice = random.Random(name)
        found += calls_that_end(name, function, [call(choice) for _ in range(40)])
    return found


RIGHT = {
    "shape": (3, 2), "dims": 2, "value": x, "dtype": "float32", "axis": 0, "axis1": 0, "axis2": 1, "num_rows": 2,
    "start": 0, "limit": 3, "stop": 1.0, "num": 3, "num_or_size_splits": [1, 1], "indices_or_sections": 1,
    "depth": 3, "tup": [x, x], "arrays": [x, x], "reps": 2, "repeats": 2, "shift": 1, "source": 0,
    "destination": 1, "pred": True, "true_fn": lambda: x, "false_fn": lambda: x, "cond": lambda *s: False,
    "body": lambda *s: s, "loop_vars": [t(0)], "fn": lambda e: e * 2, "elems": v, "func": np.sinh, "inp": [x],
    "Tout": tf.float32, "f": lambda a: np.sum(a * a), "python_function": lambda a: a, "clip_value_min": 0.0,
    "clip_value_max": 1.0, "fill_value": 1.0, "pad_width": 1, "indices": i}
PYTHONS_WORDS = re.compile(
    "NoneType|has no attribute|interpreted as an integer|not iterable|not subscriptable|is not callable|has no len|"
    "unsupported operand|not supported between|not understood|Cannot interpret|Field elements|to unpack|"
    r"index out of range|indices must be|must be an iterable|positional argument|\b_\w+\(")


def run_words():
    """The errors of public functions that are in words of Python itself, or name no public function."""
    found = []
    for name, function in public_functions().items():
        if name.startswith(("np.", "Tensor")) or (isinstance(function, type) and issubclass(function, Exception)):
            continue
        parameters = inspect.signature(function).parameters.values()
        named = [p for p in parameters if p.kind in (p.POSITIONAL_OR_KEYWORD, p.KEYWORD_ONLY)]
        given = {p.name: RIGHT.get(p.name, x) for p in named if p.default is p.empty}
        for place in named:
            for value in [None, "it", object(), {"a": 1}, [None]]:
                try:
                    made = function(**given | {place.name: value})
                    if place.name in ("f", "argnums"):
                        made(x)
                except Exception as error:
                    if PYTHONS_WORDS.search(str(error)):
                        found.append(f"{name}({place.name}={value!r}): {type(error).__name__}: {error}")
    return found


def case(choice):
    """Calls one function, public or private, two hundred times."""
    public = public_functions()
    if choice.random() < 0.3:
        name = choice.choice([name for name in private if name in right])
        good = right[name]
        chosen = []
        for _ in range(200):
            arguments = [choice.choice(nonsense) if choice.random() < 0.4 else value for value in good]
            chosen.append((arguments[:choice.choice([len(good), len(good), 1])], {}))
        return "\n".join(calls_that_end(name, private[name], chosen))
    name = choice.choice(list(public))
    if name == "np.diff":
        # Of a list NumPy computes it itself, and goes round as often as is said, be that 2 ** 200 times.
        return None
    return "\n".join(calls_that_end(name, public[name], [call(choice) for _ in range(200)]))
