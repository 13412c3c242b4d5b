"""Dtypes: NumPy's own, and objects for the two dtypes that NumPy does not have."""


import numpy as np

from .calls import Any, _wrong


class _NamedDType:
    """A dtype of tensors that NumPy does not have."""

    def __init__(self, name):
        self.name = name
        # The same as for NumPy's bytes, and for bfloat16 of ml_dtypes.
        self.kind, self.itemsize = ("S", 0) if name == "string" else ("V", 2)
        # NumPy arrays of such elements have dtype object.
        self.dtype = np.dtype(object)

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
_DTYPE_NAMES = (*_NUMPY_NAMES, "bfloat16", "string")
_DTYPES: dict[str, Any] = {name: np.dtype(name) for name in _NUMPY_NAMES}
_DTYPES["string"] = _NamedDType("string")
_known_names = {}


def _dtype_of(name):
    """The dtype of this name, as `Tensor.dtype` returns it."""
    if name == "bfloat16" and name not in _DTYPES:
        try:
            from ml_dtypes import bfloat16

            _DTYPES[name] = np.dtype(bfloat16)
        except ImportError:
            _DTYPES[name] = _NamedDType(name)
    return _DTYPES[name]


def _dtype_name(dtype):
    """The name of a dtype, given as anything that NumPy accepts as a dtype."""
    try:
        return _known_names[dtype]
    except (KeyError, TypeError):
        pass
    if isinstance(dtype, _NamedDType):
        name = dtype.name
    elif dtype is str or dtype is bytes or (isinstance(dtype, str) and dtype in ("string", "bfloat16")):
        name = dtype if isinstance(dtype, str) else "string"
    else:
        try:
            found = np.dtype(dtype)
        except (TypeError, ValueError):
            raise _wrong(dtype, f"a dtype, one of {', '.join(_DTYPE_NAMES)},") from None
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
    """The dtype for a name, a NumPy or Python class, or a dtype."""
    return _dtype_of(_dtype_name(dtype))
