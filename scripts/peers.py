"""Times the cases of `numpyfn bench` in one framework: prints {case: {system: nanoseconds}}.

    peers.py [--quick] [--filter TEXT] python|tensorflow|jax|torch ...

Each figure is the median of several rounds, per call. What a framework cannot do has no figure.
"""

import argparse
import itertools
import json
import os
import statistics
import time

# Before a framework is imported: no graphics card, no talk.
os.environ["CUDA_VISIBLE_DEVICES"] = ""
os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
os.environ["JAX_PLATFORMS"] = "cpu"

import numpy as np

SIZES = [("1k", 1_000), ("1M", 1_000_000), ("16M", 16_000_000)]
TRACES = [1000, 10_000]


def identity(*xs):
    return xs[0]


def add1(x):
    return x + np.float32(1)


def squared(x):
    return x * x


def busy(x):
    total = 0.0
    for i in range(20000):
        total += i * 0.5
    return np.float32(total) + x


def chain(x, count, step):
    for _ in range(count):
        x = x + step
    return x


def mixed(x, lib):
    """Ten elementwise operations, written alike in all libraries."""
    y = lib.abs(x * x + x - np.float32(0.5))
    y = lib.tanh(lib.exp(-lib.sqrt(y)))
    return lib.maximum(y, x) * x


def slope(count):
    return np.linspace(-1, 1, count, dtype=np.float32)


def texts(count):
    return [b"item %d" % i for i in range(count)]


def python():
    """NumPy alone, on the thread that asks."""
    x, xs = np.array(1, np.float32), [np.array(1, np.float32)] * 8
    yield "scalar sinh, y*y", lambda: squared(np.sinh(x))
    yield "scalar identity", lambda: identity(x)
    yield "8 scalar args identity", lambda: identity(*xs)
    for label, count in SIZES:
        a = np.ones(count, np.float32)
        yield f"{label} float32 identity", lambda: identity(a)
        yield f"{label} float32 add1", lambda: add1(a)
    yield "np.sinh of 16M", lambda: np.sinh(a)
    strings = np.array(texts(10_000), object)
    yield "10k strings identity", lambda: np.array(list(strings), object)
    v, m = slope(10**6), np.ones((512, 512), np.float32)
    yield "graph: 100 scalar adds", lambda: chain(x, 100, np.float32(1))
    yield "graph: 10 elementwise ops, 1M", lambda: mixed(v, np)
    yield "graph: matmul 512", lambda: m @ m
    yield "graph: 4 x sinh of 1M, summed", lambda: sum(np.sinh(v + np.float32(k)) for k in range(4))
    yield "4 x GIL-bound Python loop", lambda: [busy(x) for _ in range(4)]


def tensorflow():
    import tensorflow as tf

    def called(function, arguments=1, dtype=tf.float32):
        spec = tf.TensorSpec(None, dtype)
        return tf.function(lambda *xs: tf.numpy_function(function, xs, dtype),
                           input_signature=[spec] * arguments)

    x = tf.constant(1.0)
    sinh = tf.function(lambda v: squared(tf.numpy_function(np.sinh, [v], tf.float32)))
    yield "scalar sinh, y*y", lambda: sinh(x)
    one, eight, strings = called(identity), called(identity, 8), called(identity, 1, tf.string)
    plus, sinh_only = called(add1), called(np.sinh)
    yield "scalar identity", lambda: one(x)
    yield "8 scalar args identity", lambda: eight(*[x] * 8)
    for label, count in SIZES:
        a = tf.ones(count)
        yield f"{label} float32 identity", lambda: one(a)
        yield f"{label} float32 add1", lambda: plus(a)
    yield "np.sinh of 16M", lambda: sinh_only(a)
    s = tf.constant(texts(10_000))
    yield "10k strings identity", lambda: strings(s)

    v, m = tf.constant(slope(10**6)), tf.ones((512, 512))
    adds = tf.function(lambda y: chain(y, 100, y))
    elementwise, product = tf.function(lambda y: mixed(y, MathOf(tf))), tf.function(tf.matmul)
    four = tf.function(lambda y: sum(
        tf.numpy_function(np.sinh, [y + float(k)], tf.float32) for k in range(4)))
    loops = tf.function(lambda y: [tf.numpy_function(busy, [y], tf.float32) for _ in range(4)])
    yield "graph: 100 scalar adds", lambda: adds(x)
    yield "graph: 10 elementwise ops, 1M", lambda: elementwise(v)
    yield "graph: matmul 512", lambda: product(m, m)
    yield "graph: 4 x sinh of 1M, summed", lambda: four(v)
    yield "4 x GIL-bound Python loop", lambda: loops(x)

    scalar = tf.TensorSpec(None, tf.float32)
    for count in TRACES:
        yield f"trace: {count} additions", lambda: tf.function(
            lambda y: chain(y, count, y)).get_concrete_function(scalar)

    def gradient(y):
        with tf.GradientTape() as tape:
            tape.watch(y)
            result = tf.py_function(squared, [y], tf.float32)
        return tape.gradient(result, y)

    alone = tf.function(lambda y: tf.py_function(squared, [y], tf.float32))
    both = tf.function(gradient)
    yield "py_function a*a scalar", lambda: alone(x)
    yield "py_function a*a scalar, with gradient", lambda: both(x)


class MathOf:
    """TensorFlow's functions under NumPy's names."""

    def __init__(self, tf):
        self.abs, self.sqrt, self.exp, self.tanh = tf.abs, tf.sqrt, tf.exp, tf.tanh
        self.maximum = tf.maximum


def jax():
    import jax
    import jax.numpy as jnp

    def called(function, shape=()):
        # The callback is given jax.Array on the host: as NumPy's, it costs no copy.
        def host(*xs):
            return np.asarray(function(*map(np.asarray, xs)), np.float32)

        result = jax.ShapeDtypeStruct(shape, np.float32)
        return lambda *xs: jax.pure_callback(host, result, *xs)

    def ready(function, *inputs):
        compiled = jax.jit(function)
        return lambda: jax.block_until_ready(compiled(*inputs))

    x = jnp.float32(1)
    yield "scalar sinh, y*y", ready(lambda v: squared(called(np.sinh)(v)), x)
    yield "scalar identity", ready(called(identity), x)
    yield "8 scalar args identity", ready(called(identity), *[x] * 8)
    for label, count in SIZES:
        a = jnp.ones(count, jnp.float32)
        yield f"{label} float32 identity", ready(called(identity, (count,)), a)
        yield f"{label} float32 add1", ready(called(add1, (count,)), a)
    yield "np.sinh of 16M", ready(called(np.sinh, (count,)), a)
    v, m = jnp.asarray(slope(10**6)), jnp.ones((512, 512), jnp.float32)
    four = called(np.sinh, (10**6,))
    yield "graph: 100 scalar adds", ready(lambda y: chain(y, 100, y), x)
    yield "graph: 10 elementwise ops, 1M", ready(lambda y: mixed(y, jnp), v)
    yield "graph: matmul 512", ready(jnp.matmul, m, m)
    yield "graph: 4 x sinh of 1M, summed", ready(
        lambda y: sum(four(y + jnp.float32(k)) for k in range(4)), v)
    yield "4 x GIL-bound Python loop", ready(lambda y: [called(busy)(y) for _ in range(4)], x)


def torch():
    import torch

    def called(name, function):
        def body(x: torch.Tensor) -> torch.Tensor:
            return torch.from_numpy(np.asarray(function(x.numpy())))
        return torch.library.custom_op(f"peers::{name}", body, mutates_args=())

    # An operation may not return its argument.
    copied = called("copied", lambda x: x.copy())
    sinh, plus, loop = called("sinh", np.sinh), called("plus", add1), called("loop", busy)
    x = torch.tensor(1.0)
    yield "scalar sinh, y*y", lambda: squared(sinh(x))
    yield "scalar identity", lambda: copied(x)
    for label, count in SIZES:
        a = torch.ones(count)
        yield f"{label} float32 identity", lambda: copied(a)
        yield f"{label} float32 add1", lambda: plus(a)
    yield "np.sinh of 16M", lambda: sinh(a)
    v, m = torch.from_numpy(slope(10**6)), torch.ones(512, 512)
    yield "graph: 4 x sinh of 1M, summed", lambda: sum(sinh(v + float(k)) for k in range(4))
    yield "graph: matmul 512", lambda: m @ m
    yield "4 x GIL-bound Python loop", lambda: [loop(x) for _ in range(4)]


SYSTEMS = {"python": python, "tensorflow": tensorflow, "jax": jax, "torch": torch}


def median(work, rounds, seconds):
    """Nanoseconds per call. Two calls first: the first may trace, the second still compile."""
    work(), work()
    begin = time.perf_counter_ns()
    work()
    once = max(time.perf_counter_ns() - begin, 1)
    repeats = max(1, int(seconds * 1e9 / once))
    return statistics.median(round_of(work, repeats) for _ in range(rounds))


def round_of(work, repeats):
    begin = time.perf_counter_ns()
    for _ in itertools.repeat(None, repeats):
        work()
    return (time.perf_counter_ns() - begin) / repeats


def main():
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("systems", nargs="+", choices=SYSTEMS)
    parser.add_argument("--quick", action="store_true", help="fewer and shorter rounds")
    parser.add_argument("--filter", default="", help="only cases with this text in their name")
    options = parser.parse_args()
    rounds, seconds = (3, 0.01) if options.quick else (7, 0.09)
    found = {}
    for system in options.systems:
        for case, work in SYSTEMS[system]():
            # Measured before the next case is made: the work may use what that changes.
            if options.filter in case:
                found.setdefault(case, {})[system] = round(median(work, rounds, seconds), 1)
    print(json.dumps(found, indent=1))


if __name__ == "__main__":
    main()
