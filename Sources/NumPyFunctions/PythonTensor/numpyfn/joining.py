"""NumPy's functions that join and split tensors."""

import itertools

import numpy as np

from . import _swift
from ._swift import Tensor
from .calls import Any, _index, _is_called_by, _items
from .control_flow import cond
from .operands import _cast_of_kind, _refuse, _tensor
from .ranks import _ensured, _extent, _has_rank, _joined, _with_axes
from .registry import _implements
from .shapes import moveaxis


def _sequence(tensors):
    """The tensors of a list, or the parts of one tensor."""
    return _items(tensors, "a list of tensors")


@_implements("concatenate", "concat")
def concatenate(arrays, axis=0, out=None, dtype=None, casting="same_kind"):
    _refuse("concatenate", out=out)
    if isinstance(arrays, Tensor) and _is_called_by(getattr(np, "bmat", None)):
        # Of a flat list, it has the rows of each tensor joined, which it takes for a row of parts.
        raise TypeError(
            "numpy.bmat: a flat list of tensors is not understood; say which are beside and which below each "
            "other with lists of lists, as in numpy.bmat([[a, b], [c, d]]), or use numpy.hstack")
    arrays = [_cast_of_kind("concatenate", part, dtype, casting) for part in _sequence(arrays)]
    if axis is None:
        return _swift.concatenate([_swift.flatten(part) for part in arrays], 0)
    return _swift.concatenate(arrays, axis)


@_implements("stack")
def stack(arrays, axis=0, out=None, dtype=None, casting="same_kind"):
    _refuse("stack", out=out)
    return _swift.stack([_cast_of_kind("stack", part, dtype, casting) for part in _sequence(arrays)], axis)


@_implements("vstack", "row_stack")
def vstack(tup, dtype=None, casting="same_kind"):
    return concatenate([atleast_2d(part) for part in _sequence(tup)], 0, dtype=dtype, casting=casting)


@_implements("hstack")
def hstack(tup, dtype=None, casting="same_kind"):
    parts = [_with_axes(_tensor(part), 1, 1, 1) for part in _sequence(tup)]
    # All parts have the same rank, or the join raises an error.
    known = next((part for part in parts if _has_rank(part)), None)
    if known is None and parts:
        return cond(_swift.ndim(parts[0]) == 1, lambda: concatenate(parts, 0, dtype=dtype, casting=casting),
                    lambda: concatenate(parts, 1, dtype=dtype, casting=casting))
    return concatenate(parts, 0 if known is None or known.ndim == 1 else 1, dtype=dtype, casting=casting)


@_implements("dstack")
def dstack(tup, dtype=None, casting="same_kind"):
    return concatenate([atleast_3d(part) for part in _sequence(tup)], 2, dtype=dtype, casting=casting)


@_implements("column_stack")
def column_stack(tup):
    return concatenate([_with_axes(_tensor(part), 2, 0, 0) for part in _sequence(tup)], 1)


@_implements("atleast_1d")
def atleast_1d(*arys):
    results = [_with_axes(_tensor(x), 1, 1, 1) for x in arys]
    return results[0] if len(results) == 1 else tuple(results)


@_implements("atleast_2d")
def atleast_2d(*arys):
    results = [_with_axes(_tensor(x), 2, 2, 2) for x in arys]
    return results[0] if len(results) == 1 else tuple(results)


@_implements("atleast_3d")
def atleast_3d(*arys):
    results = [_with_axes(_tensor(x), 3, 2, 1) for x in arys]
    return results[0] if len(results) == 1 else tuple(results)


@_implements("split")
def _np_split(ary, indices_or_sections, axis=0):
    return _split(_tensor(ary), indices_or_sections, axis, is_exact=True)


@_implements("array_split")
def array_split(ary, indices_or_sections, axis=0):
    return _split(_tensor(ary), indices_or_sections, axis, is_exact=False)


@_implements("vsplit")
def vsplit(ary, indices_or_sections):
    ary = _tensor(ary)
    if _has_rank(ary):
        if ary.ndim < 2:
            raise ValueError(f"numpy.vsplit: two axes at least are needed, there are {ary.ndim}")
    else:
        # Reads the second extent, so that a tensor without one raises an error.
        shape = _swift.shape(ary)
        ary = _ensured(ary, _joined([shape[0], shape[1]], shape[2:]))
    return _np_split(ary, indices_or_sections, 0)


@_implements("hsplit")
def hsplit(ary, indices_or_sections):
    ary = _tensor(ary)
    if _has_rank(ary):
        if ary.ndim == 0:
            raise ValueError("numpy.hsplit: one axis at least is needed")
        return _np_split(ary, indices_or_sections, 0 if ary.ndim == 1 else 1)
    parts: Any = cond(_swift.ndim(ary) == 1, lambda: _np_split(ary, indices_or_sections, 0),
                      lambda: _np_split(ary, indices_or_sections, 1))
    return list(parts)


def _split(x, where, axis, is_exact):
    if isinstance(where, (list, tuple, np.ndarray)):
        edges = [0] + [_index(edge) for edge in where] + [None]
        return [_sliced(x, axis, low, high) for low, high in itertools.pairwise(edges)]
    count, extent = _index(where), _extent(x, _index(axis))
    if count == 0 and is_exact:
        raise ZeroDivisionError("a tensor cannot be split into 0 parts")
    if count <= 0:
        raise ValueError(f"a tensor is split into 1 or more parts, not into {count}")
    if isinstance(extent, Tensor):
        if is_exact:
            return _swift.split(x, count, axis)
        sizes = extent // count + _swift.cast(np.arange(count) < extent % count, "int64")
        return _swift.split(x, sizes, axis, count)
    if extent % count == 0:
        return _swift.split(x, count, axis)
    if is_exact:
        raise ValueError("array split does not result in an equal division")
    size, more = divmod(extent, count)
    return _swift.split(x, [size + 1] * more + [size] * (count - more), axis)


def _sliced(x, axis, low, high):
    """The part of a tensor from `low` to before `high` along an axis; its rank need not be known."""
    axis, whole = _index(axis), slice(None)
    if axis < 0:
        return x[(..., slice(low, high)) + (whole,) * (-axis - 1)]
    return x[(whole,) * axis + (slice(low, high),)]


@_implements("unstack")
def unstack(x, axis=0):
    x = _tensor(x)
    return tuple(x if axis == 0 else moveaxis(x, axis, 0))
