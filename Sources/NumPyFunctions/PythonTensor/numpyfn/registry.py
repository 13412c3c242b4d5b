"""The registration of the implementations of NumPy's functions other than ufuncs."""

import numpy as np

from .operands import _no_operation

# The implementations, by NumPy's functions.
_functions = {}


def _implements(*names):
    """Registers a function as the implementation of NumPy's functions of these names for
    tensors."""
    def register(function):
        for name in names:
            found = np
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
        raise _no_operation(f"{module}.{getattr(function, '__name__', function)}")
    return ours(*arguments, **keywords)
