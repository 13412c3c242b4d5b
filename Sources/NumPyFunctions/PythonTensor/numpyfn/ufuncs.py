"""NumPy's universal functions on tensors."""

import builtins

import numpy as np

from . import _swift
from .calls import _wrong
from .dtypes import as_dtype
from .operands import (
    _as_double,
    _as_float,
    _cast_of_kind,
    _is_bool,
    _is_complex,
    _is_operand,
    _no_operation,
    _refuse,
    _refuse_unknown,
    _tensor,
)
from .ranks import _extents_of, _has_rank, _joined, _ones
from .reductions import _cumsum, _reduced
from .shapes import broadcast_arrays, reshape

# Their implementations.
_ufuncs = {}

# The functions of this module for them, by name.
_named_ufuncs = {}

# TensorFlow's names for functions that NumPy names differently, and the reverse.
_ALIASES = {
    "abs": "absolute", "acos": "arccos", "acosh": "arccosh", "asin": "arcsin", "asinh": "arcsinh",
    "atan": "arctan", "atan2": "arctan2", "atanh": "arctanh", "pow": "power",
    "floordiv": "floor_divide", "mod": "remainder", "conj": "conjugate", "truediv": "divide",
    "true_divide": "divide",
}

# Ufuncs of scipy.special, by name, since SciPy need not be installed; NumPy has no ufuncs of these names.
_scipy_ufuncs = {"erf": _swift.erf, "erfc": _swift.erfc, "expit": _swift.sigmoid}


def _add_ufuncs():
    names = """
        absolute add arccos arccosh arcsin arcsinh arctan arctan2 arctanh bitwise_and bitwise_or
        bitwise_xor ceil cos cosh divide equal exp expm1 floor floor_divide greater
        greater_equal hypot isfinite isinf isnan less less_equal log log10 log1p log2 logical_and
        logical_not logical_or logical_xor matmul maximum minimum multiply negative not_equal power
        reciprocal remainder sign sin sinh sqrt square subtract tan tanh trunc
    """.split()
    for name in names:
        function = getattr(_swift, name)
        _ufuncs[getattr(np, name)] = function
        _named_ufuncs[name] = _named(function, name)
    others = {
        "conjugate": lambda x: _swift.conjugate(_swift.cast(x, "int8") if _is_bool(x) else x),
        "invert": lambda x: ~_tensor(x),
        "positive": lambda x: +_tensor(x),
        "fabs": lambda x: _swift.absolute(_as_float(x)),
        "rint": lambda x: _swift.rint(x if _is_complex(x) else _as_float(x)),
        "exp2": lambda x: _swift.power(2, x if _is_complex(x) else _as_float(x)),
        "deg2rad": lambda x: _as_float(x) * (np.pi / 180),
        "radians": lambda x: _as_float(x) * (np.pi / 180),
        "rad2deg": lambda x: _as_float(x) * (180 / np.pi),
        "degrees": lambda x: _as_float(x) * (180 / np.pi),
        "logaddexp": lambda a, b: _swift.logsumexp(
            _swift.stack(broadcast_arrays(*_swift.as_floats(a, b)), 0), [0], False),
        "divmod": lambda a, b: (_swift.floor_divide(a, b), _swift.remainder(a, b)),
        "float_power": lambda a, b: _swift.power(_as_double(a), _as_double(b)),
    }
    for name, function in others.items():
        _ufuncs[getattr(np, name)] = function
        # `divmod` would hide Python's.
        if not hasattr(builtins, name):
            _named_ufuncs[name] = _named(function, name)
    for alias, name in _ALIASES.items():
        _named_ufuncs[alias] = _named_ufuncs[name]


def _named(function, name):
    """A function of this module for the NumPy ufunc of that name."""
    def unary(x, name=None):
        return function(x)

    def binary(x, y, name=None):
        return function(x, y)

    call = unary if getattr(np, name).nin == 1 else binary
    call.__code__ = call.__code__.replace(co_name=name)
    call.__name__ = call.__qualname__ = name
    call.__doc__ = f"As numpy.{name}, on tensors, arrays and numbers."
    return call


_reductions = {"add": "sum", "multiply": "prod", "maximum": "max", "minimum": "min",
               "logical_and": "all", "logical_or": "any"}


def _array_ufunc(self, ufunc, method, *inputs, out=None, where=True, dtype=None, axis=0,
                 keepdims=False, **options):
    """See https://numpy.org/doc/stable/reference/arrays.classes.html."""
    if not all(_is_operand(value) for value in inputs):
        _refuse_unknown(ufunc.__name__, inputs)
        for value in inputs:
            if not _is_operand(value) and getattr(value, "__array_ufunc__", None) is None:
                raise _wrong(value, "a tensor, an array or a number")
        return NotImplemented
    name = ufunc.__name__
    if out is not None:
        raise TypeError(
            f"numpy.{name}: a tensor cannot be written into an array (out=, or an operator such as "
            "a += t); a = a + t makes a tensor")
    if where is not True:
        raise TypeError(f"numpy.{name}: where= has no meaning for tensors; use numpy.where(...)")
    _refuse(name, **{key: value for key, value in options.items() if (key, value) not in _harmless})
    if method == "reduce" and name in _reductions:
        x, = inputs
        if dtype is not None and name.startswith("logical_"):
            raise TypeError(f"numpy.{name}.reduce: dtype= has no meaning for tensors; leave it out")
        return _reduced(getattr(_swift, _reductions[name]), x, axis, dtype, keepdims)
    if method == "accumulate" and name == "add":
        return _cumsum(inputs[0], axis, dtype)
    if dtype is not None and method != "accumulate":
        inputs = _converted(ufunc, inputs, dtype)
    if method == "outer" and ufunc in _ufuncs:
        a, b = (_tensor(value) for value in inputs)
        ones = [1] * b.ndim if _has_rank(b) else _ones(_swift.ndim(b))
        return _ufuncs[ufunc](reshape(a, _joined(_extents_of(a), ones)), b)
    function = _ufuncs.get(ufunc, _scipy_ufuncs.get(name)) if method == "__call__" else None
    if function is None:
        module = "numpy." if getattr(np, name, None) is ufunc else ""
        raise _no_operation(f"{module}{name}" + ("" if method == "__call__" else f".{method}"))
    return function(*inputs)


# Options with their default values, which change nothing.
_harmless = [("casting", "same_kind"), ("order", "K"), ("subok", True)]


def _converted(ufunc, inputs, dtype):
    """The operands, converted to the `dtype` of a ufunc; unchanged for a ufunc that returns bool."""
    name = ufunc.__name__
    if all(kinds.endswith("?") for kinds in ufunc.types if "O" not in kinds):
        if as_dtype(dtype) != np.dtype(bool):
            raise TypeError(f"numpy.{name} gives bool, and has no loop for dtype={np.dtype(dtype)}")
        return inputs
    return [_cast_of_kind(name, value, dtype) for value in inputs]


_add_ufuncs()
