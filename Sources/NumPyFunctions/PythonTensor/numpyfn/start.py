# The Python side of the module: names, NumPy's and TensorFlow's conventions for arguments, and structures of
# tensors. Swift does the computation, in `_swift` and in the operators of `Tensor`, which are defined before
# these files run. The files run one after another in one namespace.

import builtins as _b
import contextvars as _contextvars
import functools as _functools
import inspect as _inspect
import itertools as _itertools
import operator as _operator
import struct as _struct
import sys as _sys
import types as _types
import weakref as _weakref

import numpy as _np

_index = _operator.index

__version__ = "0.1.0"
