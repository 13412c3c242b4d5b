"""Creates tensors from numbers, lists and arrays, and shares memory by DLPack."""


import numpy as np

from . import _swift
from ._swift import InvalidArgumentError, Tensor
from .calls import _index, _wrong
from .dtypes import _NUMPY_NAMES, _dtype_name, as_dtype
from .ranks import _vector

_PYTHON_NUMBERS = (bool, int, float, complex)


def _is_plain(value):
    """Whether a nested list contains Python numbers only, which are weakly typed."""
    if isinstance(value, (list, tuple)):
        return all(_is_plain(item) for item in value)
    return type(value) in _PYTHON_NUMBERS


def constant(value, dtype=None, shape=None, name=None):
    """A tensor with this value: a number, a nested list, an array, a str.

    As in TensorFlow, Python's floats are float32 and its ints int32 (int64 where they do not fit),
    unless a dtype is given. Arrays keep their dtype.
    """
    name = None if dtype is None else _dtype_name(dtype)
    if isinstance(value, (list, tuple)) and _is_plain(value):
        try:
            array = np.asarray(value)
        except ValueError:
            # The rows have different lengths; this raises the error that names them.
            return _swift.constant(value, name)
        if name is None and array.dtype == float:
            value, name = array, "float32"
        elif name is None and array.dtype == int:
            value = array
            if array.size == 0 or (array.min() >= -(2**31) and array.max() < 2**31):
                name = "int32"
        elif name in _NUMPY_NAMES:
            value = _checked(array, name)
        else:
            value = array
    result = _swift.constant(value, name)
    if shape is None:
        return result
    if result.size == 1:
        return _swift.broadcast_to(_swift.reshape(result, []), _extents(shape))
    return _reshaped(result, shape)


def _checked(array, name):
    """A list's array in a dtype that can hold its values."""
    target = np.dtype(name)
    if target.kind in "iu" and array.dtype.kind in "iuf" and array.size:
        limits = np.iinfo(target)
        if array.dtype.kind == "f" or array.min() < limits.min or array.max() > limits.max:
            raise InvalidArgumentError(f"a value of {array.tolist()!r} does not fit {name}")
    return array


def convert_to_tensor(value, dtype=None, dtype_hint=None, name=None):
    """The value as a tensor; a tensor of the dtype is returned as it is."""
    if not isinstance(value, Tensor):
        read = getattr(type(value), "__numpyfn_tensor__", None)
        if read is not None:
            value = read(value)
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

    The elements are copied unless the memory cannot be written elsewhere. With `copy=False` the memory is
    shared, and must not be written while a tensor uses it.
    """
    if device not in (None, "cpu"):
        raise ValueError(f"tensors are in the CPU's memory, not on {device!r}")
    if isinstance(x, Tensor):
        return _swift.alias(x)
    if isinstance(x, np.ma.MaskedArray):
        _swift.constant(x, None)  # raises an error if elements are masked
    if isinstance(x, np.ndarray) and copy is not False:
        return constant(x)
    if not hasattr(x, "__dlpack__"):
        raise _wrong(x, "an object with a method __dlpack__")
    try:
        capsule = x.__dlpack__(max_version=(1, 0))
    except TypeError:
        capsule = x.__dlpack__()
    return _swift.from_dlpack(capsule, copy is False)


def _dlpack(self, *, stream=None, max_version=None, dl_device=None, copy=None):
    """A DLPack capsule of the memory: read-only, or a copy where the consumer's version has no
    read-only flag."""
    if stream is not None:
        raise ValueError("a tensor in the CPU's memory has no stream")
    if dl_device is not None and tuple(dl_device) != (1, 0):
        raise BufferError(f"tensors are in the CPU's memory, (1, 0), not on the device {dl_device}")
    is_versioned = max_version is not None and max_version[0] >= 1
    if copy is False and not is_versioned:
        raise BufferError(
            "a tensor's memory must not be written to, which DLPack before version 1 cannot say; ask "
            "with max_version=(1, 0), or let it be copied")
    return _swift.dlpack(self, is_versioned, bool(copy) or not is_versioned)


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
    return _swift.full(_extents(shape), 0, _number_name(dtype))


def ones(shape, dtype="float32"):
    """A tensor of ones."""
    return _swift.full(_extents(shape), 1, _number_name(dtype))


def _number_name(dtype):
    """The name of a dtype that has a 0 and a 1."""
    name = _dtype_name(dtype)
    if name == "string":
        raise _wrong(dtype, "a dtype of numbers, or bool, which has a 0 and a 1 as strings have not,")
    return name


def fill(dims, value):
    """A tensor of this shape, filled with one value."""
    value = convert_to_tensor(value)
    return _swift.full(_extents(dims), value, _dtype_name(value.dtype))


def eye(num_rows, num_columns=None, dtype="float32"):
    """A tensor with ones on its diagonal and zeros elsewhere."""
    name = _number_name(dtype)
    ones = np.eye(_index(num_rows), None if num_columns is None else _index(num_columns), dtype="int8")
    return _swift.cast(ones, name)


def _extents(shape):
    """A shape as a list of numbers, or a tensor of them."""
    if isinstance(shape, Tensor):
        return shape if shape.is_symbolic else [int(extent) for extent in shape.numpy().ravel()]
    if isinstance(shape, np.ndarray):
        return [int(extent) for extent in shape.ravel()]
    if isinstance(shape, (list, tuple)):
        if None in [extent for extent in shape if extent is None]:
            _swift.unknown("a shape with None for an extent", False)
        if any(isinstance(extent, Tensor) and extent.is_symbolic for extent in shape):
            return _vector(shape)
        return [_index(extent) for extent in shape]
    if shape is None or isinstance(shape, (str, bytes)):
        raise _wrong(shape, "a whole number or a list of them")
    return [_index(shape)]


def _reshaped(x, shape):
    """The tensor in another shape; NumPy infers any negative extent from the number of elements, not only
    -1."""
    extents = _extents(shape)
    if isinstance(extents, list):
        extents = [max(extent, -1) for extent in extents]
    return _swift.reshape(x, extents)
