"""The arguments axis= and keepdims= of NumPy's functions."""

import operator

import numpy as np

from .calls import Any, _index
from .operands import _tensor
from .ranks import _with_axes


def _axes(axis) -> Any:
    """An axis, or several, as a list; None for all."""
    if type(axis) is int:
        return [axis]
    if axis is None:
        return None
    axes = axis if isinstance(axis, (tuple, list)) else (axis,)
    try:
        return [*map(operator.index, axes)]
    except TypeError:
        # Raises the error that names the argument.
        return [_index(item) for item in axes]


def _flag(value):
    return value is not np._NoValue and bool(value)


def _takes_scalar(axis):
    """Whether NumPy accepts this axis for a scalar: 0 and -1, as numbers."""
    return not isinstance(axis, (tuple, list)) and _axes(axis) in ([0], [-1])


def _with_axis(a, axis):
    """The tensor; a scalar gets one axis where NumPy accepts this axis for a scalar."""
    return _with_axes(_tensor(a), 1, 1, 1) if _takes_scalar(axis) else a
