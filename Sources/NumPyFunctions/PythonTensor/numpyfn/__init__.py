"""Swift tensors and graphs for Python code."""

# The modules of this package have NumPy's and TensorFlow's conventions for arguments, and structures of tensors.
# Swift does the computation, in `_swift` and in the operators of `Tensor`. A name with an underscore belongs to
# the package alone; one without is imported here, for users.

import sys as _sys
import types as _types

from . import _swift
from ._swift import (
    FailedPreconditionError,
    InvalidArgumentError,
    OutOfRangeError,
    ResourceExhaustedError,
    SwiftError,
    Tensor,
    UnimplementedError,
)
from .callbacks import numpy_function, py_function
from .choices import angle, clip, fix, imag, real, round, where
from .control_flow import cond, map_fn, while_loop
from .dtypes import _DTYPES, _NUMPY_NAMES, _dtype_of, _NamedDType, as_dtype
from .functions import Function, function
from .gradients import GradientTape, gradient, value_and_gradient
from .joining import (
    array_split,
    atleast_1d,
    atleast_2d,
    atleast_3d,
    column_stack,
    concatenate,
    dstack,
    hsplit,
    hstack,
    stack,
    unstack,
    vsplit,
    vstack,
)
from .linear_algebra import diagonal, dot, inner, norm, outer, tensordot, trace, vdot
from .making import cast, constant, convert_to_tensor, eye, fill, from_dlpack, is_tensor, ones, zeros
from .methods import _restored
from .picking import argwhere, diff, flatnonzero, nonzero, pad, take, take_along_axis, tril, triu
from .queries import astype, copy, full_like, ones_like, result_type, zeros_like
from .reductions import average, count_nonzero, log_softmax, ptp, softmax
from .registry import _functions
from .shapes import (
    broadcast_arrays,
    broadcast_to,
    expand_dims,
    flip,
    fliplr,
    flipud,
    matrix_transpose,
    moveaxis,
    ravel,
    repeat,
    reshape,
    roll,
    squeeze,
    swapaxes,
    tile,
    transpose,
)
from .structures import TensorSpec
from .tensorflow import (
    argmax,
    argmin,
    clip_by_value,
    cumsum,
    ensure_shape,
    erf,
    erfc,
    gather,
    gelu,
    identity,
    linspace,
    one_hot,
    range,
    rank,
    reduce_all,
    reduce_any,
    reduce_logsumexp,
    reduce_max,
    reduce_mean,
    reduce_min,
    reduce_prod,
    reduce_std,
    reduce_sum,
    reduce_variance,
    relu,
    rsqrt,
    shape,
    sigmoid,
    size,
    softplus,
    split,
    stop_gradient,
)
from .ufuncs import _named_ufuncs, _ufuncs
from .variables import Variable, _set_operators

__version__ = "0.1.0"

# After the methods of Tensor, which variables share.
_set_operators()

globals().update(_named_ufuncs)
globals().update({name: _DTYPES[name] for name in (*_NUMPY_NAMES, "string")})
concat = concatenate

math = _sys.modules[__name__]
nn = _types.SimpleNamespace(
    relu=relu, gelu=gelu, sigmoid=sigmoid, softplus=softplus, softmax=softmax,
    log_softmax=log_softmax, tanh=_named_ufuncs["tanh"])
linalg = _types.SimpleNamespace(
    norm=norm, matmul=_named_ufuncs["matmul"], tensordot=tensordot, trace=trace)
errors = _types.SimpleNamespace(
    InvalidArgumentError=InvalidArgumentError, OutOfRangeError=OutOfRangeError,
    ResourceExhaustedError=ResourceExhaustedError, UnimplementedError=UnimplementedError,
    FailedPreconditionError=FailedPreconditionError, OpError=SwiftError)


def _show_here():
    """Makes the package look like one module: `numpyfn.constant`, not `numpyfn.making.constant`."""
    inside = f"{__name__}."
    for name, value in list(globals().items()):
        if isinstance(value, _types.ModuleType):
            # `numpyfn.dtypes` can be imported, but is no name for users.
            if name != "_swift" and value.__name__.startswith(inside):
                del globals()[name]
        elif isinstance(value, (type, _types.FunctionType)) and value.__module__.startswith(inside):
            value.__module__ = __name__
            for member in vars(value).values() if isinstance(value, type) else ():
                if isinstance(member, (_types.FunctionType, classmethod)):
                    member.__module__ = __name__


_show_here()


def __getattr__(name):
    if name == "bfloat16":
        return _dtype_of(name)
    raise AttributeError(f"module 'numpyfn' has no attribute {name!r}")
