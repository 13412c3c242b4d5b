"""Reductions of every dtype, layout and size, held to NumPy's; a release build has other loops than a debug one."""

import numpy as np

import numpyfn as tf

DTYPES = ["bool", "int8", "int16", "int32", "int64", "uint8", "uint16", "uint32", "uint64", "float16", "float32",
          "float64", "complex64", "complex128"]
FUNCTIONS = ["sum", "prod", "max", "min", "mean", "any", "all", "std", "var", "argmax", "argmin", "cumsum",
             "count_nonzero"]
# The dtype in which the right answer is computed, and how far ours may be from it.
WIDER = {"float16": ("float64", 2e-2), "float32": ("float64", 1e-4), "complex64": ("complex128", 1e-4)}


def case(choice):
    numbers = np.random.default_rng(choice.getrandbits(32))
    rank = choice.choice([0, 1, 1, 2, 2, 2, 3, 4])
    # At most 500 000 elements, long along any of the axes: large ones are divided among threads.
    left, shape = choice.choice([1, 10, 100, 1000, 30_000, 500_000]), []
    for place in range(rank):
        extent = choice.choice([0, 1, 2, 3, 64, 65] + 6 * [max(1, int(left ** choice.random()))])
        extent = left if place == rank - 1 and choice.random() < 0.5 else min(extent, left)
        left //= max(extent, 1)
        shape.append(extent)
    choice.shuffle(shape)
    dtype, name = choice.choice(DTYPES), choice.choice(FUNCTIONS)
    if dtype.startswith("c") and name in ("max", "min", "argmax", "argmin"):
        name = "prod"  # Complex numbers have no order here.
    if dtype == "float16" and name == "cumsum":
        name = "sum"  # From 2048 on, float16 does not count by ones.
    x = numbers.integers(0, 3, shape)
    if np.dtype(dtype).kind in "fc" and name == "prod":
        # Exact, however many there are.
        x = np.array([1, -1, 1j, -1j] if dtype.startswith("c") else [1, -1, 1])[x]
    elif np.dtype(dtype).kind in "fc":
        x = 1 + x * 1e-4 + (1j * numbers.integers(-1, 2, shape) * 1e-4 if dtype.startswith("c") else 0)
    x = np.asarray(x).astype(dtype)
    if choice.random() < 0.3:
        x = x.transpose()
    if rank and choice.random() < 0.2:
        x = x[::-1]
    axes = [*range(x.ndim)]
    axis = choice.choice([None, *axes])
    if len(axes) > 1 and name not in ("argmax", "argmin", "cumsum") and choice.random() < 0.3:
        axis = tuple(choice.sample(axes, 2))
    if name == "cumsum" and axis is None:
        axis = 0 if rank else None
    wide, tolerance = WIDER.get(dtype, (dtype, 1e-9))
    function = getattr(np, name)
    what = f"np.{name} along {axis} of {dtype}{list(x.shape)}, strides {x.strides}"
    try:
        right = np.asarray(function(x.astype(wide), axis=axis))
    except ValueError:
        return None
    program = tf.function(lambda t: function(t, axis=axis)) if choice.random() < 0.5 else (
        lambda t: function(t, axis=axis))
    try:
        ours = np.asarray(program(tf.constant(x)))
    except tf.errors.UnimplementedError:
        return None
    except (TypeError, ValueError, tf.errors.InvalidArgumentError) as error:
        # An axis of 0 elements has no mean, and no greatest element, where NumPy warns.
        return None if 0 in x.shape or name == "cumsum" and x.ndim == 0 else f"{what}: {error}"
    right = right.astype(ours.dtype)  # A float16 may be infinite where a float64 is not.
    if ours.shape != right.shape or not np.allclose(ours, right, rtol=tolerance, atol=tolerance, equal_nan=True):
        return f"{what}: {ours.ravel()[:3]}, NumPy has {right.ravel()[:3]}"
    return None
