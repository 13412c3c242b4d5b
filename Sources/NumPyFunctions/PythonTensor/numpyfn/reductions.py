"""NumPy's reductions, and softmax."""


import numpy as np

from . import _swift
from ._swift import InvalidArgumentError
from .axes import _axes, _flag, _takes_scalar, _with_axis
from .calls import _index
from .control_flow import cond
from .dtypes import _dtype_name, as_dtype
from .operands import _common_dtype, _is_complex, _refuse, _tensor, _typed
from .ranks import (
    _ensured,
    _extent,
    _extents_of,
    _has_rank,
    _is_known,
    _joined,
    _ndim,
    _ones,
    _product,
    _shape_of,
)
from .registry import _implements
from .shapes import expand_dims, moveaxis, reshape


def _reduce(function, a, axis, keepdims):
    """A reduction; a scalar may be reduced along 0 or -1, although it has no axes."""
    axes, keepdims = _axes(axis), _flag(keepdims)
    if not _takes_scalar(axis):
        return function(a, axes, keepdims)
    a = _tensor(a)
    if _has_rank(a):
        return function(a, axes if a.ndim else [], keepdims)
    found = function(_with_axis(a, axis), axes, False)
    if not keepdims:
        return found
    extents = [_ones(_swift.clip(_swift.ndim(a), 0, 1)), _swift.shape(found)]
    return reshape(found, _joined(*extents if axes == [0] else extents[::-1]))


def _reduced(function, a, axis, dtype, keepdims):
    """A sum or product that is computed in a dtype, with wraparound."""
    return _typed(_reduce(function, _typed(a, dtype), axis, keepdims), dtype)


def _count(a, axis):
    """The number of elements that are reduced to one: a number, or a tensor."""
    a, axes = _tensor(a), _axes(axis)
    if axes is None:
        return a.size if _is_known(a) else _swift.size(a)
    return _product([_extent(a, axis) for axis in axes])


@_implements("sum")
def _sum(a, axis=None, dtype=None, out=None, keepdims=False, initial=None, where=None):
    _refuse("sum", out=out, initial=initial, where=where)
    return _reduced(_swift.sum, a, axis, dtype, keepdims)


@_implements("mean")
def _mean(a, axis=None, dtype=None, out=None, keepdims=False, where=None):
    _refuse("mean", out=out, where=where)
    if dtype is not None and as_dtype(dtype).kind in "iub":
        # Computed in float64 and truncated to an integer, as in NumPy.
        axes = None if axis is None else tuple(_axes(axis))
        total = _swift.cast(_sum(a, axes, dtype, keepdims=keepdims), "float64")
        return _swift.cast(total / _swift.cast(_count(a, axis), "float64"), _dtype_name(dtype))
    return _swift.mean(_typed(a, dtype), _axes(axis), _flag(keepdims))


@_implements("prod")
def _prod(a, axis=None, dtype=None, out=None, keepdims=False, initial=None, where=None):
    _refuse("prod", out=out, initial=initial, where=where)
    return _reduced(_swift.prod, a, axis, dtype, keepdims)


@_implements("max", "amax")
def _max(a, axis=None, out=None, keepdims=False, initial=None, where=None):
    _refuse("max", out=out, initial=initial, where=where)
    return _reduce(_swift.max, a, axis, keepdims)


@_implements("min", "amin")
def _min(a, axis=None, out=None, keepdims=False, initial=None, where=None):
    _refuse("min", out=out, initial=initial, where=where)
    return _reduce(_swift.min, a, axis, keepdims)


@_implements("any")
def _any(a, axis=None, out=None, keepdims=False, where=None):
    _refuse("any", out=out, where=where)
    return _reduce(_swift.any, a, axis, keepdims)


@_implements("all")
def _all(a, axis=None, out=None, keepdims=False, where=None):
    _refuse("all", out=out, where=where)
    return _reduce(_swift.all, a, axis, keepdims)


@_implements("var")
def _var(a, axis=None, dtype=None, out=None, ddof=0, keepdims=False, where=None,
                    mean=None, correction=None):
    _refuse("var", out=out, where=where, mean=mean)
    return _spread("var", a, axis, dtype, ddof, correction, keepdims)


@_implements("std")
def _std(a, axis=None, dtype=None, out=None, ddof=0, keepdims=False, where=None, mean=None,
               correction=None):
    _refuse("std", out=out, where=where, mean=mean)
    return _swift.sqrt(_spread("std", a, axis, dtype, ddof, correction, keepdims))


def _spread(name, a, axis, dtype, ddof, correction, keepdims):
    """The variance, with the divisor N - `ddof`, where `ddof` need not be an integer."""
    ddof = ddof if correction in (None, np._NoValue) else correction
    if dtype is not None and (as_dtype(dtype).kind in "iub" or _is_complex(a) and as_dtype(dtype).kind != "c"):
        raise TypeError(
            f"numpy.{name}: dtype= must be of floating-point numbers for tensors, or of complex ones as the "
            f"tensor is, it is {as_dtype(dtype)}")
    axes, keepdims = _axes(axis), _flag(keepdims)
    if float(ddof).is_integer():
        found = _swift.var(_typed(a, dtype), axes, keepdims, int(ddof))
    else:
        found = _swift.var(_typed(a, dtype), axes, keepdims, 0)
        count = _swift.cast(_count(a, axis), "float64")
        scale = count / _swift.maximum(count - ddof, 0.0)
        found = found * _swift.cast(scale, _dtype_name(found.dtype))
    return _typed(found, dtype)


@_implements("argmax")
def _argmax(a, axis=None, out=None, keepdims=False):
    _refuse("argmax", out=out)
    return _position(_swift.argmax, a, axis, keepdims)


@_implements("argmin")
def _argmin(a, axis=None, out=None, keepdims=False):
    _refuse("argmin", out=out)
    return _position(_swift.argmin, a, axis, keepdims)


def _position(function, a, axis, keepdims):
    def along(a, axes, keepdims):
        return function(a, axes[0] if axes else None, keepdims)

    return _reduce(along, a, None if axis is None else _index(axis), keepdims)


@_implements("cumsum")
def _cumsum(a, axis=None, dtype=None, out=None):
    _refuse("cumsum", out=out)
    a = _typed(a, dtype)
    a, axis = (_swift.flatten(a), 0) if axis is None else (_with_axis(a, axis), _index(axis))
    return _typed(_swift.cumsum(a, axis), dtype)


@_implements("count_nonzero")
def count_nonzero(a, axis=None, keepdims=False):
    return _reduce(_swift.count_nonzero, a, axis, keepdims)


@_implements("ptp")
def ptp(a, axis=None, out=None, keepdims=False):
    _refuse("ptp", out=out)
    return _max(a, axis, keepdims=keepdims) - _min(a, axis, keepdims=keepdims)


@_implements("average")
def average(a, axis=None, weights=None, returned=False, keepdims=False):
    _refuse("average", returned=returned or None)
    if weights is None:
        found = _mean(a, axis, keepdims=keepdims)
        if _is_known(found) and found.size == 0:
            raise ZeroDivisionError("numpy.average: there are no averages, and NumPy divides by their number")
        return found
    a, weights, axes = _tensor(a), _tensor(weights), _axes(axis)
    if axes and _has_rank(a) and a.ndim == 0:
        raise ValueError("numpy.average: a tensor without axes has no axis to go along")
    # As a tuple, since NumPy's average accepts no axis of a scalar, which may be known only at run time.
    axis = None if axes is None else tuple(axes)
    # At least float64 for integers and bools.
    dtype = _common_dtype(a, weights, *([np.float64] if a.dtype.kind in "iub" else []))
    a, weights = _typed(a, dtype), _typed(weights, dtype)

    def along_axes(axes):
        # One weight for each position along the axes, which are moved to the end for this.
        last = list(range(-len(axes), 0))
        moved = moveaxis(a, axes, last)
        row = _ensured(weights, _extents_of(moved, -len(axes)))
        found = _sum(moved * row, tuple(last)) / _not_zero(_sum(row))
        return expand_dims(found, axes) if _flag(keepdims) else found

    def of_each():
        if _is_known(a) and _is_known(weights) and a.shape != weights.shape:
            raise InvalidArgumentError(
                "numpy.average: weights of another shape are those of axes, so that they need axis=")
        each = _ensured(weights, _shape_of(a))
        total = _not_zero(_sum(each, axis, keepdims=keepdims))
        return _sum(a * each, axis, keepdims=keepdims) / total

    if axes is None:
        return of_each()
    if _has_rank(weights) and _has_rank(a):
        return of_each() if a.ndim == weights.ndim else along_axes(axes)
    return cond(_swift.equal(_ndim(weights), len(axes)), lambda: along_axes(axes), of_each)


def _not_zero(total):
    """The sum of weights, if it is not 0; if it is known only at run time, it is checked then."""
    if total.is_symbolic:
        return _swift.ensure_not_zero(total, "the sum of the weights of numpy.average")
    if (total.numpy() == 0).any():
        raise ZeroDivisionError("numpy.average: the weights sum to zero")
    return total


def softmax(x, axis=-1):
    """The exponentials, divided by their sum along an axis."""
    return _swift.softmax(x, axis)


def log_softmax(x, axis=-1):
    """The logarithm of the softmax, without overflow."""
    return _swift.log_softmax(x, axis)
