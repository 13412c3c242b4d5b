"""NumPy's functions that select, clip, round, or take parts of complex numbers."""


import numpy as np

from . import _swift
from .calls import _index
from .dtypes import _dtype_name
from .operands import _as_float, _refuse, _tensor
from .picking import nonzero
from .registry import _implements


@_implements("where")
def where(condition, x=None, y=None):
    if x is None and y is None:
        return nonzero(condition)
    if isinstance(condition, int):
        condition = bool(condition)
    return _swift.where(condition, x, y)


@_implements("clip")
def clip(a, a_min=None, a_max=None, out=None, min=None, max=None, **options):
    _refuse("clip", out=out, **options)
    a = _tensor(a)
    low = min if a_min in (None, np._NoValue) and min is not np._NoValue else a_min
    high = max if a_max in (None, np._NoValue) and max is not np._NoValue else a_max
    low, high = (_bound(a, bound, is_high) for is_high, bound in enumerate((low, high)))
    if low is None:
        return +a if high is None else _swift.minimum(a, high)
    return _swift.maximum(a, low) if high is None else _swift.clip(a, low, high)


def _bound(a, bound, is_high):
    """A bound; None where there is none, or where a Python int excludes no number of the dtype."""
    if bound is None or bound is np._NoValue:
        return None
    if type(bound) is int and a.dtype.kind in "iu":
        limits = np.iinfo(a.dtype)
        if is_high and bound >= limits.max or not is_high and bound <= limits.min:
            return None
    return bound


@_implements("round", "around")
def round(a, decimals=0, out=None):
    _refuse("round", out=out)
    a, decimals = _tensor(a), _index(decimals)
    name = _dtype_name(a.dtype)
    if name == "bool":
        if decimals != 0:
            raise TypeError("numpy.round: bools have no decimals; convert them with astype")
        return _swift.rint(_as_float(a))
    if a.dtype.kind in "iu" and decimals >= 0:
        return _swift.alias(a)
    if decimals == 0:
        return _swift.rint(a)
    scale = 10.0**abs(decimals) if abs(decimals) < 309 else np.inf
    if a.dtype.kind in "iu":
        # Computed in float64 and converted back, as in NumPy.
        tens = _swift.rint(_swift.cast(a, "float64") / scale) * scale
        return _swift.cast(tens, name)
    return _swift.rint(a * scale) / scale if decimals > 0 else _swift.rint(a / scale) * scale


@_implements("fix")
def fix(x, out=None):
    _refuse("fix", out=out)
    return _swift.trunc(x)


@_implements("real")
def real(val):
    return _swift.real(val)


@_implements("imag")
def imag(val):
    return _tensor(val).imag


@_implements("angle")
def angle(z, deg=False):
    z = _tensor(z)
    radians = _swift.angle(z) if z.dtype.kind == "c" else _swift.arctan2(0, z)
    return radians * (180 / np.pi) if deg else radians
