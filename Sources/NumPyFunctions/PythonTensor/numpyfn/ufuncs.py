# NumPy's universal functions on tensors.

_ufuncs = {}

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
        _ufuncs[getattr(_np, name)] = function
        if name not in globals():
            globals()[name] = _named(function, name)
    others = {
        "conjugate": lambda x: _swift.conjugate(_swift.cast(x, "int8") if _is_bool(x) else x),
        "invert": lambda x: ~_tensor(x),
        "positive": lambda x: +_tensor(x),
        "fabs": lambda x: _swift.absolute(_as_float(x)),
        "rint": lambda x: _swift.rint(x if _is_complex(x) else _as_float(x)),
        "exp2": lambda x: _swift.power(2, x if _is_complex(x) else _as_float(x)),
        "deg2rad": lambda x: _as_float(x) * (_np.pi / 180),
        "radians": lambda x: _as_float(x) * (_np.pi / 180),
        "rad2deg": lambda x: _as_float(x) * (180 / _np.pi),
        "degrees": lambda x: _as_float(x) * (180 / _np.pi),
        "logaddexp": lambda a, b: _swift.logsumexp(
            _swift.stack(broadcast_arrays(*_swift.as_floats(a, b)), 0), [0], False),
        "divmod": lambda a, b: (_swift.floor_divide(a, b), _swift.remainder(a, b)),
        "float_power": lambda a, b: _swift.power(_as_double(a), _as_double(b)),
    }
    for name, function in others.items():
        _ufuncs[getattr(_np, name)] = function
        if name not in globals() and not hasattr(_b, name):
            globals()[name] = _named(function, name)


def _named(function, name):
    """A function of this module for the NumPy ufunc of that name."""
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
    """The value as a tensor with NumPy's dtype: Python numbers are int64 and float64."""
    if isinstance(value, Tensor):
        return value
    # Other objects are not passed to np.asarray, which would drop a mask.
    return _swift.tensor(_np.asarray(value) if isinstance(value, (int, float, complex)) else value)


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


_reductions = {"add": "sum", "multiply": "prod", "maximum": "max", "minimum": "min",
               "logical_and": "all", "logical_or": "any"}


def _array_ufunc(self, ufunc, method, *inputs, out=None, where=True, dtype=None, axis=0,
                 keepdims=False, **options):
    """See https://numpy.org/doc/stable/reference/arrays.classes.html."""
    if not _b.all(_is_operand(value) for value in inputs):
        _refuse_unknown(ufunc.__name__, inputs)
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
        if _has_rank(b):
            ones = [1] * b.ndim
        else:
            ones = _ones(_swift.ndim(b))
        return _ufuncs[ufunc](reshape(a, _joined(_extents_of(a), ones)), b)
    function = _ufuncs.get(ufunc, _scipy_ufuncs.get(name)) if method == "__call__" else None
    if function is None:
        module = "numpy." if getattr(_np, name, None) is ufunc else ""
        raise _no_operation(f"{module}{name}" + ("" if method == "__call__" else f".{method}"))
    return function(*inputs)


# Options with their default values, which change nothing.
_harmless = [("casting", "same_kind"), ("order", "K"), ("subok", True)]


def _converted(ufunc, inputs, dtype):
    """The operands, converted to the `dtype` of a ufunc; unchanged for a ufunc that returns bool."""
    name = ufunc.__name__
    if _b.all(kinds.endswith("?") for kinds in ufunc.types if "O" not in kinds):
        if as_dtype(dtype) != _np.dtype(bool):
            raise TypeError(f"numpy.{name} gives bool, and has no loop for dtype={_np.dtype(dtype)}")
        return inputs
    return [_cast_of_kind(name, value, dtype) for value in inputs]


def _cast_of_kind(function, value, dtype, casting="same_kind"):
    """The tensor, converted to a dtype if NumPy's casting rule allows it; unchanged without a
    dtype."""
    value = _tensor(value)
    if dtype is None:
        return value
    if not _np.can_cast(value.dtype, dtype, casting):
        raise TypeError(
            f"numpy.{function}: cannot cast from {value.dtype} to {as_dtype(dtype)} by the rule {casting!r}")
    return _typed(value, dtype)


def _is_operand(value):
    return isinstance(value, (Tensor, _np.ndarray, _np.generic, list, tuple) + _PYTHON_NUMBERS)


def _refuse_unknown(name, values):
    """Raises an error for a placeholder of an unknown extent or another unknown number."""
    for value in values:
        if isinstance(value, _Unknown):
            value._refuse()
    if None in [value for value in values if value is None] and _b.any(
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
