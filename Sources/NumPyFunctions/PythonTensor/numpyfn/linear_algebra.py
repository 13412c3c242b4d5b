# Products of NumPy's, diagonals and norms.


@_implements("dot")
def dot(a, b, out=None):
    _refuse("dot", out=out)
    a, b = _tensor(a), _tensor(b)
    if a.ndim == 0 or b.ndim == 0:
        return a * b
    if b.ndim <= 2:
        return a @ b
    return tensordot(a, b, ([-1], [-2]))


@_implements("inner")
def inner(a, b):
    a, b = _tensor(a), _tensor(b)
    return a * b if a.ndim == 0 or b.ndim == 0 else tensordot(a, b, ([-1], [-1]))


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
    if isinstance(axes, int):
        first, second = list(_b.range(a.ndim - axes, a.ndim)), list(_b.range(axes))
    else:
        first, second = (_axes(part) for part in axes)
    first = [axis % a.ndim for axis in first]
    second = [axis % b.ndim for axis in second]
    free_a = [axis for axis in _b.range(a.ndim) if axis not in first]
    free_b = [axis for axis in _b.range(b.ndim) if axis not in second]
    rest = [_extent(a, axis) for axis in free_a] + [_extent(b, axis) for axis in free_b]
    left = transpose(a, free_a + first)
    right = transpose(b, second + free_b)
    count = [_extent(a, axis) for axis in first]
    shared = _product(count)
    product = reshape(left, [-1, shared]) @ reshape(right, [shared, -1])
    return reshape(product, rest)


def _product(extents):
    result = 1
    for extent in extents:
        result = result * extent
    return result


def _extent(x, axis):
    """An extent as a number, or as a tensor where it is not known yet."""
    known = x.shape[axis]
    return _swift.shape(x)[axis] if known is None else known


def _shape_of(x):
    """The shape as a tuple, or as a tensor where it is not known yet."""
    known = x.shape
    return known if known is not None and None not in known else _swift.shape(x)


@_implements("trace")
def trace(a, offset=0, axis1=0, axis2=1, dtype=None, out=None):
    _refuse("trace", out=out)
    return _sum(diagonal(_typed(a, dtype), offset, axis1, axis2), -1)


@_implements("diagonal")
def diagonal(a, offset=0, axis1=0, axis2=1):
    a = _tensor(a)
    a = moveaxis(a, (axis1, axis2), (-2, -1))
    rows, columns = a.shape[-2:]
    if rows is None or columns is None:
        raise TypeError("numpy.diagonal: the extents must be known")
    start, step = (offset if offset >= 0 else -offset * columns), columns + 1
    count = _b.max(0, _b.min(rows + _b.min(offset, 0), columns - _b.max(offset, 0)))
    flat = reshape(a, [extent for extent in _leading(a)] + [rows * columns])
    return take(flat, _np.arange(count) * step + start, -1)


def _leading(a):
    return [_extent(a, axis) for axis in _b.range(a.ndim - 2)]


@_implements("linalg.norm")
def norm(x, ord=None, axis=None, keepdims=False):
    x = _tensor(x)
    x = x if x.dtype.kind in "fcV" else _swift.cast(x, "float64")
    rank = x.ndim if axis is None else len(_axes(axis))
    size = _swift.absolute(x)
    if ord is None or ord in ("fro", "euclidean") or rank == 1 and ord == 2:
        return _swift.sqrt(_sum(_swift.square(size), axis, keepdims=keepdims))
    if rank == 1 and ord == 1:
        return _sum(size, axis, keepdims=keepdims)
    if rank == 1 and ord == _np.inf:
        return _max(size, axis, keepdims=keepdims)
    if rank == 1 and ord == -_np.inf:
        return _min(size, axis, keepdims=keepdims)
    raise _unknown(f"numpy.linalg.norm with ord={ord!r}")
