"""Ranks and extents, which may be unknown in a graph. All other files use these functions, so that None is
never mistaken for a number. Code that needs an unknown rank raises the error from here."""

import functools

import numpy as np

from . import _swift
from ._swift import InvalidArgumentError, Tensor
from .calls import Any, _called

_has_rank = _swift.has_rank


def _rank(x, what):
    """The rank as a number; where it is unknown, raises the error that `what` needs it."""
    return _swift.rank(x, what)


def _ndim(x):
    """The rank as a number, or as a tensor where it is unknown."""
    return x.ndim if _has_rank(x) else _swift.ndim(x)


def _extent(x, axis):
    """An extent as a number, or as a tensor where it is unknown."""
    known = None
    if _has_rank(x):
        if not -x.ndim <= axis < x.ndim:
            raise _no_axis(x, axis)
        known = x.shape[axis]
    return _swift.shape(x)[axis] if known is None else known


def _no_axis(x, axis):
    """The error for an axis that a tensor of known rank does not have."""
    name = _called()[0]
    function = f"{name}(): " if name else ""
    return InvalidArgumentError(f"{function}there is no axis {axis}: the rank of the tensor is {x.ndim}")


def _extents_of(x, low=None, high=None) -> Any:
    """A part of the shape: a list of numbers and tensors, or one tensor where the rank is unknown."""
    if not _has_rank(x):
        return _swift.shape(x)[low:high]
    return [_extent(x, axis) for axis in range(x.ndim)[low:high]]


def _joined(*parts):
    """Concatenates parts of shapes, as _extents_of returns them, for reshape."""
    if all(isinstance(part, list) for part in parts):
        return [extent for part in parts for extent in part]
    vectors = [part if isinstance(part, Tensor) else _vector(part)
               for part in parts if isinstance(part, Tensor) or part]
    return _swift.concatenate(vectors, 0) if len(vectors) > 1 else vectors[0]


def _vector(extents):
    """A list of numbers and tensors as one integer tensor."""
    if any(isinstance(extent, Tensor) for extent in extents):
        return _swift.stack([_swift.cast(extent, "int64") for extent in extents], 0)
    return _swift.constant(np.array(extents, "int64"), "int64")


def _ones(count):
    """A tensor of `count` ones, as extents."""
    return _swift.full(_vector([count]), 1, "int64")


def _product(extents):
    """The product of extents: a number, or a tensor."""
    if isinstance(extents, Tensor):
        return _swift.prod(extents, None, False)
    return functools.reduce(lambda a, b: a * b, extents, 1)


def _shape_of(x):
    """The shape as a tuple, or as a tensor where it is unknown."""
    return x.shape if _is_known(x) else _swift.shape(x)


def _is_known(x):
    """Whether all extents are known."""
    return _has_rank(x) and None not in x.shape


def _ensured(x, extents):
    """The tensor, checked to have these extents (numbers and tensors, or one tensor), at run time if need
    be."""
    if not isinstance(extents, Tensor) and any(isinstance(extent, Tensor) for extent in extents):
        extents = _vector(extents)
    return _swift.ensure_shape(x, extents)


def _with_axes(x, least, bound, most):
    """The tensor with at least `least` axes: `bound` less the rank, at most `most`, are added in front, the
    others at the end."""
    if _has_rank(x):
        missing = max(least - x.ndim, 0)
        first = min(max(bound - x.ndim, 0), most)
        axes = list(range(first)) + list(range(first + x.ndim, x.ndim + missing))
        return _swift.expand_dims(x, axes) if axes else x
    rank = _swift.ndim(x)
    first = _swift.clip(bound - rank, 0, most)
    last = _swift.maximum(least - rank, 0) - first
    return _swift.reshape(x, _joined(_ones(first), _swift.shape(x), _ones(last)))


class _Unknown:
    """The value of an attribute that is unknown in a graph: equal to None; any other use raises an error."""

    def __init__(self, what, is_rank):
        self._what, self._is_rank = what, is_rank

    def __repr__(self):
        return "None"

    def __hash__(self):
        return hash(None)

    def __eq__(self, other):
        return other is None or other is self or self._refuse()

    def __ne__(self, other):
        return not self == other

    def _refuse(self, *_):
        """Raises the error for an unknown rank or extent."""
        _swift.unknown(self._what, self._is_rank)

    __bool__ = __len__ = __iter__ = __getitem__ = __contains__ = __index__ = __int__ = __float__ = _refuse
    __complex__ = __lt__ = __le__ = __gt__ = __ge__ = __neg__ = __pos__ = __abs__ = __array__ = _refuse
    __add__ = __radd__ = __sub__ = __rsub__ = __mul__ = __rmul__ = __pow__ = __rpow__ = _refuse
    __truediv__ = __rtruediv__ = __floordiv__ = __rfloordiv__ = __mod__ = __rmod__ = _refuse
    __divmod__ = __rdivmod__ = __matmul__ = __rmatmul__ = _refuse


_unknown = {
    "shape": _Unknown("t.shape, in whose place numpyfn.shape(t) is a tensor,", True),
    "ndim": _Unknown("t.ndim, in whose place numpyfn.rank(t) is a tensor,", True),
    "size": _Unknown("t.size, in whose place numpyfn.size(t) is a tensor,", False),
}
