# Functions of NumPy's that choose, limit, round, or part complex numbers.


@_implements("where")
def where(condition, x=None, y=None):
    if x is None and y is None:
        return nonzero(condition)
    return _swift.where(condition, x, y)


@_implements("clip")
def clip(a, a_min=None, a_max=None, out=None, min=None, max=None, **options):
    _refuse("clip", out=out, **options)
    low = min if a_min in (None, _np._NoValue) and min is not _np._NoValue else a_min
    high = max if a_max in (None, _np._NoValue) and max is not _np._NoValue else a_max
    if low is None or low is _np._NoValue:
        return +_tensor(a) if high is None or high is _np._NoValue else _swift.minimum(a, high)
    return _swift.maximum(a, low) if high is None or high is _np._NoValue else _swift.clip(
        a, low, high)


@_implements("round", "around")
def round(a, decimals=0, out=None):
    _refuse("round", out=out)
    a = _tensor(a)
    if a.dtype.kind in "iub" and decimals >= 0:
        return a
    if decimals == 0:
        return _swift.rint(a)
    scale = 10.0**_b.abs(decimals)
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
    radians = _swift.angle(z) if z.dtype.kind == "c" else _swift.arctan2(0.0, _as_float(z))
    return radians * (180 / _np.pi) if deg else radians
