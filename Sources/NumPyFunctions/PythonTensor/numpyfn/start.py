# The Python side of the module: names, the conventions of NumPy and TensorFlow for arguments, and what
# structures of tensors are taken apart for. What computes is Swift: `_swift` and the operators of
# `Tensor`, both of which are there before. These files run one after another in one namespace.

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
