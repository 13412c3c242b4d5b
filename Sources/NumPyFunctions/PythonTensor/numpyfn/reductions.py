# NumPy's other functions on tensors: how they are found, and reductions.

_functions = {}


def _implements(*names):
    """Makes a function what NumPy's functions of these names do with tensors."""
    def register(function):
        for name in names:
            found = _np
            for part in name.split("."):
                found = getattr(found, part, None)
            if found is not None:
                _functions[found] = function
        if not function.__doc__:
            function.__doc__ = f"As numpy.{names[0]}, on tensors, arrays and numbers."
        return function

    return register


def _array_function(self, function, types, arguments, keywords):
    """See https://numpy.org/doc/stable/reference/arrays.classes.html."""
    ours = _functions.get(function)
    if ours is None:
        module = getattr(function, "__module__", None) or "numpy"
        raise _no_operation(f"{module}.{getattr(function, '__name__', function)}")
    return ours(*arguments, **keywords)


def _refuse(function, **options):
    for name, value in options.items():
        if value is not None and value is not _np._NoValue:
            raise TypeError(f"numpy.{function}: {name}= has no meaning for tensors; leave it out")


def _axes(axis):
    """An axis, or several, as a list; None for all."""
    if axis is None:
        return None
    return [item.__index__() for item in axis] if isinstance(axis, (tuple, list)) else [
        axis.__index__()]


def _flag(value):
    return value is not _np._NoValue and _b.bool(value)


@_implements("sum")
def _sum(a, axis=None, dtype=None, out=None, keepdims=False, initial=None, where=None):
    _refuse("sum", out=out, initial=initial, where=where)
    return _swift.sum(_typed(a, dtype), _axes(axis), _flag(keepdims))


@_implements("mean")
def _mean(a, axis=None, dtype=None, out=None, keepdims=False, where=None):
    _refuse("mean", out=out, where=where)
    return _swift.mean(_typed(a, dtype), _axes(axis), _flag(keepdims))


@_implements("prod")
def _prod(a, axis=None, dtype=None, out=None, keepdims=False, initial=None, where=None):
    _refuse("prod", out=out, initial=initial, where=where)
    return _swift.prod(_typed(a, dtype), _axes(axis), _flag(keepdims))


@_implements("max", "amax")
def _max(a, axis=None, out=None, keepdims=False, initial=None, where=None):
    _refuse("max", out=out, initial=initial, where=where)
    return _swift.max(a, _axes(axis), _flag(keepdims))


@_implements("min", "amin")
def _min(a, axis=None, out=None, keepdims=False, initial=None, where=None):
    _refuse("min", out=out, initial=initial, where=where)
    return _swift.min(a, _axes(axis), _flag(keepdims))


@_implements("any")
def _any(a, axis=None, out=None, keepdims=False, where=None):
    _refuse("any", out=out, where=where)
    return _swift.any(a, _axes(axis), _flag(keepdims))


@_implements("all")
def _all(a, axis=None, out=None, keepdims=False, where=None):
    _refuse("all", out=out, where=where)
    return _swift.all(a, _axes(axis), _flag(keepdims))


@_implements("var")
def _var(a, axis=None, dtype=None, out=None, ddof=0, keepdims=False, where=None,
                    mean=None, correction=None):
    _refuse("var", out=out, where=where, mean=mean)
    ddof = ddof if correction in (None, _np._NoValue) else correction
    return _swift.var(_typed(a, dtype), _axes(axis), _flag(keepdims), ddof)


@_implements("std")
def _std(a, axis=None, dtype=None, out=None, ddof=0, keepdims=False, where=None, mean=None,
               correction=None):
    _refuse("std", out=out, where=where, mean=mean)
    ddof = ddof if correction in (None, _np._NoValue) else correction
    return _swift.std(_typed(a, dtype), _axes(axis), _flag(keepdims), ddof)


@_implements("argmax")
def _argmax(a, axis=None, out=None, keepdims=False):
    _refuse("argmax", out=out)
    return _swift.argmax(a, axis, _flag(keepdims))


@_implements("argmin")
def _argmin(a, axis=None, out=None, keepdims=False):
    _refuse("argmin", out=out)
    return _swift.argmin(a, axis, _flag(keepdims))


@_implements("cumsum")
def _cumsum(a, axis=None, dtype=None, out=None):
    _refuse("cumsum", out=out)
    a = _typed(a, dtype)
    return _swift.cumsum(_swift.flatten(a), 0) if axis is None else _swift.cumsum(
        a, axis.__index__())


@_implements("count_nonzero")
def count_nonzero(a, axis=None, keepdims=False):
    return _swift.count_nonzero(a, _axes(axis), _flag(keepdims))


@_implements("ptp")
def ptp(a, axis=None, out=None, keepdims=False):
    _refuse("ptp", out=out)
    return _max(a, axis, keepdims=keepdims) - _min(a, axis, keepdims=keepdims)


@_implements("average")
def average(a, axis=None, weights=None, returned=False, keepdims=False):
    _refuse("average", returned=returned or None)
    if weights is None:
        return _mean(a, axis, keepdims=keepdims)
    a, weights = _tensor(a), _tensor(weights)
    axes = _axes(axis)

    def along_axis():
        # One weight for each place along the axis, which is the last one meanwhile.
        moved = moveaxis(a, axes[0], -1)
        row = _ensured(weights, [_extent(moved, -1)])
        found = _sum(moved * row, -1) / _sum(row)
        return expand_dims(found, axes[0]) if _flag(keepdims) else found

    def of_each():
        if _is_known(a) and _is_known(weights) and a.shape != weights.shape:
            raise TypeError("numpy.average: weights of another shape need one axis, and be of rank 1")
        each = _ensured(weights, _shape_of(a))
        return _sum(a * each, axis, keepdims=keepdims) / _sum(each, axis, keepdims=keepdims)

    if axes is None or len(axes) != 1 or _has_rank(weights) and weights.ndim != 1:
        return of_each()
    return along_axis() if _has_rank(weights) else cond(_ndim(weights) == 1, along_axis, of_each)


def softmax(x, axis=-1):
    """The exponentials, divided by their sum along an axis."""
    return _swift.softmax(x, axis)


def log_softmax(x, axis=-1):
    """The logarithm of the softmax, without overflow."""
    return _swift.log_softmax(x, axis)
