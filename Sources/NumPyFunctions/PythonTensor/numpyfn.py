# The Python side of the module: names, NumPy's conventions for arguments, and what structures of
# tensors are taken apart for. What computes is Swift: `_swift` and the operators of `Tensor`, both of
# which are there before this file runs.

import builtins as _b
import functools as _functools
import inspect as _inspect
import sys as _sys
import threading as _threading
import types as _types

import numpy as _np

__version__ = "0.1.0"

# --- dtypes


class _NamedDType:
    """A dtype of tensors that NumPy does not have."""

    def __init__(self, name):
        self.name = name
        # What NumPy makes of it: objects.
        self.dtype = _np.dtype(object)

    def __repr__(self):
        return f"numpyfn.{self.name}"

    def __eq__(self, other):
        return self is other or other == self.name

    def __hash__(self):
        return hash(self.name)

    def __reduce__(self):
        return _dtype_of, (self.name,)


_NUMPY_NAMES = (
    "bool", "int8", "int16", "int32", "int64", "uint8", "uint16", "uint32", "uint64", "float16",
    "float32", "float64", "complex64", "complex128",
)
_DTYPE_NAMES = _NUMPY_NAMES + ("bfloat16", "string")
_DTYPES = {name: _np.dtype(name) for name in _NUMPY_NAMES}
_DTYPES["string"] = _NamedDType("string")
_known_names = {}


def _dtype_of(name):
    """The dtype of this name, as `Tensor.dtype` has it."""
    if name == "bfloat16" and name not in _DTYPES:
        try:
            from ml_dtypes import bfloat16

            _DTYPES[name] = _np.dtype(bfloat16)
        except ImportError:
            _DTYPES[name] = _NamedDType(name)
    return _DTYPES[name]


def _dtype_name(dtype):
    """The name of a dtype, given as anything that NumPy takes for one."""
    try:
        return _known_names[dtype]
    except (KeyError, TypeError):
        pass
    if isinstance(dtype, _NamedDType):
        name = dtype.name
    elif dtype is str or dtype is bytes or isinstance(dtype, str) and dtype in ("string", "bfloat16"):
        name = dtype if isinstance(dtype, str) else "string"
    else:
        found = _np.dtype(dtype)
        name = "string" if found.kind in "SU" else found.name
        if name not in _DTYPE_NAMES:
            raise TypeError(
                f"no tensor has the dtype {dtype!r}; there are {', '.join(_DTYPE_NAMES)}")
    try:
        _known_names[dtype] = name
    except TypeError:
        pass
    return name


def as_dtype(dtype):
    """The dtype that a name, a class of NumPy's or Python's, or a dtype stands for."""
    return _dtype_of(_dtype_name(dtype))


# --- making tensors

_PYTHON_NUMBERS = (_b.bool, int, float, complex)


def _is_plain(value):
    """Whether a nested list has Python's own numbers only, which have no dtype of their own."""
    if isinstance(value, (list, tuple)):
        return _b.all(_is_plain(item) for item in value)
    return type(value) in _PYTHON_NUMBERS


def constant(value, dtype=None, shape=None, name=None):
    """A tensor with this value: a number, a nested list, an array, a str.

    As in TensorFlow, Python's floats are float32 and its ints int32 (int64 where they do not fit),
    unless a dtype is given. Arrays keep their dtype.
    """
    name = None if dtype is None else _dtype_name(dtype)
    if isinstance(value, (list, tuple)) and _is_plain(value):
        array = _np.asarray(value)
        if name is None and array.dtype == float:
            value, name = array, "float32"
        elif name is None and array.dtype == int:
            value = array
            if array.size == 0 or -(2**31) <= array.min() and array.max() < 2**31:
                name = "int32"
        elif name in _NUMPY_NAMES:
            value = _checked(array, name)
        else:
            value = array
    result = _swift.constant(value, name)
    if shape is None:
        return result
    if result.size == 1:
        return broadcast_to(reshape(result, ()), shape)
    return reshape(result, shape)


def _checked(array, name):
    """A list's array in a dtype that can hold it."""
    target = _np.dtype(name)
    if target.kind in "iu" and array.dtype.kind in "iuf" and array.size:
        limits = _np.iinfo(target)
        if array.dtype.kind == "f" or array.min() < limits.min or array.max() > limits.max:
            raise InvalidArgumentError(f"a value of {array.tolist()!r} does not fit {name}")
    return array


def convert_to_tensor(value, dtype=None, dtype_hint=None, name=None):
    """The value as a tensor; a tensor as it is, if it has the dtype."""
    if isinstance(value, Tensor):
        if dtype is not None and _dtype_name(dtype) != _dtype_name(value.dtype):
            raise InvalidArgumentError(
                f"a tensor of {value.dtype} was given where {as_dtype(dtype)} is wanted; convert it "
                "with astype")
        return value
    if dtype is None and dtype_hint is not None and _is_plain(value):
        try:
            return constant(value, dtype_hint)
        except (ValueError, OverflowError, TypeError):
            pass
    return constant(value, dtype)


def from_dlpack(x, *, device=None, copy=None):
    """A tensor with the elements of an array of another library, by DLPack.

    A tensor is a value, so they are copied where anybody else may write to them. With `copy=False` the
    memory is shared: nobody may write to it then for as long as there are tensors on it.
    """
    if device not in (None, "cpu"):
        raise ValueError(f"tensors are in the CPU's memory, not on {device!r}")
    if isinstance(x, Tensor):
        return +x
    if isinstance(x, _np.ndarray) and copy is not False:
        return constant(x)
    if not hasattr(x, "__dlpack__"):
        raise TypeError(f"an object of class {type(x).__name__} has no __dlpack__ method")
    try:
        capsule = x.__dlpack__(max_version=(1, 0))
    except TypeError:
        capsule = x.__dlpack__()
    return _swift.from_dlpack(capsule, copy is False)


def _dlpack(self, *, stream=None, max_version=None, dl_device=None, copy=None):
    """The memory, for another library: read-only, or a copy where that cannot be said."""
    if stream is not None:
        raise ValueError("a tensor in the CPU's memory has no stream")
    if dl_device is not None and tuple(dl_device) != (1, 0):
        raise BufferError(f"tensors are in the CPU's memory, (1, 0), not on the device {dl_device}")
    is_versioned = max_version is not None and max_version[0] >= 1
    if copy is False and not is_versioned:
        raise BufferError(
            "a tensor's memory must not be written to, which DLPack before version 1 cannot say; ask "
            "with max_version=(1, 0), or let it be copied")
    return _swift.dlpack(self, is_versioned, _b.bool(copy) or not is_versioned)


def _dlpack_device(self):
    """The CPU."""
    return 1, 0


def is_tensor(value):
    """Whether the object is a Tensor."""
    return isinstance(value, Tensor)


def cast(x, dtype, name=None):
    """The elements as another dtype, converted as NumPy's `astype` does."""
    return _swift.cast(x, _dtype_name(dtype))


def zeros(shape, dtype="float32"):
    """A tensor of zeros."""
    return _swift.full(_extents(shape), 0, _dtype_name(dtype))


def ones(shape, dtype="float32"):
    """A tensor of ones."""
    return _swift.full(_extents(shape), 1, _dtype_name(dtype))


def fill(dims, value):
    """A tensor of this shape, full of one value."""
    value = convert_to_tensor(value)
    return _swift.full(_extents(dims), value, _dtype_name(value.dtype))


def eye(num_rows, num_columns=None, dtype="float32"):
    """A tensor with ones on its diagonal and zeros elsewhere."""
    return constant(_np.eye(num_rows, num_columns, dtype=_np.dtype(_dtype_name(dtype))))


def _extents(shape):
    """A shape as a list of numbers, or a tensor of them."""
    if isinstance(shape, Tensor):
        return shape if shape.is_symbolic else [int(extent) for extent in shape.numpy().ravel()]
    if isinstance(shape, _np.ndarray):
        return [int(extent) for extent in shape.ravel()]
    if isinstance(shape, (list, tuple)):
        if _b.any(isinstance(extent, Tensor) and extent.is_symbolic for extent in shape):
            return stack([cast(extent, int64) for extent in shape])
        return [extent.__index__() for extent in shape]
    return [shape.__index__()]


# --- NumPy's universal functions

_ufuncs = {}


def _add_ufuncs():
    names = """
        absolute add arccos arccosh arcsin arcsinh arctan arctan2 arctanh bitwise_and bitwise_or
        bitwise_xor ceil conjugate cos cosh divide equal exp expm1 floor floor_divide greater
        greater_equal hypot isfinite isinf isnan less less_equal log log10 log1p log2 logical_and
        logical_not logical_or logical_xor matmul maximum minimum multiply negative not_equal power
        reciprocal remainder sign sin sinh sqrt square subtract tan tanh trunc
    """.split()
    for name in names:
        function = getattr(_swift, name)
        _ufuncs[getattr(_np, name)] = function
        if name not in globals():
            globals()[name] = _named(function, name)
    others = {
        "invert": lambda x: ~_tensor(x),
        "positive": lambda x: +_tensor(x),
        "fabs": lambda x: _swift.absolute(_as_float(x)),
        "rint": lambda x: _swift.rint(_as_float(x)),
        "exp2": lambda x: _swift.power(2, x if _is_complex(x) else _as_float(x)),
        "deg2rad": lambda x: _as_float(x) * (_np.pi / 180),
        "radians": lambda x: _as_float(x) * (_np.pi / 180),
        "rad2deg": lambda x: _as_float(x) * (180 / _np.pi),
        "degrees": lambda x: _as_float(x) * (180 / _np.pi),
        "logaddexp": lambda a, b: _swift.logsumexp(
            _swift.stack(broadcast_arrays(_as_float(a), _as_float(b)), 0), [0], False),
        "divmod": lambda a, b: (_swift.floor_divide(a, b), _swift.remainder(a, b)),
        "float_power": lambda a, b: _swift.power(_as_double(a), _as_double(b)),
    }
    for name, function in others.items():
        _ufuncs[getattr(_np, name)] = function
        if name not in globals() and not hasattr(_b, name):
            globals()[name] = _named(function, name)


def _named(function, name):
    """A function of ours under NumPy's name."""
    if getattr(_np, name).nin == 1:
        def call(x, name=None):
            return function(x)
    else:
        def call(x, y, name=None):
            return function(x, y)

    call.__name__ = call.__qualname__ = name
    call.__doc__ = f"As numpy.{name}, on tensors, arrays and numbers."
    return call


def _tensor(value):
    """A tensor, of a value as NumPy sees it: Python's numbers are int64 and float64."""
    return value if isinstance(value, Tensor) else _swift.constant(_np.asarray(value), None)


def _as_float(value):
    """A tensor of the floating-point dtype in which NumPy computes such functions."""
    value = _tensor(value)
    kind, size = value.dtype.kind, value.dtype.itemsize
    if kind in "fV":
        return value
    if kind == "c":
        raise TypeError("this function is not defined for complex numbers")
    return _swift.cast(value, {1: "float16", 2: "float32"}.get(size, "float64"))


def _is_complex(value):
    return _tensor(value).dtype.kind == "c"


def _as_double(value):
    value = _tensor(value)
    return _swift.cast(value, "complex128" if value.dtype.kind == "c" else "float64")


_reductions = {"add": "sum", "multiply": "prod", "maximum": "max", "minimum": "min",
               "logical_and": "all", "logical_or": "any"}


def _array_ufunc(self, ufunc, method, *inputs, out=None, where=True, dtype=None, axis=0,
                 keepdims=False, **options):
    """See https://numpy.org/doc/stable/reference/arrays.classes.html."""
    if not _b.all(_is_operand(value) for value in inputs):
        return NotImplemented
    name = ufunc.__name__
    if out is not None:
        raise TypeError(
            f"numpy.{name}: a tensor cannot be written into an array (out=, or an operator such as "
            "a += t); a = a + t makes a tensor")
    if where is not True:
        raise TypeError(f"numpy.{name}: where= has no meaning for tensors; use numpy.where(...)")
    if method == "reduce" and name in _reductions:
        x, = inputs
        result = getattr(_swift, _reductions[name])(_typed(x, dtype), _axes(axis), keepdims)
        return result
    if method == "accumulate" and name == "add":
        return _cumsum(inputs[0], axis, dtype)
    if method == "outer" and ufunc in _ufuncs:
        a, b = (_tensor(value) for value in inputs)
        return _ufuncs[ufunc](reshape(a, tuple(a.shape) + (1,) * b.ndim), b)
    function = _ufuncs.get(ufunc) if method == "__call__" else None
    if function is None:
        raise _unknown(f"numpy.{name}" + ("" if method == "__call__" else f".{method}"))
    if dtype is not None:
        for value in inputs:
            if not _np.can_cast(_tensor(value).dtype, dtype, "same_kind"):
                raise TypeError(
                    f"numpy.{name}: cannot cast from {_tensor(value).dtype} to {_np.dtype(dtype)}")
        inputs = [_typed(value, dtype) for value in inputs]
    return function(*inputs)


def _is_operand(value):
    return isinstance(value, (Tensor, _np.ndarray, _np.generic, list, tuple) + _PYTHON_NUMBERS)


def _typed(value, dtype):
    return value if dtype is None else _swift.cast(value, _dtype_name(dtype))


def _unknown(name):
    return TypeError(
        f"{name} is no operation on tensors, so its gradient would not be known. To leave the tensor, "
        f"and cut the gradient on purpose, call it with t.numpy(); inside a function that is traced, "
        f"call numpyfn.numpy_function({name}, [t], Tout). In Swift, numpyFunction with gradient: makes "
        "a differentiable operation of it")


# --- NumPy's other functions

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
        raise _unknown(f"{module}.{getattr(function, '__name__', function)}")
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
    if a.shape != weights.shape:
        if not isinstance(axis, int) or weights.ndim != 1:
            raise TypeError("numpy.average: weights of another shape need one axis, and be of rank 1")
        weights = reshape(weights, [-1] + [1] * ((a.ndim - 1 - axis) if axis >= 0 else -axis - 1))
    weights = broadcast_to(weights, _shape_of(a))
    return _sum(a * weights, axis, keepdims=keepdims) / _sum(
        weights, axis, keepdims=keepdims)


def softmax(x, axis=-1):
    """The exponentials, divided by their sum along an axis."""
    return _swift.softmax(x, axis)


def log_softmax(x, axis=-1):
    """The logarithm of the softmax, without overflow."""
    return _swift.log_softmax(x, axis)


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


# Linear algebra


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


# Shapes


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


@_implements("pad")
def pad(array, pad_width, mode="constant", constant_values=0):
    x = _tensor(array)
    widths = _np.broadcast_to(_np.asarray(pad_width), (x.ndim, 2)).tolist()
    mode = mode.lower() if isinstance(mode, str) else mode
    if mode not in ("constant", "edge", "reflect", "symmetric", "wrap"):
        raise _unknown(f"numpy.pad with mode={mode!r}")
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
    places = _swift.argwhere(a)
    return tuple(places[:, axis] for axis in _b.range(_tensor(a).ndim))


@_implements("flatnonzero")
def flatnonzero(a):
    return _swift.argwhere(_swift.flatten(a))[:, 0]


@_implements("diff")
def diff(a, n=1, axis=-1, prepend=None, append=None):
    _refuse("diff", prepend=prepend, append=append)
    a = _tensor(a)
    key = [slice(None)] * (axis % a.ndim)
    for _ in _b.range(n):
        later, earlier = a[tuple(key + [slice(1, None)])], a[tuple(key + [slice(None, -1)])]
        a = later != earlier if _dtype_name(a.dtype) == "bool" else later - earlier
    return a


@_implements("zeros_like")
def zeros_like(a, dtype=None, order="K", subok=True, shape=None):
    return zeros(shape, dtype or _tensor(a).dtype) if shape is not None else _swift.zeros_like(
        _typed(a, dtype))


@_implements("ones_like")
def ones_like(a, dtype=None, order="K", subok=True, shape=None):
    return ones(shape, dtype or _tensor(a).dtype) if shape is not None else _swift.ones_like(
        _typed(a, dtype))


@_implements("full_like")
def full_like(a, fill_value, dtype=None, order="K", subok=True, shape=None):
    a = _tensor(a)
    dtype = _dtype_name(dtype or a.dtype)
    return _swift.full(_extents(_shape_of(a) if shape is None else shape), fill_value, dtype)


@_implements("copy")
def copy(a, order="K", subok=False):
    return +_tensor(a)


@_implements("astype")
def astype(x, dtype, copy=True):
    return cast(x, dtype)


@_implements("shape")
def _numpy_shape(a):
    return a.shape


@_implements("ndim")
def _numpy_ndim(a):
    return a.ndim


@_implements("size")
def _numpy_size(a, axis=None):
    return a.size if axis is None else a.shape[axis]


@_implements("result_type")
def result_type(*args):
    return _np.result_type(*(x.dtype if isinstance(x, Tensor) else x for x in args))


@_implements("iscomplexobj")
def _iscomplexobj(x):
    return x.dtype.kind == "c"


@_implements("isrealobj")
def _isrealobj(x):
    return x.dtype.kind != "c"


def _by_value():
    """Functions that answer a bool, a text or nothing: no gradient can be lost in them."""
    names = ("array_equal", "array_equiv", "allclose", "isclose", "array_repr", "array_str",
             "array2string", "shares_memory", "may_share_memory", "save", "savez",
             "savez_compressed", "savetxt", "can_cast", "min_scalar_type")
    for name in names:
        function = getattr(_np, name)

        def call(*arguments, _function=function, **keywords):
            return _function(*map(_value, arguments),
                             **{key: _value(value) for key, value in keywords.items()})

        _functions[function] = call


def _value(x):
    return x.numpy() if isinstance(x, Tensor) else x


_by_value()


# --- functions as TensorFlow has them, where NumPy has none or gives arguments another meaning

def _reduction(name, ours):
    def reduce(input_tensor, axis=None, keepdims=False, name=None):
        return getattr(_swift, ours)(input_tensor, _axes(axis), keepdims)

    reduce.__name__ = reduce.__qualname__ = name
    reduce.__doc__ = f"Along an axis, or several, or all, as tf.{name}."
    return reduce


reduce_sum = _reduction("reduce_sum", "sum")
reduce_mean = _reduction("reduce_mean", "mean")
reduce_prod = _reduction("reduce_prod", "prod")
reduce_max = _reduction("reduce_max", "max")
reduce_min = _reduction("reduce_min", "min")
reduce_any = _reduction("reduce_any", "any")
reduce_all = _reduction("reduce_all", "all")
reduce_logsumexp = _reduction("reduce_logsumexp", "logsumexp")


def reduce_variance(input_tensor, axis=None, keepdims=False, name=None):
    """The variance along an axis, or several, or all."""
    return _swift.var(input_tensor, _axes(axis), keepdims, 0)


def reduce_std(input_tensor, axis=None, keepdims=False, name=None):
    """The standard deviation along an axis, or several, or all."""
    return _swift.std(input_tensor, _axes(axis), keepdims, 0)


def argmax(input, axis=None, name=None):
    """Where the largest elements are along an axis, the first unless another is given."""
    return _swift.argmax(input, axis or 0, False)


def argmin(input, axis=None, name=None):
    """Where the smallest elements are along an axis, the first unless another is given."""
    return _swift.argmin(input, axis or 0, False)


def cumsum(x, axis=0, name=None):
    """The sums of all elements up to each along an axis."""
    return _swift.cumsum(x, axis)


def split(value, num_or_size_splits, axis=0, name=None):
    """So many equal parts along an axis, or parts of these sizes."""
    value = _tensor(value)
    if not isinstance(num_or_size_splits, (list, tuple, _np.ndarray)):
        return _swift.split(value, num_or_size_splits.__index__(), axis)
    return _swift.split(value, [size.__index__() for size in num_or_size_splits], axis)


def range(start, limit=None, delta=1, dtype=None):
    """Numbers from `start`, or 0, to before `limit`."""
    if limit is None:
        start, limit = 0, start
    values = _np.arange(_value(start), _value(limit), _value(delta))
    if dtype is None and _is_plain([start, limit, delta]):
        dtype = "int32" if values.dtype.kind == "i" else "float32"
    return constant(values, dtype)


def linspace(start, stop, num):
    """So many numbers from `start` to `stop`, with it."""
    plain = _is_plain([start, stop])
    return constant(_np.linspace(_value(start), _value(stop), num), "float32" if plain else None)


def shape(x):
    """The shape as a tensor, which is known when the graph runs."""
    return _swift.shape(x)


def size(x):
    """The number of elements as a tensor."""
    return _swift.size(x)


def rank(x):
    """The number of axes as a tensor."""
    return _swift.ndim(x)


def ensure_shape(x, shape):
    """The tensor as it is, if it has this shape; None stands for any extent."""
    return _swift.ensure_shape(x, shape)


def one_hot(indices, depth, dtype="float32"):
    """For each position a row that is 1 there and 0 elsewhere."""
    return _swift.one_hot(indices, depth, _dtype_name(dtype))


def gather(params, indices, axis=0):
    """The parts at positions along an axis."""
    return take(params, indices, axis)


def stop_gradient(x):
    """The tensor as it is, through which no gradient flows."""
    return _swift.stop_gradient(x)


def clip_by_value(t, clip_value_min, clip_value_max, name=None):
    """The elements, or the bound that they lie beyond."""
    return _swift.clip(t, clip_value_min, clip_value_max)


def identity(x):
    """The tensor as it is."""
    return convert_to_tensor(x)


def erf(x):
    """The error function."""
    return _swift.erf(x)


def erfc(x):
    """One minus the error function."""
    return _swift.erfc(x)


def rsqrt(x):
    """One divided by the square root."""
    return _swift.rsqrt(x)


def sigmoid(x):
    """1 / (1 + exp(-x))."""
    return _swift.sigmoid(x)


def softplus(x):
    """log(1 + exp(x))."""
    return _swift.softplus(x)


def relu(x):
    """The elements, or 0 in place of negative ones."""
    return _swift.relu(x)


def gelu(x):
    """The elements times the normal distribution's share below them."""
    return _swift.gelu(x)


# --- methods

_MISSING = object()


def _set_methods():
    def method(name, function):
        function.__name__, function.__qualname__ = name, f"Tensor.{name}"
        setattr(Tensor, name, function)

    for name, function in {
        "sum": _sum, "mean": _mean, "prod": _prod, "max": _max,
        "min": _min, "any": _any, "all": _all, "var": _var,
        "std": _std, "argmax": _argmax, "argmin": _argmin, "cumsum": _cumsum, "ptp": ptp,
        "round": round, "dot": dot, "swapaxes": swapaxes, "repeat": repeat, "take": take,
        "squeeze": squeeze, "ravel": ravel, "flatten": ravel, "clip": clip, "nonzero": nonzero,
        "diagonal": diagonal, "trace": trace, "copy": copy,
    }.items():
        copy_ = _types.FunctionType(
            function.__code__, globals(), name, function.__defaults__, function.__closure__)
        copy_.__kwdefaults__ = function.__kwdefaults__
        copy_.__doc__ = f"As numpy.ndarray.{name}."
        method(name, copy_)

    def reshape_(self, *shape, order="C"):
        """As numpy.ndarray.reshape: of a tuple, or of numbers."""
        return reshape(self, shape[0] if len(shape) == 1 else shape, order)

    def transpose_(self, *axes):
        """As numpy.ndarray.transpose: of a tuple, or of numbers."""
        if not axes or axes == (None,):
            return self.T
        return transpose(self, axes[0] if len(axes) == 1 else axes)

    def astype_(self, dtype, order="K", casting="unsafe", subok=True, copy=True):
        """The elements as another dtype."""
        if casting != "unsafe" and not _np.can_cast(self.dtype, dtype, casting):
            raise TypeError(
                f"cannot cast a tensor from {self.dtype} to {_np.dtype(dtype)} according to the rule "
                f"{casting!r}")
        return cast(self, dtype)

    def conj(self):
        """The conjugates."""
        return _swift.conjugate(self)

    def values(self):
        # Asked for by name, so that a gradient is cut on purpose; a string is bytes, and no array.
        found = self.numpy()
        return _np.array(found, object) if _b.isinstance(found, bytes) else found

    def item(self, *args):
        """The only element, or the one at a position, as a Python number."""
        return values(self).item(*args)

    def tolist(self):
        """The elements as nested lists of Python numbers."""
        return values(self).tolist()

    def tobytes(self, order="C"):
        """The elements as bytes."""
        return values(self).tobytes(order)

    def array(self, dtype=None, copy=None):
        found = _np.asarray(self._array())
        if dtype is not None and _np.dtype(dtype) != found.dtype:
            if copy is False:
                raise ValueError(
                    f"a tensor of {found.dtype} cannot be an array of {_np.dtype(dtype)} without a copy")
            return found.astype(dtype)
        return found.copy() if copy else found

    def format_(self, spec):
        return format(self.item(), spec) if spec and self.ndim == 0 else (
            str(self) if not spec else format(self.numpy(), spec))

    def reduce(self):
        return _restored, (self.numpy(), _dtype_name(self.dtype))

    def same(self, memo=None):
        return self

    def contains(self, value):
        return _b.bool(_swift.any(self == value, None, False))

    def round_(self, ndigits=None):
        return round(self, ndigits or 0)

    for name, function in {
        "reshape": reshape_, "transpose": transpose_, "astype": astype_, "conj": conj,
        "conjugate": _types.FunctionType(conj.__code__, globals()), "item": item, "tolist": tolist,
        "tobytes": tobytes, "__array__": array, "__format__": format_, "__reduce__": reduce,
        "__copy__": same, "__deepcopy__": _types.FunctionType(
            same.__code__, globals(), argdefs=(None,)),
        "__contains__": contains, "__round__": round_, "__array_ufunc__": _array_ufunc,
        "__array_function__": _array_function, "__dlpack__": _dlpack,
        "__dlpack_device__": _dlpack_device,
    }.items():
        method(name, function)
    # For libraries that ask this one instead of __array_ufunc__.
    Tensor.__array_priority__ = 1000
    Tensor.itemsize = property(lambda self: _np.dtype(self.dtype).itemsize, doc="Bytes an element.")
    Tensor.nbytes = property(
        lambda self: self.size * _np.dtype(self.dtype).itemsize, doc="Bytes of all elements.")
    Tensor.mT = property(matrix_transpose, doc="The tensor with its last two axes swapped.")


def _restored(value, dtype):
    """A tensor that was pickled."""
    return _swift.constant(value, dtype)


# --- graphs


class TensorSpec:
    """What is known of a tensor before there is one: shape (None where not known), dtype, name."""

    __slots__ = ("shape", "dtype", "name")

    def __init__(self, shape=None, dtype="float32", name=None):
        if isinstance(shape, int):
            shape = (shape,)
        self.shape = None if shape is None else tuple(
            None if extent is None else extent.__index__() for extent in shape)
        self.dtype = as_dtype(dtype)
        self.name = name

    @classmethod
    def from_tensor(cls, tensor, name=None):
        """The spec of a tensor."""
        return cls(tensor.shape, tensor.dtype, name)

    def __repr__(self):
        return f"TensorSpec(shape={self.shape}, dtype={_dtype_name(self.dtype)}, name={self.name!r})"

    def __eq__(self, other):
        return isinstance(other, TensorSpec) and self._key == other._key

    def __hash__(self):
        return hash(self._key)

    @property
    def _key(self):
        return self.shape, _dtype_name(self.dtype), self.name


def _spec(spec):
    """A spec as Swift takes it, of a TensorSpec or a dtype."""
    if not isinstance(spec, TensorSpec):
        spec = TensorSpec(None, spec)
    return spec.shape, _dtype_name(spec.dtype), spec.name


class _Leaf:
    """Where a tensor stands in a structure."""

    def __repr__(self):
        return "tensor"


_LEAF = _Leaf()


def _flatten(value, leaves, convert):
    """Appends the tensors in a structure of lists, tuples and dicts to `leaves`; answers the rest."""
    if isinstance(value, Tensor):
        leaves.append(value)
        return _LEAF
    if isinstance(value, tuple):
        parts = tuple(_flatten(part, leaves, convert) for part in value)
        return (type(value), parts)
    if isinstance(value, list):
        return (list, tuple(_flatten(part, leaves, convert) for part in value))
    if isinstance(value, dict):
        return (dict, tuple(value), tuple(_flatten(part, leaves, convert) for part in value.values()))
    converted = convert(value)
    if converted is not None:
        leaves.append(converted)
        return _LEAF
    return _Plain(value)


class _Plain:
    """A Python value in a structure: equal to itself, and to equal values of its type."""

    __slots__ = ("value", "hash")

    def __init__(self, value):
        self.value = value
        try:
            self.hash = hash((type(value), value))
        except TypeError:
            self.hash = None

    def __hash__(self):
        return id(self.value) if self.hash is None else self.hash

    def __eq__(self, other):
        if not isinstance(other, _Plain):
            return False
        if self.value is other.value:
            return True
        return self.hash is not None and self.hash == other.hash and type(self.value) is type(
            other.value) and _b.bool(self.value == other.value)


def _pack(structure, leaves):
    """The structure with its tensors, taken from an iterator."""
    if structure is _LEAF:
        return next(leaves)
    if isinstance(structure, _Plain):
        return structure.value
    kind = structure[0]
    if kind is dict:
        return dict(zip(structure[1], [_pack(part, leaves) for part in structure[2]]))
    parts = [_pack(part, leaves) for part in structure[1]]
    if kind is list:
        return parts
    return tuple(parts) if kind is tuple else kind(*parts) if hasattr(kind, "_fields") else kind(parts)


def _argument(value):
    """What an argument of a function without a signature is traced as: arrays as tensors."""
    return constant(value) if isinstance(value, (_np.ndarray, _np.generic)) else None


def _result(value):
    """What a traced function may return besides tensors."""
    if value is None:
        return None
    if isinstance(value, (_np.ndarray, _np.generic, str, bytes) + _PYTHON_NUMBERS):
        return constant(value)
    raise TypeError(
        f"a traced function returned an object of class {type(value).__name__}; return tensors, "
        "numbers, arrays, None, or lists, tuples and dicts of them")


class Function:
    """A Python function that is traced into graphs, which then run without Python."""

    def __init__(self, python_function, input_signature=None, name=None):
        if not callable(python_function):
            raise TypeError(f"function() takes something that can be called, not {python_function!r}")
        _functools.update_wrapper(self, python_function)
        self.python_function = python_function
        self.input_signature = None if input_signature is None else tuple(input_signature)
        self._name = name or getattr(python_function, "__name__", "function")
        code = getattr(_inspect.unwrap(python_function), "__code__", None)
        self._place = (code.co_filename, code.co_firstlineno) if code else ("python", 0)
        self._graphs = {}
        try:
            self._signature = _inspect.signature(python_function)
        except (TypeError, ValueError):
            self._signature = None
        if self.input_signature is not None:
            self._specs = []
            self._structure = _flatten_specs(self.input_signature, self._specs)

    def __repr__(self):
        return f"<numpyfn.Function {self._name}>"

    def __get__(self, instance, owner=None):
        if instance is None:
            return self
        bound = Function(
            _types.MethodType(self.python_function, instance), self.input_signature, self._name)
        # Found there from now on: one set of graphs for each instance, which goes with it.
        try:
            instance.__dict__.setdefault(self.python_function.__name__, bound)
        except AttributeError:
            pass
        return bound

    @property
    def tracing_count(self):
        """How many graphs have been made."""
        return len(self._graphs)

    def __call__(self, *arguments, **keywords):
        leaves = []
        if self.input_signature is None:
            arguments, keywords = self._bound(arguments, keywords)
            structure = _flatten((arguments, keywords), leaves, _argument)
            specs = [((None,) * x.ndim if x.ndim is not None else None, _dtype_name(x.dtype), None)
                     for x in leaves]
            key = structure, tuple(specs)
        else:
            structure = self._fit(arguments, keywords, leaves)
            key, specs = None, [_spec(spec) for spec in self._specs]
        graph = self._graphs.get(key)
        if graph is None:
            graph = self._graphs.setdefault(key, self._trace(structure, specs))
        run, results = graph
        return _pack(results, iter(run(leaves)))

    def _bound(self, arguments, keywords):
        """The arguments in one order, however they were given."""
        if self._signature is None:
            return arguments, keywords
        bound = self._signature.bind(*arguments, **keywords)
        bound.apply_defaults()
        return bound.args, bound.kwargs

    def _fit(self, arguments, keywords, leaves):
        """The arguments as the signature has them."""
        if keywords and self._signature is not None:
            bound = self._signature.bind(*arguments, **keywords)
            arguments, keywords = bound.args, bound.kwargs
        if keywords or len(arguments) != len(self.input_signature):
            raise InvalidArgumentError(
                f"function '{self._name}' takes {len(self.input_signature)} arguments, as its "
                f"input_signature says, {len(arguments) + len(keywords)} were given")
        _fit(arguments, self.input_signature, leaves, self._name)
        return ((tuple, (self._structure, (dict, (), ()))))

    def _trace(self, structure, specs):
        results = []

        def body(tensors):
            arguments, keywords = _pack(structure, iter(tensors))
            leaves = []
            results.append(_flatten(self.python_function(*arguments, **keywords), leaves, _result))
            return leaves

        run = _swift.trace(body, specs, self._name, *self._place)
        return run, results[-1]


def _flatten_specs(value, specs):
    """The structure of a signature, whose specs are appended to `specs`."""
    if isinstance(value, TensorSpec):
        specs.append(value)
        return _LEAF
    if isinstance(value, dict):
        return (dict, tuple(value), tuple(_flatten_specs(part, specs) for part in value.values()))
    if isinstance(value, (list, tuple)):
        return (type(value), tuple(_flatten_specs(part, specs) for part in value))
    raise TypeError(f"input_signature holds TensorSpecs, not {value!r}")


def _fit(value, spec, leaves, name):
    """Appends the tensors of an argument that has the structure of its spec."""
    if isinstance(spec, TensorSpec):
        leaves.append(convert_to_tensor(value, dtype_hint=spec.dtype))
    elif isinstance(spec, dict):
        if not isinstance(value, dict) or set(value) != set(spec):
            raise InvalidArgumentError(f"function '{name}': a dict with the keys {list(spec)} is wanted")
        for key in spec:
            _fit(value[key], spec[key], leaves, name)
    else:
        if not isinstance(value, (list, tuple)) or len(value) != len(spec):
            raise InvalidArgumentError(f"function '{name}': {len(spec)} values are wanted")
        for part, part_spec in zip(value, spec):
            _fit(part, part_spec, leaves, name)


def function(func=None, input_signature=None, name=None):
    """Makes a graph of a Python function; as a decorator, with or without arguments.

    With `input_signature`, TensorSpecs for the arguments, the function is traced once. Without one it
    is traced for each combination of dtypes and ranks, and of values that are no tensors.
    """
    if func is None:
        return lambda func: Function(func, input_signature, name)
    return Function(func, input_signature, name)


def numpy_function(func=None, inp=None, Tout=None, stateful=True, name=None):
    """Calls a Python function with tensors as NumPy arrays: in a graph each time it runs.

    `Tout` is a dtype, a TensorSpec, or a list of them: then a list comes back. With `stateful=False`
    the call may be left out, merged with an equal one, or made once for all. Without `func` it is a
    decorator: @numpyfn.numpy_function(Tout=numpyfn.float32).
    """
    if func is None:
        def decorate(func):
            @_functools.wraps(func)
            def call(*inputs):
                return numpy_function(func, inputs, Tout, stateful, name)

            return call

        return decorate
    if inp is None:
        raise TypeError("numpy_function needs inp, the list of the function's arguments")
    if not isinstance(inp, (list, tuple)):
        inp = [inp]
    inputs = [convert_to_tensor(value) for value in inp]
    is_list = isinstance(Tout, (list, tuple))
    if Tout is None:
        raise TypeError("numpy_function needs Tout, the dtypes of what the function returns")
    specs = [_spec(spec) for spec in (Tout if is_list else [Tout])]
    results = _swift.numpy_function(func, inputs, specs, _b.bool(stateful), name)
    return results if is_list else results[0]


def py_function(func=None, inp=None, Tout=None, name=None, *, rematerialize=False):
    """Calls a Python function with tensors as they are: in a graph each time it runs.

    What the function does to them is differentiated: any number of times, and to any order. With
    `rematerialize=True` a gradient calls it again, instead of keeping what it did until then. Without
    `func` it is a decorator: @numpyfn.py_function(Tout=numpyfn.float32).
    """
    if func is None:
        def decorate(func):
            @_functools.wraps(func)
            def call(*inputs):
                return py_function(func, inputs, Tout, name, rematerialize=rematerialize)

            return call

        return decorate
    if inp is None or Tout is None:
        raise TypeError(
            "py_function needs inp, the list of the function's arguments, and Tout, the dtypes of what "
            "it returns")
    if not isinstance(inp, (list, tuple)):
        inp = [inp]
    inputs = [convert_to_tensor(value) for value in inp]
    is_list = isinstance(Tout, (list, tuple))
    specs = [_spec(spec) for spec in (Tout if is_list else [Tout])]
    results = _swift.py_function(func, inputs, specs, rematerialize, name)
    return results if is_list else results[0]


# --- control flow


def _flat(function):
    """A function of a structure as one of a list of tensors; its results' structure is kept."""
    structures = []

    def call(*arguments):
        leaves = []
        structures.append(_flatten(function(*arguments), leaves, _result))
        return leaves

    return call, structures


def cond(pred, true_fn, false_fn, name=None):
    """What one of two functions without arguments returns, whichever the condition chooses.

    While a graph is traced both are traced, and the graph runs one of them.
    """
    if not isinstance(pred, Tensor) or not pred.is_symbolic:
        return true_fn() if pred else false_fn()
    then, structures = _flat(true_fn)
    otherwise, others = _flat(false_fn)
    results = _swift.cond(pred, lambda _: then(), lambda _: otherwise())
    if structures[-1] != others[-1]:
        raise InvalidArgumentError(
            "cond: both functions must return the same structure of tensors, "
            f"{structures[-1]} and {others[-1]} were returned")
    return _pack(structures[-1], iter(results))


def while_loop(cond, body, loop_vars, maximum_iterations=None):
    """Repeats `body`, a function of the state, as long as `cond` holds for the state.

    The state is a list or tuple of tensors, or of structures of them; what `body` returns is the next.
    """
    leaves = []
    structure = _flatten(loop_vars, leaves, _result)
    if not _b.any(x.is_symbolic for x in leaves):
        count = 0
        while cond(*loop_vars):
            if maximum_iterations is not None and count >= maximum_iterations:
                raise OutOfRangeError(
                    f"the condition of the loop still holds after {count} iterations, the maximum")
            loop_vars = _state(body(*loop_vars), loop_vars)
            count += 1
        return loop_vars

    def condition(tensors):
        return [convert_to_tensor(cond(*_pack(structure, iter(tensors))))]

    def step(tensors):
        state = _pack(structure, iter(tensors))
        following = []
        found = _flatten(_state(body(*state), loop_vars), following, _result)
        if found != structure:
            raise InvalidArgumentError(
                f"while_loop: body must return the structure of loop_vars, {structure}, not {found}")
        return following

    return _pack(structure, iter(_swift.while_loop(condition, step, leaves, maximum_iterations)))


def _state(value, before):
    """What a loop's body returned, as the state is: one value need not be in a list."""
    if not isinstance(value, (list, tuple)) or len(before) == 1 and len(value) != 1:
        value = [value]
    return type(before)(value) if type(before) in (list, tuple) else list(value)


def map_fn(fn, elems):
    """Calls a function with each element along the first axis, and stacks what it returns.

    While a graph is traced the function is traced once.
    """
    leaves = []
    structure = _flatten(elems, leaves, lambda value: convert_to_tensor(value))
    call, structures = _flat(fn)
    if not _b.any(x.is_symbolic for x in leaves):
        rows = [call(_pack(structure, iter(row))) for row in zip(*leaves)]
        if not rows:
            raise InvalidArgumentError("map_fn: there are no elements, so the result is not known")
        results = [stack(column) for column in zip(*rows)]
    else:
        results = _swift.map_fn(lambda tensors: call(_pack(structure, iter(tensors))), leaves)
    return _pack(structures[-1], iter(results))


# --- gradients


class _Open(_threading.local):
    """The tapes that are open in a thread, the innermost last."""

    def __init__(self):
        self.tapes = []


_open = _Open()


class GradientTape:
    """Records what is done to watched tensors inside of `with`, and differentiates it.

    Gradients may be asked for any number of times, inside and after it. A tape inside of another is
    part of it, so that its gradients can be differentiated.
    """

    def __init__(self, persistent=True):
        self._recording = None
        # For each watched object its tensor's live twin, and the tensor that it had.
        self._watched = {}
        self._is_open = False

    def __enter__(self):
        if self._is_open:
            raise RuntimeError("a GradientTape is entered once at a time")
        outer = _open.tapes[-1] if _open.tapes else None
        self._is_outermost = outer is None
        self._recording = _swift.recording() if outer is None else outer._recording
        self._watched = {}
        _open.tapes.append(self)
        self._is_open = True
        return self

    def __exit__(self, *exception):
        self._is_open = False
        if self in _open.tapes:
            _open.tapes.remove(self)
        for tensor, live, original in self._watched.values():
            if original is not None:
                _swift.replace(tensor, original)
        if self._is_outermost:
            self._recording()

    def watch(self, tensor):
        """Has what is done to a tensor, or to each of a structure, from now on recorded."""
        if not self._is_open:
            raise RuntimeError("watch() belongs inside of `with tape:`")
        leaves = []
        _flatten(tensor, leaves, _not_watched)
        for x in leaves:
            if id(x) in self._watched:
                continue
            if x.is_symbolic or _swift.is_recorded(x):
                self._watched[id(x)] = x, _swift.alias(x), None
            else:
                live, original = self._recording(x), _swift.alias(x)
                _swift.replace(x, live)
                self._watched[id(x)] = x, live, original

    def gradient(self, target, sources, output_gradients=None):
        """The gradients of a target with respect to tensors, in the structure of `sources`.

        Of several targets, or of one with several elements, it is that of the sum. None stands for a
        source that the target does not depend on.
        """
        if self._recording is None:
            raise RuntimeError("the tape has recorded nothing; use it with `with`")
        leaves, targets, upstreams = [], [], []
        structure = _flatten(sources, leaves, _not_watched)
        _flatten(target, targets, _no_target)
        if output_gradients is not None:
            _flatten(output_gradients, upstreams, lambda value: convert_to_tensor(value))
            if len(upstreams) != len(targets):
                raise InvalidArgumentError(
                    f"{len(targets)} targets have {len(upstreams)} output_gradients; give one for each")
        known = [self._twin(x, place) for place, x in enumerate(leaves)]
        total = [None] * len(known)
        for place, y in enumerate(targets):
            y = self._watched[id(y)][1] if id(y) in self._watched else y
            upstream = upstreams[place] if upstreams else None
            for index, found in enumerate(_swift.gradient(y, known, upstream)):
                if found is not None:
                    total[index] = found if total[index] is None else total[index] + found
        return _pack(structure, iter(total))

    def _twin(self, x, place):
        if id(x) in self._watched:
            return self._watched[id(x)][1]
        if not x.is_symbolic and not _swift.is_live(x):
            raise ValueError(
                f"source {place}, {x.dtype}{list(x.shape)}, was not watched, so nothing is known of what "
                "came of it: call tape.watch(x) before it is used")
        return x


def _not_watched(value):
    raise TypeError(
        f"gradients are those of Tensors, not of an object of class {type(value).__name__}; make one "
        "with numpyfn.constant")


def _no_target(value):
    raise TypeError(
        f"the target is an object of class {type(value).__name__}, of which no gradient is known: what "
        "is differentiated must be a Tensor, and be computed by operations on tensors alone")


def value_and_gradient(f, argnums=0):
    """A function that answers what `f` does, and its gradient with respect to arguments.

    `argnums` is the position of the argument, or several; an argument may be a structure of tensors,
    and so is its gradient then. None stands for a tensor that the value does not depend on.
    """
    places = (argnums,) if isinstance(argnums, int) else tuple(argnums)

    @_functools.wraps(f)
    def call(*arguments, **keywords):
        arguments = list(arguments)
        for place in places:
            leaves = []
            structure = _flatten(arguments[place], leaves, lambda value: convert_to_tensor(value))
            # Objects of our own, which nobody else sees being recorded.
            arguments[place] = _pack(structure, iter([_swift.alias(x) for x in leaves]))
        sources = [arguments[place] for place in places]
        with GradientTape() as tape:
            tape.watch(sources)
            value = f(*arguments, **keywords)
        gradients = tape.gradient(value, sources)
        value = _settled(value)
        return value, gradients[0] if isinstance(argnums, int) else tuple(gradients)

    return call


def gradient(f, argnums=0):
    """A function that answers the gradient of `f` with respect to arguments; see value_and_gradient."""
    both = value_and_gradient(f, argnums)

    @_functools.wraps(f)
    def call(*arguments, **keywords):
        return both(*arguments, **keywords)[1]

    return call


def _settled(value):
    leaves = []
    structure = _flatten(value, leaves, lambda value: None)
    return _pack(structure, iter([_swift.settled(x) for x in leaves]))


# --- names

_add_ufuncs()
_set_methods()

for _name in _NUMPY_NAMES + ("string",):
    globals()[_name] = _DTYPES[_name]

# TensorFlow's names for what has been defined under NumPy's, and the reverse.
globals().update(
    abs=absolute, acos=arccos, acosh=arccosh, asin=arcsin, asinh=arcsinh, atan=arctan,
    atan2=arctan2, atanh=arctanh, pow=power, floordiv=floor_divide, mod=remainder, concat=concatenate,
    conj=conjugate, truediv=divide, true_divide=divide,
)


math = _sys.modules[__name__]
nn = _types.SimpleNamespace(
    relu=relu, gelu=gelu, sigmoid=sigmoid, softplus=softplus, softmax=softmax,
    log_softmax=log_softmax, tanh=tanh)
linalg = _types.SimpleNamespace(norm=norm, matmul=matmul, tensordot=tensordot, trace=trace)
errors = _types.SimpleNamespace(
    InvalidArgumentError=InvalidArgumentError, OutOfRangeError=OutOfRangeError,
    ResourceExhaustedError=ResourceExhaustedError, UnimplementedError=UnimplementedError,
    FailedPreconditionError=FailedPreconditionError, OpError=SwiftError)


def __getattr__(name):
    if name == "bfloat16":
        return _dtype_of(name)
    raise AttributeError(f"module 'numpyfn' has no attribute {name!r}")
