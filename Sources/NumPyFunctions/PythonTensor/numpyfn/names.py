# The last file: names that would hide Python's builtins in the other files.

_add_ufuncs()
_set_methods()
_set_operators()

for _name in _NUMPY_NAMES + ("string",):
    globals()[_name] = _DTYPES[_name]

# TensorFlow's names for functions that are defined under NumPy's names, and the reverse.
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


def _reduced_error(self):
    """For pickle and copy: omits the Swift error, which exists in this process only."""
    rest = {name: value for name, value in self.__dict__.items() if name != "_swift_error"}
    return (type(self), self.args, rest) if rest else (type(self), self.args)


SwiftError.__reduce__ = _reduced_error


def __getattr__(name):
    if name == "bfloat16":
        return _dtype_of(name)
    raise AttributeError(f"module 'numpyfn' has no attribute {name!r}")
