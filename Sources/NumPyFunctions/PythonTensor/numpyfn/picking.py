"""NumPy's functions that pad, select and find elements."""


import numpy as np

from . import _swift
from ._swift import Tensor
from .axes import _with_axis
from .calls import _index, _wrong
from .dtypes import _dtype_name
from .joining import _sliced
from .making import _extents
from .operands import _is_bool, _no_operation, _refuse, _tensor
from .ranks import _ensured, _extent, _extents_of, _has_rank, _is_known, _joined, _ones, _rank
from .registry import _implements
from .shapes import broadcast_to


@_implements("pad")
def pad(array, pad_width, mode="constant", constant_values=0):
    x = _tensor(array)
    mode = mode.lower() if isinstance(mode, str) else mode
    if mode not in ("constant", "edge", "reflect", "symmetric", "wrap"):
        raise _no_operation(f"numpy.pad with mode={mode!r}")
    widths = np.asarray(pad_width)
    if widths.dtype.kind not in "iu":
        raise _wrong(pad_width, "a whole number, a pair, or a pair for each axis")
    count = len(widths) if widths.ndim == 2 else 1
    if count > 1 and not _has_rank(x):
        x = _swift.ensure_shape(x, [None] * count)
    # A single pair applies to all axes.
    count = x.ndim if _has_rank(x) else 1 if mode == "constant" else _rank(
        x, f"numpy.pad with mode={mode!r}")
    if (widths < 0).any():
        raise ValueError(f"numpy.pad: a width must not be negative, in {pad_width!r}")
    widths = np.broadcast_to(widths, (count, 2)).tolist()
    if mode == "constant" and not isinstance(constant_values, (Tensor, int, float, complex)):
        values = np.asarray(constant_values)
        if values.size > 1:
            return _padded_by_each(x, widths, values)
        constant_values = values.reshape(())
    return _swift.pad(
        x, [before for before, _ in widths], [after for _, after in widths], mode, constant_values)


def _padded_by_each(x, widths, values):
    """The tensor, padded with a different value at each border."""
    rank = _rank(x, "numpy.pad with several values")
    values = np.broadcast_to(values, (rank, 2))
    for axis, (width, own) in enumerate(zip(widths, values)):
        for side in (0, 1):
            borders = [[0] * rank, [0] * rank]
            borders[side][axis] = width[side]
            x = _swift.pad(x, *borders, "constant", own[side])
    return x


@_implements("tril")
def tril(m, k=0):
    return _swift.tril(_as_matrix(m), k)


@_implements("triu")
def triu(m, k=0):
    return _swift.triu(_as_matrix(m), k)


def _as_matrix(m):
    """A vector as a square matrix with that vector in each row, as in NumPy; other tensors as they
    are."""
    m = _tensor(m)
    if not _has_rank(m):
        # For a vector, its extent is repeated in front.
        rows = _ones(_swift.cast(_swift.equal(_swift.ndim(m), 1), "int64")) * _swift.shape(m)[:1]
        return broadcast_to(m, _joined(rows, _swift.shape(m)))
    if m.ndim == 1:
        extent = _extent(m, 0)
        return broadcast_to(m, [extent, extent])
    return m


@_implements("take")
def take(a, indices, axis=None, out=None, mode="raise"):
    _refuse("take", out=out)
    if mode != "raise":
        raise TypeError("numpy.take: mode= must be 'raise' for tensors")
    if not isinstance(indices, Tensor):
        indices = np.asarray(indices)
        if indices.size == 0:
            indices = indices.astype("int64")
    if _is_bool(indices):
        indices = _swift.cast(indices, "int64")
    a, axis = (_swift.flatten(a), 0) if axis is None else (_with_axis(a, axis), _index(axis))
    return _swift.take(a, indices, axis)


@_implements("take_along_axis")
def take_along_axis(arr, indices, axis=-1):
    if axis is None:
        return _swift.take_along_axis(_swift.flatten(arr), indices, 0)
    arr, indices, axis = _tensor(arr), _tensor(indices), _index(axis)
    # If one rank is known, the other must be the same.
    if _has_rank(arr) != _has_rank(indices):
        if _has_rank(arr):
            indices = _swift.ensure_shape(indices, [None] * arr.ndim)
        else:
            arr = _swift.ensure_shape(arr, [None] * indices.ndim)
    if not _has_rank(arr):
        # The shapes must be of the same length.
        lengths = [_swift.shape(x) for x in (arr, indices)]
        arr = _ensured(arr, _ensured(lengths[0], _swift.shape(lengths[1])))
        arr, indices = _broadcast_but(arr, indices, axis)
    elif arr.ndim == indices.ndim and -arr.ndim <= axis < arr.ndim:
        arr, indices = _broadcast_but(arr, indices, axis)
    return _swift.take_along_axis(arr, indices, axis)


def _broadcast_but(a, b, axis):
    """Two tensors of the same rank, broadcast against each other along all axes but one."""
    after = axis + 1 or None

    def around(x, extent):
        """The shape with another extent along the axis."""
        return _joined(_extents_of(x, None, axis), [extent], _extents_of(x, after) if after else [])

    if _is_known(a) and _is_known(b):
        try:
            shape = np.broadcast_shapes(*(tuple(around(x, 1)) for x in (a, b)))
        except ValueError:
            # The operation raises the error.
            return a, b
        spread = _swift.full(list(shape), False, "bool")
    else:
        spread = _swift.logical_or(*(_swift.full(_extents(around(x, 1)), False, "bool") for x in (a, b)))
    return [broadcast_to(x, around(spread, _extent(x, axis))) for x in (a, b)]


@_implements("argwhere")
def argwhere(a):
    return _swift.argwhere(a)


@_implements("nonzero")
def nonzero(a):
    count = _rank(a, "numpy.nonzero, a tensor for each axis,")
    if count == 0:
        raise ValueError("numpy.nonzero: a tensor with at least one axis is needed")
    places = _swift.argwhere(a)
    return tuple([places[:, axis] for axis in range(count)])


@_implements("flatnonzero")
def flatnonzero(a):
    return _swift.argwhere(_swift.flatten(a))[:, 0]


@_implements("diff")
def diff(a, n=1, axis=-1, prepend=None, append=None):
    _refuse("diff", prepend=prepend, append=append)
    a, n, axis = _tensor(a), _index(n), _index(axis)
    if n < 0:
        raise ValueError(f"numpy.diff: the order n must not be negative, it is {n}")
    if n and _has_rank(a) and a.ndim == 0:
        raise ValueError("numpy.diff: a tensor with at least one axis is needed")
    extent = _extent(a, axis) if n else 0
    if isinstance(extent, Tensor):
        if n > 100:
            _swift.unknown(f"numpy.diff with n={n}", False)
    else:
        # Once no elements are left, further differences change nothing.
        n = min(n, extent + 1)
    for _ in range(n):
        later, earlier = _sliced(a, axis, 1, None), _sliced(a, axis, None, -1)
        a = later != earlier if _dtype_name(a.dtype) == "bool" else later - earlier
    return a
