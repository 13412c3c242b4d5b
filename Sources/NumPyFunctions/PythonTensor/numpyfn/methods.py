"""Methods of Tensor, which cannot be changed once numpyfn has been imported, and of its errors."""

import types

import numpy as np

from . import _swift
from ._swift import SwiftError, Tensor
from .calls import Any
from .choices import clip, round
from .dtypes import _dtype_name
from .linear_algebra import diagonal, dot, trace
from .making import _dlpack, _dlpack_device, cast
from .picking import nonzero, take
from .queries import copy
from .reductions import (
    _all,
    _any,
    _argmax,
    _argmin,
    _cumsum,
    _max,
    _mean,
    _min,
    _prod,
    _std,
    _sum,
    _var,
    ptp,
)
from .registry import _array_function
from .shapes import matrix_transpose, ravel, repeat, reshape, squeeze, swapaxes, transpose
from .ufuncs import _array_ufunc

_MISSING = object()


def _set_methods():
    if hasattr(Tensor, "__array_ufunc__"):
        # The module was imported before, and removed from sys.modules; the class has its methods already.
        return

    def method(name, function):
        function.__name__, function.__qualname__ = name, f"Tensor.{name}"
        function.__module__ = Tensor.__module__
        setattr(Tensor, name, function)

    for name, function in {
        "sum": _sum, "mean": _mean, "prod": _prod, "max": _max,
        "min": _min, "any": _any, "all": _all, "var": _var,
        "std": _std, "argmax": _argmax, "argmin": _argmin, "cumsum": _cumsum, "ptp": ptp,
        "round": round, "dot": dot, "swapaxes": swapaxes, "repeat": repeat, "take": take,
        "squeeze": squeeze, "ravel": ravel, "flatten": ravel, "clip": clip, "nonzero": nonzero,
        "diagonal": diagonal, "trace": trace, "copy": copy,
    }.items():
        copy_ = types.FunctionType(
            function.__code__, function.__globals__, name, function.__defaults__, function.__closure__)
        copy_.__kwdefaults__ = function.__kwdefaults__
        copy_.__doc__ = f"As numpy.ndarray.{name}."
        method(name, copy_)

    def reshape_(self, *shape, order="C"):
        """As numpy.ndarray.reshape: takes a tuple or separate numbers."""
        return reshape(self, shape[0] if len(shape) == 1 else shape, order)

    def transpose_(self, *axes):
        """As numpy.ndarray.transpose: takes a tuple or separate numbers."""
        if not axes or axes == (None,):
            return self.T
        return transpose(self, axes[0] if len(axes) == 1 else axes)

    def astype_(self, dtype, order="K", casting="unsafe", subok=True, copy=True):
        """The elements as another dtype."""
        rule: Any = casting
        if casting != "unsafe" and not np.can_cast(self.dtype, dtype, rule):
            raise TypeError(
                f"cannot cast a tensor from {self.dtype} to {np.dtype(dtype)} according to the rule "
                f"{casting!r}")
        return cast(self, dtype)

    def conj(self):
        """The conjugates."""
        return _swift.conjugate(self)

    def values(self):
        # An explicit conversion, so the result is a constant for gradients. A string scalar is bytes, no
        # array.
        found = self.numpy()
        return np.array(found, object) if isinstance(found, bytes) else found

    def item(self, *args):
        """The only element, or the one at a position, as a Python number."""
        _swift.note_read(self)
        return values(self).item(*args)

    def tolist(self):
        """The elements as nested lists of Python numbers."""
        _swift.note_read(self)
        return values(self).tolist()

    def tobytes(self, order="C"):
        """The elements as bytes."""
        _swift.note_read(self)
        layout: Any = order
        return values(self).tobytes(layout)

    def array(self, dtype=None, copy=None):
        found = np.asarray(self._array())
        if dtype is not None and np.dtype(dtype) != found.dtype:
            if copy is False:
                raise ValueError(
                    f"a tensor of {found.dtype} cannot be an array of {np.dtype(dtype)} without a copy")
            return found.astype(dtype)
        return found.copy() if copy else found

    def format_(self, spec):
        if not spec:
            return str(self)
        found = values(self)
        return format(found.item() if found.ndim == 0 else found, spec)

    def reduce(self):
        return _restored, (self.numpy(), _dtype_name(self.dtype))

    def same(self, memo=None):
        return self

    def contains(self, value):
        return bool(_swift.any(self == value, None, False))

    def round_(self, ndigits=None):
        return round(self, ndigits or 0)

    for name, function in {
        "reshape": reshape_, "transpose": transpose_, "astype": astype_, "conj": conj,
        "conjugate": types.FunctionType(conj.__code__, globals()), "item": item, "tolist": tolist,
        "tobytes": tobytes, "__array__": array, "__format__": format_, "__reduce__": reduce,
        "__copy__": same, "__deepcopy__": types.FunctionType(
            same.__code__, globals(), argdefs=(None,)),
        "__contains__": contains, "__round__": round_, "__array_ufunc__": _array_ufunc,
        "__array_function__": _array_function, "__dlpack__": _dlpack,
        "__dlpack_device__": _dlpack_device,
    }.items():
        method(name, function)
    for name, value in {
        # For libraries that use this attribute instead of __array_ufunc__.
        "__array_priority__": 1000,
        "itemsize": property(lambda self: np.dtype(self.dtype).itemsize, doc="Bytes an element."),
        "nbytes": property(
            lambda self: self.size * np.dtype(self.dtype).itemsize, doc="Bytes of all elements."),
        "mT": property(matrix_transpose, doc="The tensor with its last two axes swapped."),
    }.items():
        setattr(Tensor, name, value)


def _restored(value, dtype):
    """Restores a pickled tensor."""
    return _swift.constant(value, dtype)


def _reduced_error(self):
    """For pickle and copy: omits the Swift error, which exists in this process only."""
    rest = {name: value for name, value in self.__dict__.items() if name != "_swift_error"}
    return (type(self), self.args, rest) if rest else (type(self), self.args)


SwiftError.__reduce__ = _reduced_error
_set_methods()
