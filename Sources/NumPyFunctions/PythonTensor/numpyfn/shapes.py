"""NumPy's functions that change the shape of a tensor or the order of its elements."""

import functools

import numpy as np

from . import _swift
from .axes import _axes, _with_axis
from .calls import _index
from .making import _extents, _reshaped
from .operands import _tensor
from .ranks import _is_known, _shape_of
from .registry import _implements


@_implements("reshape")
def reshape(a, shape=None, order="C", *, newshape=None, copy=None):
    if order not in ("C", "A", None):
        raise TypeError("numpy.reshape: the elements of tensors are in C order only")
    return _reshaped(a, newshape if shape is None else shape)


@_implements("ravel")
def ravel(a, order="C"):
    if order not in ("C", "A", "K", None):
        raise TypeError("numpy.ravel: the elements of tensors are in C order only")
    return _swift.flatten(a)


@_implements("transpose", "permute_dims")
def transpose(a, axes=None, perm=None):
    return _swift.transpose(a, _axes(axes if perm is None else perm))


@_implements("matrix_transpose")
def matrix_transpose(x):
    return _swift.swapaxes(x, -1, -2)


@_implements("swapaxes")
def swapaxes(a, axis1, axis2):
    return _swift.swapaxes(a, axis1, axis2)


@_implements("moveaxis")
def moveaxis(a, source, destination):
    source, destination = _axes(source), _axes(destination)
    return _swift.moveaxis(a, source, destination)


@_implements("expand_dims")
def expand_dims(a, axis):
    if axis is None:
        raise TypeError("numpy.expand_dims: axis= is a number or a tuple of numbers, not None")
    return _swift.expand_dims(a, _axes(axis))


@_implements("squeeze")
def squeeze(a, axis=None):
    return _swift.squeeze(_with_axis(a, axis), _axes(axis))


@_implements("broadcast_to")
def broadcast_to(array, shape, subok=False):
    return _swift.broadcast_to(array, _extents(shape))


@_implements("broadcast_arrays")
def broadcast_arrays(*args, subok=False):
    tensors = [_tensor(value) for value in args]
    if all(_is_known(x) for x in tensors):
        shape = list(np.broadcast_shapes(*(x.shape for x in tensors)))
    else:
        # Bool tensors of the same shapes, which broadcast to the same shape.
        spread = [_swift.full(_shape_of(x), False, "bool") for x in tensors]
        shape = _swift.shape(functools.reduce(_swift.logical_or, spread))
    return [_swift.broadcast_to(x, shape) for x in tensors]


@_implements("flip")
def flip(m, axis=None):
    return _swift.flip(m, _axes(axis))


@_implements("flipud")
def flipud(m):
    return _swift.flip(m, [0])


@_implements("fliplr")
def fliplr(m):
    return _swift.flip(m, [1])


@_implements("roll")
def roll(a, shift, axis=None):
    if not isinstance(shift, (tuple, list)) and not isinstance(axis, (tuple, list)):
        return _swift.roll(a, shift, axis)
    shifts = _axes(shift) or []
    if axis is None:
        return _swift.roll(a, sum(shifts), None)
    for amount, place in np.broadcast(shifts, _axes(axis)):
        a = _swift.roll(a, int(amount), int(place))
    return a


@_implements("tile")
def tile(A, reps):
    return _swift.tile(A, _extents(reps))


@_implements("repeat")
def repeat(a, repeats, axis=None):
    if isinstance(repeats, (list, tuple, np.ndarray)):
        counts = np.asarray(repeats).ravel()
        if counts.size == 0:
            counts = counts.astype("int64")
        if counts.size != 1:
            a, axis = (ravel(a), 0) if axis is None else (_with_axis(a, axis), _index(axis))
            # One part along the axis; an error unless the axis has that many elements.
            a, = _swift.split(a, [counts.size], axis)
            return _swift.take(a, np.repeat(np.arange(counts.size), counts), axis)
        repeats = counts[0]
    count = int(repeats) if isinstance(repeats, float) else _index(repeats)
    return _swift.repeat(a if axis is None else _with_axis(a, axis), count, axis)
