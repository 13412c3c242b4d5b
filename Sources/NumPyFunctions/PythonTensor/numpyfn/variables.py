"""Variables: tensors that can be assigned."""


from . import _swift
from ._swift import Tensor
from .calls import Any, _wrong
from .dtypes import _dtype_name
from .making import cast, constant, convert_to_tensor
from .structures import TensorSpec
from .tapes import _open


class Variable:
    """A tensor that persists across calls and can be assigned, like tf.Variable.

    It can be used wherever a tensor is expected, and is read there. In a traced function, reads and
    assignments are part of the graph, in program order.
    """

    __slots__ = ("_handle", "name", "trainable", "_spec", "__weakref__")

    def __init__(self, initial_value, trainable=True, name=None, dtype=None, shape=None):
        if callable(initial_value) and not isinstance(initial_value, Variable):
            initial_value = initial_value()
        value = convert_to_tensor(initial_value)
        if dtype is not None and _dtype_name(dtype) != _dtype_name(value.dtype):
            value = cast(value, dtype) if isinstance(initial_value, (Tensor, Variable)) else constant(
                initial_value, dtype)
        self._spec = value.shape if shape is None else TensorSpec(shape).shape, value.dtype
        if name is not None and not isinstance(name, str):
            raise _wrong(name, "a str")
        self.name = "Variable" if name is None else name
        self.trainable = trainable
        self._handle = _swift.variable(value, self._spec[0], self.name)

    @property
    def shape(self):
        """The shape that assigned values must have; None for extents that may vary."""
        return self._spec[0]

    @property
    def dtype(self):
        """The dtype of the values."""
        return self._spec[1]

    def value(self):
        """The value as a tensor; symbolic while a function is traced."""
        return _swift.read_variable(self._handle, self._is_watched())

    read_value = __numpyfn_tensor__ = value

    def numpy(self):
        """The current value, as an array."""
        return _swift.read_variable(self._handle, False).numpy()

    def _current(self):
        """The current value as an array, even while a function is traced."""
        return _swift.current_value(self._handle).numpy()

    def _is_watched(self):
        tapes = _open.get()
        if not tapes:
            return self.trainable
        return any(
            tape._is_open and (self.trainable and tape._watches_variables or self in tape._variables)
            for tape in tapes)

    def assign(self, value, read_value=True):
        """Assigns `value`; returns the variable."""
        _swift.assign_variable(self._handle, convert_to_tensor(value, dtype_hint=self.dtype))
        return self

    def assign_add(self, delta, read_value=True):
        """Adds to the value; returns the variable.

        Reads and assigns, so that threads which add to one variable at the same time need a lock.
        """
        return self.assign(self.value() + convert_to_tensor(delta, dtype_hint=self.dtype))

    def assign_sub(self, delta, read_value=True):
        """Subtracts from the value, as assign_add adds to it; returns the variable."""
        return self.assign(self.value() - convert_to_tensor(delta, dtype_hint=self.dtype))

    def __array_ufunc__(self, ufunc, method, *inputs, **keywords):
        inputs, keywords = _read((inputs, keywords))
        return getattr(ufunc, method)(*inputs, **keywords)

    def __array_function__(self, function, types, arguments, keywords):
        arguments, keywords = _read((arguments, keywords))
        return function(*arguments, **keywords)

    def __array__(self, dtype=None, copy=None):
        return self.value().__array__(dtype, copy)

    def __getattr__(self, name):
        if name.startswith("_"):
            raise AttributeError(f"a Variable has no attribute {name!r}")
        return getattr(self.value(), name)

    def __repr__(self):
        return (f"<numpyfn.Variable {self.name!r} shape={self.shape} dtype={_dtype_name(self.dtype)}, "
                f"numpy={self._current()!r}>")

    __hash__ = object.__hash__

    def __copy__(self):
        return self

    def __reduce__(self):
        # For pickle and copy.deepcopy. Not while a function is traced: the graph would have the current value
        # as a constant.
        return Variable, (self.numpy(), self.trainable, self.name, _dtype_name(self.dtype), self.shape)


def _read(value) -> Any:
    """The value, with variables in its lists, tuples and dicts replaced by tensors."""
    if isinstance(value, Variable):
        return value.value()
    if type(value) in (list, tuple):
        return type(value)(_read(part) for part in value)
    if type(value) is dict:
        return {key: _read(part) for key, part in value.items()}
    return value


def _set_operators():
    """Gives Variable the operators that Tensor has."""

    def forwarding(name):
        def method(self, *others):
            return getattr(self.value(), name)(*_read(others))

        method.__name__, method.__qualname__ = name, f"Variable.{name}"
        return method

    binary = ("add", "sub", "mul", "matmul", "truediv", "floordiv", "mod", "divmod", "pow", "and", "or",
              "xor", "lshift", "rshift")
    names = [prefix + name for name in binary for prefix in ("", "r")]
    names += ["lt", "le", "eq", "ne", "gt", "ge", "neg", "pos", "abs", "invert", "getitem", "len", "iter",
              "bool", "float", "int", "index", "complex", "contains", "round", "format"]
    for name in names:
        name = f"__{name}__"
        if hasattr(Tensor, name):
            setattr(Variable, name, forwarding(name))
