"""NumPy's functions that create tensors like others, and those that query tensors."""


import numpy as np

from . import _swift
from ._swift import Tensor
from .calls import _index
from .dtypes import _dtype_name, _dtype_of
from .making import _extents, cast, ones, zeros
from .operands import _common_dtype, _tensor, _typed
from .ranks import _extent, _has_rank, _is_known, _ndim, _rank, _shape_of
from .registry import _functions, _implements


@_implements("zeros_like")
def zeros_like(a, dtype=None, order="K", subok=True, shape=None):
    return zeros(shape, dtype or _tensor(a).dtype) if shape is not None else _swift.zeros_like(
        _typed(a, dtype))


@_implements("ones_like")
def ones_like(a, dtype=None, order="K", subok=True, shape=None):
    return ones(shape, dtype or _tensor(a).dtype) if shape is not None else _swift.ones_like(
        _typed(a, dtype))


@_implements("full_like")
def full_like(a, fill_value, dtype=None, order="K", subok=True, shape=None):
    a = _tensor(a)
    dtype = _dtype_name(a.dtype if dtype is None else dtype)
    extents = _extents(_shape_of(a) if shape is None else shape)
    if isinstance(fill_value, (list, tuple, np.ndarray)) or (
            isinstance(fill_value, Tensor) and not (_has_rank(fill_value) and fill_value.ndim == 0)):
        return _swift.broadcast_to(_swift.cast(fill_value, dtype), extents)
    return _swift.full(extents, _swift.number(fill_value, dtype), dtype)


@_implements("copy")
def copy(a, order="K", subok=False):
    return _swift.alias(a)


@_implements("astype")
def astype(x, dtype, copy=True):
    return cast(x, dtype)


@_implements("shape")
def _numpy_shape(a):
    _rank(a, "numpy.shape")
    return a.shape


@_implements("ndim")
def _numpy_ndim(a):
    return _ndim(a)


@_implements("size")
def _numpy_size(a, axis=None):
    if axis is None:
        return a.size if _is_known(a) else _swift.size(a)
    return _extent(a, _index(axis))


@_implements("result_type")
def result_type(*args):
    return _dtype_of(_common_dtype(*args))


@_implements("iscomplexobj")
def _iscomplexobj(x):
    return x.dtype.kind == "c"


@_implements("isrealobj")
def _isrealobj(x):
    return x.dtype.kind != "c"


def _by_value():
    """Functions that return a bool, a str or None, so that no gradient can flow through them."""
    names = ("array_equal", "array_equiv", "allclose", "isclose", "array_repr", "array_str",
             "array2string", "shares_memory", "may_share_memory", "save", "savez",
             "savez_compressed", "savetxt", "can_cast", "min_scalar_type")
    for name in names:
        function = getattr(np, name)

        def call(*arguments, _function=function, **keywords):
            return _function(*map(_value, arguments),
                             **{key: _value(value) for key, value in keywords.items()})

        _functions[function] = call


def _value(x):
    return x.numpy() if isinstance(x, Tensor) else x


_by_value()
