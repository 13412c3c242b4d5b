"""Specs, and flattening and rebuilding structures of tensors: lists, tuples, dicts and dataclasses."""

import struct
import sys
import types
import weakref

from ._swift import InvalidArgumentError, Tensor
from .calls import Any, _index, _items
from .dtypes import _dtype_name, as_dtype
from .ranks import _has_rank


class TensorSpec:
    """Describes a tensor before it exists: shape (None where unknown), dtype, name."""

    __slots__ = ("shape", "dtype", "name")

    def __init__(self, shape=None, dtype="float32", name=None):
        if isinstance(shape, int):
            shape = (shape,)
        self.shape = None if shape is None else tuple([
            _spec_extent(extent) for extent in _items(shape, "a list of extents")])
        self.dtype = as_dtype(dtype)
        self.name = name

    @classmethod
    def from_tensor(cls, tensor, name=None):
        """The spec of a tensor."""
        return cls(tensor.shape if _has_rank(tensor) else None, tensor.dtype, name)

    def __repr__(self):
        return f"TensorSpec(shape={self.shape}, dtype={_dtype_name(self.dtype)}, name={self.name!r})"

    def __eq__(self, other):
        return isinstance(other, TensorSpec) and self._key == other._key

    def __hash__(self):
        return hash(self._key)

    @property
    def _key(self):
        return self.shape, _dtype_name(self.dtype), self.name


def _spec_extent(extent):
    """An extent of a spec: a number, or None."""
    try:
        number = None if extent is None else _index(extent)
    except TypeError:
        raise InvalidArgumentError(
            f"an extent is a whole number, or None where it may vary, not {extent!r}") from None
    if number is not None and not 0 <= number < 2 ** 63:
        raise InvalidArgumentError(
            f"an extent cannot be {'negative' if number < 0 else 'so large'}: {number}; None is one that may vary")
    return number


def _spec(spec):
    """A TensorSpec or a dtype in the form that Swift takes."""
    if not isinstance(spec, TensorSpec):
        spec = TensorSpec(None, spec)
    return spec.shape, _dtype_name(spec.dtype), spec.name


class _Leaf:
    """Marks the place of a tensor in a structure."""

    def __repr__(self):
        return "tensor"


_LEAF = _Leaf()


def _flatten(value, leaves, convert) -> Any:
    """Appends the tensors in a structure of lists, tuples, dicts and dataclasses to `leaves`.

    Returns the structure without the tensors: the class, the keys or field names, and the parts.
    """
    if isinstance(value, Tensor):
        leaves.append(value)
        return _LEAF
    if isinstance(value, tuple):
        parts = tuple([_flatten(part, leaves, convert) for part in value])
        return (type(value), parts)
    if isinstance(value, list):
        return (list, tuple([_flatten(part, leaves, convert) for part in value]))
    if isinstance(value, dict):
        return (type(value), tuple(value),
                tuple([_flatten(part, leaves, convert) for part in value.values()]))
    names = _field_names(value)
    if names is not None:
        found = []
        parts = tuple([_flatten(getattr(value, name), found, convert) for name in names])
        # A container without tensors is kept as a plain value.
        if found:
            leaves.extend(found)
            return (type(value), names, parts)
    converted = convert(value)
    if converted is not None:
        leaves.append(converted)
        return _LEAF
    return _Plain(value)


def _field_names(value):
    """The names of the fields of a dataclass; None for any other object."""
    if not hasattr(type(value), "__dataclass_fields__"):
        return None
    return tuple([field.name for field in sys.modules["dataclasses"].fields(value)])


class _Plain:
    """A Python value in a structure: equal to itself, and to equal values of its type.

    Floats are compared by their bits: a graph for 0.0 is not used for -0.0, and a graph for nan is used for
    nan. An object that is compared by identity is referred to weakly.
    """

    __slots__ = ("_value", "is_weak", "identity", "hash")

    def __init__(self, value):
        self._value = self.identity = value
        self.is_weak = False
        if isinstance(value, float):
            self.identity = struct.pack("d", value)
        elif isinstance(value, complex):
            self.identity = struct.pack("dd", value.real, value.imag)
        elif type(value).__hash__ is object.__hash__ and not isinstance(value, types.ModuleType):
            try:
                self._value = self.identity = weakref.ref(value)
                self.is_weak = True
            except TypeError:
                pass
        try:
            self.hash = hash((type(value), self.identity))
        except TypeError:
            self.hash = None

    @property
    def value(self):
        """The value; None for an object that no longer exists."""
        return self._value() if self.is_weak else self._value

    def __hash__(self):
        return id(self._value) if self.hash is None else self.hash

    def __eq__(self, other):
        if not isinstance(other, _Plain):
            return False
        if self._value is other._value:
            return True
        return self.hash is not None and self.hash == other.hash and type(self._value) is type(
            other._value) and bool(self.identity == other.identity)


def _objects(structure):
    """The objects in a structure that it does not keep alive."""
    if isinstance(structure, _Plain):
        value = structure.value
        if structure.is_weak and value is not None:
            yield value
    elif structure is not _LEAF:
        for part in structure[-1]:
            yield from _objects(part)


def _pack(structure, leaves) -> Any:
    """Rebuilds the structure with tensors from an iterator."""
    if structure is _LEAF:
        return next(leaves)
    if isinstance(structure, _Plain):
        return structure.value
    kind, parts = structure[0], [_pack(part, leaves) for part in structure[-1]]
    if len(structure) == 3:
        return _with_members(kind, structure[1], parts)
    if kind is list:
        return parts
    return tuple(parts) if kind is tuple else kind(*parts) if hasattr(kind, "_fields") else kind(parts)


def _with_members(kind, names, parts):
    """A dict with these keys, or a dataclass with these fields, whose __init__ is not called."""
    if kind is dict:
        return dict(zip(names, parts))
    new = kind.__new__(kind) if issubclass(kind, dict) else object.__new__(kind)
    for name, part in zip(names, parts):
        if isinstance(new, dict):
            new[name] = part
        else:
            object.__setattr__(new, name, part)
    return new


def _declared(Tout, name):
    """The specs in the declared results of a callback, and their structure."""
    specs = []

    def spec(value):
        if isinstance(value, type) and hasattr(value, "__dataclass_fields__") or hasattr(value, "_fields"):
            raise TypeError(
                f"{name}: Tout holds the class {value.__name__}; declare an object of it, with a dtype for "
                "each field")
        if value is None or callable(value) and not isinstance(value, type):
            raise TypeError(f"{name}: Tout holds {value!r}, which is no dtype")
        return _spec(value)

    return specs, _flatten(Tout, specs, spec)


def _for_swift(structure):
    """A structure of specs in the form that Swift takes: None, or a kind and its parts."""
    if structure is _LEAF:
        return None
    kind, parts = structure[0], [_for_swift(part) for part in structure[-1]]
    if len(structure) == 3:
        return ("mapping" if issubclass(kind, dict) else "fields", list(zip(structure[1], parts)))
    if hasattr(kind, "_fields"):
        return ("fields", list(zip(kind._fields, parts)))
    return ("list", parts)
