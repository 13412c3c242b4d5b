"""The operands of NumPy's functions as tensors, and their dtypes."""


import numpy as np

from . import _swift
from ._swift import Tensor
from .calls import Any
from .dtypes import _dtype_name, as_dtype
from .making import _PYTHON_NUMBERS
from .ranks import _Unknown


def _tensor(value):
    """The value as a tensor with NumPy's dtype: Python numbers are int64 and float64."""
    if isinstance(value, Tensor):
        return value
    # Other objects are not passed to np.asarray, which would drop a mask.
    return _swift.tensor(np.asarray(value) if isinstance(value, (int, float, complex)) else value)


def _as_float(value):
    """The value as a tensor of the floating-point dtype in which NumPy computes such functions."""
    value = _tensor(value)
    kind, size = value.dtype.kind, value.dtype.itemsize
    if kind in "fV":
        return value
    if kind == "c":
        raise TypeError("this function is not defined for complex numbers")
    return _swift.cast(value, {1: "float16", 2: "float32"}.get(size, "float64"))


def _is_complex(value):
    return _tensor(value).dtype.kind == "c"


def _is_bool(value):
    return _dtype_name(_tensor(value).dtype) == "bool"


def _as_double(value):
    value = _tensor(float(value) if isinstance(value, int) else value)
    return _swift.cast(value, "complex128" if value.dtype.kind == "c" else "float64")


def _cast_of_kind(function, value, dtype, casting="same_kind"):
    """The tensor, converted to a dtype if NumPy's casting rule allows it; unchanged without a
    dtype."""
    value = _tensor(value)
    if dtype is None:
        return value
    _dtype_name(dtype)  # raises an error if it is none
    rule: Any = casting
    if not np.can_cast(value.dtype, dtype, rule):
        raise TypeError(
            f"numpy.{function}: cannot cast from {value.dtype} to {as_dtype(dtype)} by the rule {casting!r}")
    return _typed(value, dtype)


def _is_operand(value):
    return isinstance(value, (Tensor, np.ndarray, np.generic, list, tuple, *_PYTHON_NUMBERS))


def _refuse_unknown(name, values):
    """Raises an error for a placeholder of an unknown extent or another unknown number."""
    for value in values:
        if isinstance(value, _Unknown):
            value._refuse()
    if None in [value for value in values if value is None] and any(
            isinstance(value, Tensor) and value.is_symbolic for value in values):
        _swift.unknown(f"numpy.{name} of a tensor and None", False)


def _typed(value, dtype):
    return value if dtype is None else _swift.cast(value, _dtype_name(dtype))


def _no_operation(name):
    return TypeError(
        f"{name} is no operation on tensors, so its gradient would not be known. To leave the tensor, "
        f"and cut the gradient on purpose, call it with t.numpy(); inside a function that is traced, "
        f"call numpyfn.numpy_function({name}, [t], Tout), and give it gradient=, a function of tensors, "
        "where it is differentiated")


def _common_dtype(*values):
    """The name of the promoted dtype of tensors, arrays, dtypes and Python numbers."""
    return _swift.promoted([
        value if isinstance(value, (Tensor, np.ndarray, np.generic, *_PYTHON_NUMBERS))
        else _swift.full([0], 0, _dtype_name(value)) for value in values])


def _refuse(function, **options):
    for name, value in options.items():
        if value is not None and value is not np._NoValue:
            raise TypeError(f"numpy.{function}: {name}= has no meaning for tensors; leave it out")
