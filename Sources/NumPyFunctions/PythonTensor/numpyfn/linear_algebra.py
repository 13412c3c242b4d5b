"""NumPy's products, diagonals and norms."""


import numpy as np

from . import _swift
from ._swift import Tensor
from .axes import _axes, _flag
from .calls import Any, _index, _wrong
from .control_flow import cond
from .dtypes import _dtype_name
from .joining import concatenate
from .operands import _no_operation, _refuse, _tensor
from .picking import take
from .ranks import _ensured, _extent, _extents_of, _has_rank, _joined, _ndim, _product, _rank
from .reductions import _max, _min, _sum
from .registry import _implements
from .shapes import expand_dims, moveaxis, reshape


@_implements("dot")
def dot(a, b, out=None):
    _refuse("dot", out=out)
    a, b = _tensor(a), _tensor(b)

    def product():
        if _has_rank(b):
            return a @ b if b.ndim <= 2 else _dot_along(a, b, [-1], [-2])
        return cond(_swift.ndim(b) <= 2, lambda: a @ b, lambda: _dot_along(a, b, [-1], [-2]))

    return _unless_scalar(a, b, product)


@_implements("inner")
def inner(a, b):
    a, b = _tensor(a), _tensor(b)
    return _unless_scalar(a, b, lambda: _dot_along(a, b, [-1], [-1]))


def _unless_scalar(a, b, product):
    """The result of `product`, or a * b where one of the operands has no axes."""
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
    pair: Any = axes
    try:
        first, second = pair
    except TypeError:
        count = max(_index(axes), 0)
        first, second = list(range(-count, 0)), list(range(count))
    except ValueError:
        raise _wrong(axes, "a number of axes, or two lists of them") from None
    return _dot_along(_tensor(a), _tensor(b), _axes(first), _axes(second))


def _dot_along(a, b, first, second):
    """The sum of products along some axes of `a` and as many axes of `b`."""
    count = len(first)
    if count != len(second):
        raise ValueError(f"shape-mismatch for sum: {count} and {len(second)} axes were given")
    # Moves the axes of the sum to the end of `a` and to the front of `b`.
    a = _swift.moveaxis(a, first, list(range(-count, 0)))
    b = _swift.moveaxis(b, second, list(range(count)))
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
    return _sum(diagonal(a, offset, axis1, axis2), -1, dtype)


@_implements("diagonal")
def diagonal(a, offset=0, axis1=0, axis2=1):
    a, offset = moveaxis(a, (axis1, axis2), (-2, -1)), _index(offset)
    rows, columns = _extent(a, -2), _extent(a, -1)
    start, step = (offset if offset >= 0 else -offset * columns), columns + 1
    flat = reshape(a, _joined(_extents_of(a, None, -2), [rows * columns]))
    down, across = rows + min(offset, 0), columns - max(offset, 0)
    if isinstance(down, Tensor) or isinstance(across, Tensor):
        places = _swift.range(0, _swift.minimum(down, across), 1)
    else:
        places = np.arange(min(down, across))
    return take(flat, places * step + start, -1)


@_implements("linalg.norm")
def norm(x, ord=None, axis=None, keepdims=False):
    x = _tensor(x)
    x = x if x.dtype.kind in "fcV" else _swift.cast(x, "float64")
    axes = _axes(axis)
    if axes is not None:
        if len(axes) not in (1, 2):
            raise ValueError(f"numpy.linalg.norm: a norm goes along one axis or two, not {len(axes)}")
        # As a tuple, since norm accepts no axis of a scalar, which may be known only at run time.
        axis = tuple(axes)
    if axes is not None and _has_rank(x) and x.ndim == 0:
        raise ValueError("numpy.linalg.norm: a tensor without axes has no axis to go along")
    if ord is None:
        return _swift.sqrt(_sum(_swift.square(_swift.absolute(x)), axis, keepdims=keepdims))
    rank = _rank(x, f"numpy.linalg.norm with ord={ord!r}") if axes is None else len(axes)
    if rank == 1:
        return _vector_norm(x, ord, axis, keepdims)
    if rank != 2:
        raise ValueError(f"numpy.linalg.norm: vectors and matrices have the norm {ord!r}, not rank {rank}")
    return _matrix_norm(x, ord, [-2, -1] if axes is None else axes, keepdims)


def _vector_norm(x, ord, axis, keepdims):
    size = _swift.absolute(x)
    if isinstance(ord, str):
        raise ValueError(f"numpy.linalg.norm: vectors have no norm {ord!r}")
    if ord == np.inf:
        return _largest(size, 0 if axis is None else _axes(axis)[0], keepdims)
    if ord == -np.inf:
        return _min(size, axis, keepdims=keepdims)
    if ord == 0:
        return _sum(_swift.cast(_swift.not_equal(x, 0), _dtype_name(size.dtype)), axis, keepdims=keepdims)
    if ord == 1:
        return _sum(size, axis, keepdims=keepdims)
    if ord == 2:
        return _swift.sqrt(_sum(_swift.square(size), axis, keepdims=keepdims))
    return _sum(size ** float(ord), axis, keepdims=keepdims) ** (1.0 / ord)


def _largest(x, axis, keepdims=False):
    """The largest of nonnegative numbers along an axis; 0 for no elements."""
    x = moveaxis(x, axis, -1)
    zero = _swift.full(_joined(_extents_of(x, None, -1), [1]), 0, _dtype_name(x.dtype))
    found = _max(concatenate([x, zero], -1), -1)
    return expand_dims(found, axis) if _flag(keepdims) else found


def _matrix_norm(x, ord, axes, keepdims):
    if ord in ("fro", "f"):
        return _swift.sqrt(_sum(_swift.square(_swift.absolute(x)), tuple(axes), keepdims=keepdims))
    if ord in (2, -2, "nuc"):
        raise _no_operation(f"numpy.linalg.norm with ord={ord!r}")
    if ord not in (1, -1, np.inf, -np.inf):
        raise ValueError(f"numpy.linalg.norm: matrices have no norm {ord!r}")
    # The largest or smallest along one axis of the sums along the other.
    x = moveaxis(_swift.absolute(x), axes, (-2, -1))
    sums = _sum(x, -1 if ord in (np.inf, -np.inf) else -2)
    found = _largest(sums, -1) if ord in (1, np.inf) else _min(sums, -1)
    if not _flag(keepdims):
        return found
    return moveaxis(expand_dims(found, (-2, -1)), (-2, -1), axes)
