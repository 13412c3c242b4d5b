# Products of NumPy's, diagonals and norms.


@_implements("dot")
def dot(a, b, out=None):
    _refuse("dot", out=out)
    a, b = _tensor(a), _tensor(b)

    def product():
        if _has_rank(b):
            return a @ b if b.ndim <= 2 else tensordot(a, b, ([-1], [-2]))
        return cond(_swift.ndim(b) <= 2, lambda: a @ b, lambda: tensordot(a, b, ([-1], [-2])))

    return _unless_scalar(a, b, product)


@_implements("inner")
def inner(a, b):
    a, b = _tensor(a), _tensor(b)
    return _unless_scalar(a, b, lambda: tensordot(a, b, ([-1], [-1])))


def _unless_scalar(a, b, product):
    """What `product` answers, or a * b where one of the two has no axes."""
    ranks = [_ndim(a), _ndim(b)]
    if 0 in [rank for rank in ranks if not isinstance(rank, Tensor)]:
        return a * b
    open_ranks = [rank for rank in ranks if isinstance(rank, Tensor)]
    if not open_ranks:
        return product()
    return cond(_product(open_ranks) == 0, lambda: a * b, product)


@_implements("vdot")
def vdot(a, b):
    return _swift.matmul(_swift.flatten(_swift.conjugate(a)), _swift.flatten(b))


@_implements("outer")
def outer(a, b, out=None):
    _refuse("outer", out=out)
    return _swift.outer(_swift.flatten(a), _swift.flatten(b))


@_implements("tensordot")
def tensordot(a, b, axes=2):
    a, b = _tensor(a), _tensor(b)
    try:
        first, second = axes
    except TypeError:
        count = _b.max(axes.__index__(), 0)
        first, second = list(_b.range(-count, 0)), list(_b.range(count))
    first, second = _axes(first), _axes(second)
    count = len(first)
    if count != len(second):
        raise ValueError(f"shape-mismatch for sum: {count} and {len(second)} axes were given")
    # The axes of the sum last in the one, and first in the other.
    a = _swift.moveaxis(a, first, list(_b.range(-count, 0)))
    b = _swift.moveaxis(b, second, list(_b.range(count)))
    low = -count if count else None
    free, summed = _extents_of(a, None, low), _extents_of(a, low) if count else []
    rest = _extents_of(b, count)
    b = _ensured(b, _joined(summed, rest))
    count = _product(summed)
    product = reshape(a, [_product(free), count]) @ reshape(b, [count, _product(rest)])
    return reshape(product, _joined(free, rest))


@_implements("trace")
def trace(a, offset=0, axis1=0, axis2=1, dtype=None, out=None):
    _refuse("trace", out=out)
    return _sum(diagonal(_typed(a, dtype), offset, axis1, axis2), -1)


@_implements("diagonal")
def diagonal(a, offset=0, axis1=0, axis2=1):
    a = moveaxis(a, (axis1, axis2), (-2, -1))
    rows, columns = _extent(a, -2), _extent(a, -1)
    start, step = (offset if offset >= 0 else -offset * columns), columns + 1
    flat = reshape(a, _joined(_extents_of(a, None, -2), [rows * columns]))
    down, across = rows + _b.min(offset, 0), columns - _b.max(offset, 0)
    if isinstance(down, Tensor) or isinstance(across, Tensor):
        places = _swift.range(0, _swift.minimum(down, across), 1)
    else:
        places = _np.arange(_b.min(down, across))
    return take(flat, places * step + start, -1)


@_implements("linalg.norm")
def norm(x, ord=None, axis=None, keepdims=False):
    x = _tensor(x)
    x = x if x.dtype.kind in "fcV" else _swift.cast(x, "float64")
    size = _swift.absolute(x)
    if ord is not None:
        rank = _rank(x, f"numpy.linalg.norm with ord={ord!r}") if axis is None else len(_axes(axis))
    if ord is None or ord in ("fro", "euclidean") or rank == 1 and ord == 2:
        return _swift.sqrt(_sum(_swift.square(size), axis, keepdims=keepdims))
    if rank == 1 and ord == 1:
        return _sum(size, axis, keepdims=keepdims)
    if rank == 1 and ord == _np.inf:
        return _max(size, axis, keepdims=keepdims)
    if rank == 1 and ord == -_np.inf:
        return _min(size, axis, keepdims=keepdims)
    raise _no_operation(f"numpy.linalg.norm with ord={ord!r}")
