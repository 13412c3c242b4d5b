"""TensorFlow's functions that NumPy does not have, or whose arguments have another meaning in NumPy."""


import numpy as np

from . import _swift
from ._swift import Tensor
from .axes import _axes
from .calls import _index, _items, _wrong
from .making import _is_plain, _number_name, constant, convert_to_tensor
from .operands import _tensor, _typed
from .picking import take
from .queries import _value


def _reduction(name, ours):
    def reduce(input_tensor, axis=None, keepdims=False, name=None):
        return getattr(_swift, ours)(input_tensor, _axes(axis), keepdims)

    reduce.__code__ = reduce.__code__.replace(co_name=name)
    reduce.__name__ = reduce.__qualname__ = name
    reduce.__doc__ = f"Along an axis, or several, or all, as tf.{name}."
    return reduce


reduce_sum = _reduction("reduce_sum", "sum")
reduce_mean = _reduction("reduce_mean", "mean")
reduce_prod = _reduction("reduce_prod", "prod")
reduce_max = _reduction("reduce_max", "max")
reduce_min = _reduction("reduce_min", "min")
reduce_any = _reduction("reduce_any", "any")
reduce_all = _reduction("reduce_all", "all")
reduce_logsumexp = _reduction("reduce_logsumexp", "logsumexp")


def reduce_variance(input_tensor, axis=None, keepdims=False, name=None):
    """The variance along an axis, or several, or all."""
    return _swift.var(input_tensor, _axes(axis), keepdims, 0)


def reduce_std(input_tensor, axis=None, keepdims=False, name=None):
    """The standard deviation along an axis, or several, or all."""
    return _swift.std(input_tensor, _axes(axis), keepdims, 0)


def argmax(input, axis=None, name=None):
    """The indices of the largest elements along an axis, by default the first axis."""
    return _swift.argmax(input, axis or 0, False)


def argmin(input, axis=None, name=None):
    """The indices of the smallest elements along an axis, by default the first axis."""
    return _swift.argmin(input, axis or 0, False)


def cumsum(x, axis=0, name=None):
    """The cumulative sums along an axis."""
    return _swift.cumsum(x, axis)


def split(value, num_or_size_splits, axis=0, name=None):
    """Splits a tensor along an axis into a number of equal parts, or into parts of given sizes."""
    value = _tensor(value)
    if not isinstance(num_or_size_splits, (list, tuple, np.ndarray)):
        return _swift.split(value, _index(num_or_size_splits), axis)
    return _swift.split(value, [_index(size) for size in num_or_size_splits], axis)


def range(start, limit=None, delta=1, dtype=None):
    """Numbers from `start` (default 0) up to, but not including, `limit`."""
    if limit is None:
        start, limit = 0, start
    if any(isinstance(end, Tensor) and end.is_symbolic for end in (start, limit, delta)):
        return _typed(_swift.range(start, limit, delta), dtype)
    values = np.arange(_number(start), _number(limit), _number(delta))
    if dtype is None and _is_plain([start, limit, delta]):
        dtype = "int32" if values.dtype.kind == "i" else "float32"
    return constant(values, dtype)


def linspace(start, stop, num):
    """`num` evenly spaced numbers from `start` to `stop`, inclusive."""
    plain = _is_plain([start, stop])
    values = np.linspace(_number(start), _number(stop), _index(num))
    return constant(values, "float32" if plain else None)


def _number(value):
    """A number, or an array, as NumPy takes it."""
    found = _value(value)
    # An int beyond int64 is an object to NumPy, which computes with it all the same.
    if not isinstance(found, int) and (found is None or np.asarray(found).dtype.kind not in "biufc"):
        raise _wrong(value, "a number")
    return found


def shape(x):
    """The shape as a tensor; in a graph it is computed at run time."""
    return _swift.shape(x)


def size(x):
    """The number of elements as a tensor."""
    return _swift.size(x)


def rank(x):
    """The number of axes as a tensor."""
    return _swift.ndim(x)


def ensure_shape(x, shape):
    """The tensor, checked to have this shape; None stands for any extent."""
    if shape is not None and not isinstance(shape, Tensor):
        extents = _items(shape, "a list of extents")
        shape = [None if extent is None else _index(extent) for extent in extents]
    return _swift.ensure_shape(x, shape)


def one_hot(indices, depth, dtype="float32"):
    """For each index a row that is 1 at that position and 0 elsewhere."""
    return _swift.one_hot(indices, depth, _number_name(dtype))


def gather(params, indices, axis=0):
    """The slices at the given indices along an axis."""
    return take(params, indices, axis)


def stop_gradient(x):
    """The same tensor as a constant: no gradient flows through it."""
    return _swift.stop_gradient(x)


def clip_by_value(t, clip_value_min, clip_value_max, name=None):
    """Clips the elements to an interval."""
    return _swift.clip(t, clip_value_min, clip_value_max)


def identity(x):
    """The same tensor."""
    return convert_to_tensor(x)


def erf(x):
    """The error function."""
    return _swift.erf(x)


def erfc(x):
    """One minus the error function."""
    return _swift.erfc(x)


def rsqrt(x):
    """One divided by the square root."""
    return _swift.rsqrt(x)


def sigmoid(x):
    """1 / (1 + exp(-x))."""
    return _swift.sigmoid(x)


def softplus(x):
    """log(1 + exp(x))."""
    return _swift.softplus(x)


def relu(x):
    """The elements, with 0 instead of negative ones."""
    return _swift.relu(x)


def gelu(x):
    """The elements times the standard normal cumulative distribution function of them."""
    return _swift.gelu(x)
