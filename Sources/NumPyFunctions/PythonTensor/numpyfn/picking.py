# Functions of NumPy's that pad, pick and find elements.


@_implements("pad")
def pad(array, pad_width, mode="constant", constant_values=0):
    x = _tensor(array)
    mode = mode.lower() if isinstance(mode, str) else mode
    if mode not in ("constant", "edge", "reflect", "symmetric", "wrap"):
        raise _no_operation(f"numpy.pad with mode={mode!r}")
    widths = _np.asarray(pad_width)
    count = len(widths) if widths.ndim == 2 else 1
    if count > 1 and not _has_rank(x):
        x = _swift.ensure_shape(x, [None] * count)
    # One pair is that of all axes.
    count = x.ndim if _has_rank(x) else 1 if mode == "constant" else _rank(
        x, f"numpy.pad with mode={mode!r}")
    widths = _np.broadcast_to(widths, (count, 2)).tolist()
    return _swift.pad(
        x, [before for before, _ in widths], [after for _, after in widths], mode, constant_values)


@_implements("tril")
def tril(m, k=0):
    return _swift.tril(m, k)


@_implements("triu")
def triu(m, k=0):
    return _swift.triu(m, k)


@_implements("take")
def take(a, indices, axis=None, out=None, mode="raise"):
    _refuse("take", out=out)
    if mode != "raise":
        raise TypeError("numpy.take: mode= must be 'raise' for tensors")
    if not isinstance(indices, Tensor):
        indices = _np.asarray(indices)
        if indices.size == 0:
            indices = indices.astype("int64")
    return _swift.take(_swift.flatten(a), indices, 0) if axis is None else _swift.take(
        a, indices, axis.__index__())


@_implements("take_along_axis")
def take_along_axis(arr, indices, axis=-1):
    if axis is None:
        return _swift.take_along_axis(_swift.flatten(arr), indices, 0)
    return _swift.take_along_axis(arr, indices, axis)


@_implements("argwhere")
def argwhere(a):
    return _swift.argwhere(a)


@_implements("nonzero")
def nonzero(a):
    count = _rank(a, "numpy.nonzero, a tensor for each axis,")
    places = _swift.argwhere(a)
    return tuple(places[:, axis] for axis in _b.range(count))


@_implements("flatnonzero")
def flatnonzero(a):
    return _swift.argwhere(_swift.flatten(a))[:, 0]


@_implements("diff")
def diff(a, n=1, axis=-1, prepend=None, append=None):
    _refuse("diff", prepend=prepend, append=append)
    a, n = _tensor(a), n.__index__()
    if n < 0:
        raise ValueError(f"numpy.diff: the order n must not be negative, it is {n}")
    extent = _extent(a, axis) if n else 0
    if isinstance(extent, Tensor):
        if n > 100:
            _swift.unknown(f"numpy.diff with n={n}", False)
    else:
        # When nothing is left, nothing changes.
        n = _b.min(n, extent + 1)
    for _ in _b.range(n):
        later, earlier = _sliced(a, axis, 1, None), _sliced(a, axis, None, -1)
        a = later != earlier if _dtype_name(a.dtype) == "bool" else later - earlier
    return a
