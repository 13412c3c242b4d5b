# Functions of NumPy's that join tensors, and that part them.


def _sequence(tensors):
    """The tensors of a list, or the parts of one tensor."""
    return list(tensors)


@_implements("concatenate", "concat")
def concatenate(arrays, axis=0, out=None, dtype=None, casting="same_kind"):
    _refuse("concatenate", out=out)
    arrays = [_typed(part, dtype) for part in _sequence(arrays)]
    if axis is None:
        return _swift.concatenate([_swift.flatten(part) for part in arrays], 0)
    return _swift.concatenate(arrays, axis)


@_implements("stack")
def stack(arrays, axis=0, out=None, dtype=None, casting="same_kind"):
    _refuse("stack", out=out)
    return _swift.stack([_typed(part, dtype) for part in _sequence(arrays)], axis)


@_implements("vstack", "row_stack")
def vstack(tup, dtype=None, casting="same_kind"):
    return concatenate([atleast_2d(part) for part in _sequence(tup)], 0, dtype=dtype)


@_implements("hstack")
def hstack(tup, dtype=None, casting="same_kind"):
    parts = [atleast_1d(part) for part in _sequence(tup)]
    return concatenate(parts, 0 if parts[0].ndim == 1 else 1, dtype=dtype)


@_implements("dstack")
def dstack(tup, dtype=None, casting="same_kind"):
    return concatenate([atleast_3d(part) for part in _sequence(tup)], 2, dtype=dtype)


@_implements("column_stack")
def column_stack(tup):
    parts = [_tensor(part) for part in _sequence(tup)]
    return concatenate(
        [expand_dims(part, 1) if part.ndim == 1 else atleast_2d(part) for part in parts], 1)


@_implements("atleast_1d")
def atleast_1d(*arys):
    results = [reshape(x, (1,)) if x.ndim == 0 else x for x in map(_tensor, arys)]
    return results[0] if len(results) == 1 else tuple(results)


@_implements("atleast_2d")
def atleast_2d(*arys):
    results = [reshape(x, (1, 1)) if x.ndim == 0 else x[None] if x.ndim == 1 else x
               for x in map(_tensor, arys)]
    return results[0] if len(results) == 1 else tuple(results)


@_implements("atleast_3d")
def atleast_3d(*arys):
    results = []
    for x in map(_tensor, arys):
        results.append(
            reshape(x, (1, 1, 1)) if x.ndim == 0 else x[None, :, None] if x.ndim == 1
            else x[:, :, None] if x.ndim == 2 else x)
    return results[0] if len(results) == 1 else tuple(results)


@_implements("split")
def _np_split(ary, indices_or_sections, axis=0):
    return _split(_tensor(ary), indices_or_sections, axis, is_exact=True)


@_implements("array_split")
def array_split(ary, indices_or_sections, axis=0):
    return _split(_tensor(ary), indices_or_sections, axis, is_exact=False)


@_implements("vsplit")
def vsplit(ary, indices_or_sections):
    return _np_split(ary, indices_or_sections, 0)


@_implements("hsplit")
def hsplit(ary, indices_or_sections):
    ary = _tensor(ary)
    return _np_split(ary, indices_or_sections, 0 if ary.ndim == 1 else 1)


def _split(x, where, axis, is_exact):
    if isinstance(where, (list, tuple, _np.ndarray)):
        key = [slice(None)] * (axis % x.ndim)
        edges = [0] + [edge.__index__() for edge in where] + [None]
        return [x[tuple(key + [slice(low, high)])] for low, high in zip(edges, edges[1:])]
    count, extent = where.__index__(), x.shape[axis]
    if extent is None or extent % count == 0:
        return _swift.split(x, count, axis)
    if is_exact:
        raise ValueError("array split does not result in an equal division")
    size, more = divmod(extent, count)
    return _swift.split(x, [size + 1] * more + [size] * (count - more), axis)


@_implements("unstack")
def unstack(x, axis=0):
    x = _tensor(x)
    return tuple(x if axis == 0 else _swift.moveaxis(x, axis, 0))
