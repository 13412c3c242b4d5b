# Functions of NumPy's that give the same elements another shape or place.


@_implements("reshape")
def reshape(a, shape=None, order="C", *, newshape=None, copy=None):
    if order not in ("C", "A", None):
        raise TypeError("numpy.reshape: the elements of tensors are in C order only")
    return _swift.reshape(a, _extents(newshape if shape is None else shape))


@_implements("ravel")
def ravel(a, order="C"):
    if order not in ("C", "A", "K", None):
        raise TypeError("numpy.ravel: the elements of tensors are in C order only")
    return _swift.flatten(a)


@_implements("transpose", "permute_dims")
def transpose(a, axes=None, perm=None):
    return _swift.transpose(a, _axes(axes if perm is None else perm))


@_implements("matrix_transpose")
def matrix_transpose(x):
    return _swift.swapaxes(x, -1, -2)


@_implements("swapaxes")
def swapaxes(a, axis1, axis2):
    return _swift.swapaxes(a, axis1, axis2)


@_implements("moveaxis")
def moveaxis(a, source, destination):
    a, source, destination = _tensor(a), _axes(source), _axes(destination)
    if len(source) == 1 == len(destination):
        return _swift.moveaxis(a, source[0], destination[0])
    source = [axis % a.ndim for axis in source]
    destination = [axis % a.ndim for axis in destination]
    order = [axis for axis in _b.range(a.ndim) if axis not in source]
    for to, axis in sorted(zip(destination, source)):
        order.insert(to, axis)
    return _swift.transpose(a, order)


@_implements("expand_dims")
def expand_dims(a, axis):
    a = _tensor(a)
    axes = _axes(axis)
    if len(axes) == 1:
        return _swift.expand_dims(a, axes[0])
    for place in sorted(place % (a.ndim + len(axes)) for place in axes):
        a = _swift.expand_dims(a, place)
    return a


@_implements("squeeze")
def squeeze(a, axis=None):
    return _swift.squeeze(a, _axes(axis))


@_implements("broadcast_to")
def broadcast_to(array, shape, subok=False):
    return _swift.broadcast_to(array, _extents(shape))


@_implements("broadcast_arrays")
def broadcast_arrays(*args, subok=False):
    tensors = [_tensor(value) for value in args]
    shape = _np.broadcast_shapes(*(_known_shape(x) for x in tensors))
    return [_swift.broadcast_to(x, list(shape)) for x in tensors]


def _known_shape(x):
    if x.shape is None or None in x.shape:
        raise TypeError("the shape of a tensor must be known here, it will be when the graph runs")
    return x.shape


@_implements("flip")
def flip(m, axis=None):
    return _swift.flip(m, _axes(axis))


@_implements("flipud")
def flipud(m):
    return _swift.flip(m, [0])


@_implements("fliplr")
def fliplr(m):
    return _swift.flip(m, [1])


@_implements("roll")
def roll(a, shift, axis=None):
    if not isinstance(shift, (tuple, list)) and not isinstance(axis, (tuple, list)):
        return _swift.roll(a, shift, axis)
    axes = _axes(axis)
    shifts = list(shift) if isinstance(shift, (tuple, list)) else [shift] * len(axes)
    for amount, place in zip(shifts, axes):
        a = _swift.roll(a, amount, place)
    return a


@_implements("tile")
def tile(A, reps):
    a, reps = _tensor(A), _extents(reps)
    return _swift.tile(a, [1] * (a.ndim - len(reps)) + reps)


@_implements("repeat")
def repeat(a, repeats, axis=None):
    if isinstance(repeats, (list, tuple, _np.ndarray)):
        counts = _np.asarray(repeats).ravel()
        if counts.size != 1:
            a = _tensor(a)
            a = ravel(a) if axis is None else a
            return take(a, _np.repeat(_np.arange(counts.size), counts), 0 if axis is None else axis)
        repeats = counts[0]
    return _swift.repeat(a, repeats.__index__(), axis)
