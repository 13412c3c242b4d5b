# Methods of Tensor. Afterwards the class cannot be changed.

_MISSING = object()


def _set_methods():
    if hasattr(Tensor, "__array_ufunc__"):
        # The module was imported before, and removed from sys.modules; the class has its methods already.
        return

    def method(name, function):
        function.__name__, function.__qualname__ = name, f"Tensor.{name}"
        setattr(Tensor, name, function)

    for name, function in {
        "sum": _sum, "mean": _mean, "prod": _prod, "max": _max,
        "min": _min, "any": _any, "all": _all, "var": _var,
        "std": _std, "argmax": _argmax, "argmin": _argmin, "cumsum": _cumsum, "ptp": ptp,
        "round": round, "dot": dot, "swapaxes": swapaxes, "repeat": repeat, "take": take,
        "squeeze": squeeze, "ravel": ravel, "flatten": ravel, "clip": clip, "nonzero": nonzero,
        "diagonal": diagonal, "trace": trace, "copy": copy,
    }.items():
        copy_ = _types.FunctionType(
            function.__code__, globals(), name, function.__defaults__, function.__closure__)
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
        if casting != "unsafe" and not _np.can_cast(self.dtype, dtype, casting):
            raise TypeError(
                f"cannot cast a tensor from {self.dtype} to {_np.dtype(dtype)} according to the rule "
                f"{casting!r}")
        return cast(self, dtype)

    def conj(self):
        """The conjugates."""
        return _swift.conjugate(self)

    def values(self):
        # An explicit conversion, so the result is a constant for gradients. A string scalar is bytes, no
        # array.
        found = self.numpy()
        return _np.array(found, object) if _b.isinstance(found, bytes) else found

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
        return values(self).tobytes(order)

    def array(self, dtype=None, copy=None):
        found = _np.asarray(self._array())
        if dtype is not None and _np.dtype(dtype) != found.dtype:
            if copy is False:
                raise ValueError(
                    f"a tensor of {found.dtype} cannot be an array of {_np.dtype(dtype)} without a copy")
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
        return _b.bool(_swift.any(self == value, None, False))

    def round_(self, ndigits=None):
        return round(self, ndigits or 0)

    for name, function in {
        "reshape": reshape_, "transpose": transpose_, "astype": astype_, "conj": conj,
        "conjugate": _types.FunctionType(conj.__code__, globals()), "item": item, "tolist": tolist,
        "tobytes": tobytes, "__array__": array, "__format__": format_, "__reduce__": reduce,
        "__copy__": same, "__deepcopy__": _types.FunctionType(
            same.__code__, globals(), argdefs=(None,)),
        "__contains__": contains, "__round__": round_, "__array_ufunc__": _array_ufunc,
        "__array_function__": _array_function, "__dlpack__": _dlpack,
        "__dlpack_device__": _dlpack_device,
    }.items():
        method(name, function)
    # For libraries that use this attribute instead of __array_ufunc__.
    Tensor.__array_priority__ = 1000
    Tensor.itemsize = property(lambda self: _np.dtype(self.dtype).itemsize, doc="Bytes an element.")
    Tensor.nbytes = property(
        lambda self: self.size * _np.dtype(self.dtype).itemsize, doc="Bytes of all elements.")
    Tensor.mT = property(matrix_transpose, doc="The tensor with its last two axes swapped.")


def _restored(value, dtype):
    """Restores a pickled tensor."""
    return _swift.constant(value, dtype)
