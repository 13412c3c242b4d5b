"""Functions that are traced into graphs."""

import functools
import inspect
import types
import weakref

import numpy as np

from . import _swift
from ._swift import InvalidArgumentError
from .calls import Any, _described, _function, _items
from .dtypes import _dtype_name
from .making import _PYTHON_NUMBERS, constant, convert_to_tensor
from .ranks import _has_rank, _Unknown
from .structures import _LEAF, TensorSpec, _flatten, _objects, _pack, _spec
from .variables import Variable


def _argument(value):
    """An array as a tensor, as an argument of a function without a signature is traced; else
    None."""
    return constant(value) if isinstance(value, (np.ndarray, np.generic)) else None


def _result(value):
    """Converts the results that a traced function may return besides tensors."""
    if value is None:
        return None
    if isinstance(value, _Unknown):
        value._refuse()
    if isinstance(value, Variable):
        return value.value()
    if isinstance(value, (np.ndarray, np.generic, str, bytes, *_PYTHON_NUMBERS)):
        return constant(value)
    raise TypeError(
        f"a traced function: {_swift.misfit(value)}; it may return tensors, numbers, arrays, None, or "
        "lists, tuples, dicts and dataclasses of them")


class _Graphs(dict):
    """The graphs of a function, by the structures and specs of its arguments.

    The graphs for an object that is compared by identity are dropped with the object.
    """

    __slots__ = ("made", "__weakref__")

    def __init__(self):
        # How many graphs have been made.
        self.made = 0

    def keep(self, key, graph):
        """Keeps a graph, unless another thread was first; returns the graph that is kept."""
        graphs = weakref.ref(self)

        def forget(_):
            known = graphs()
            if known is not None:
                known.pop(key, None)

        references = [weakref.ref(each, forget) for each in _objects(key[0])] if key else []
        return self.setdefault(key, (graph, references))[0]

    def find(self, key):
        """The graph for such arguments; None when there is none."""
        known = self.get(key)
        return known and known[0]


class _CallingGraphs:
    """The graphs that call Python functions, which may refer to the instance or argument they are for.

    They are stored in its `__dict__`: stored elsewhere, they would keep it alive forever. A copy of it has no
    graphs.
    """

    _name = "__numpyfn_graphs__"

    def __init__(self, instance):
        self.instance: weakref.ref[Any] = weakref.ref(instance)
        self.of_function = {}

    def __reduce__(self):
        return object, ()

    @classmethod
    def of(cls, instance, makes=False):
        """The graphs of an instance; None when it has none, or no `__dict__` to store them in."""
        attributes = getattr(instance, "__dict__", None)
        if type(attributes) is not dict:
            return None
        known = attributes.get(cls._name)
        if isinstance(known, cls) and known.instance() is instance:
            return known
        if not makes:
            return None
        try:
            new = cls(instance)
        except TypeError:
            return None
        if known is None:
            return attributes.setdefault(cls._name, new)
        # The attribute was copied from another instance together with its `__dict__`.
        attributes[cls._name] = new
        return new


class Function:
    """A Python function that is traced into graphs, which then run without Python."""

    def __init__(self, python_function, input_signature=None, name=None):
        functools.update_wrapper(self, _function(python_function))
        self.python_function = python_function
        self.input_signature: Any = None if input_signature is None else tuple(
            _items(input_signature, "a list of TensorSpecs"))
        self._name = name or getattr(python_function, "__name__", "function")
        code = getattr(inspect.unwrap(python_function), "__code__", None)
        self._place = (code.co_filename, code.co_firstlineno) if code else ("python", 0)
        self._graphs = _Graphs()
        # Maps the id of each instance to a weak reference to it, and its graphs.
        self._instances = {}
        # For a bound method: the function in the class.
        self._method = None
        self._bound_signature = None
        try:
            self._signature = inspect.signature(python_function)
        except (TypeError, ValueError):
            self._signature = None
        if self.input_signature is not None:
            self._specs = []
            self._structure = _flatten_specs(self.input_signature, self._specs)

    def __repr__(self):
        return f"<numpyfn.Function {self._name}>"

    def __get__(self, instance, owner=None):
        if instance is None:
            return self
        # Like a bound method: it refers to the instance, and uses the graphs of the instance.
        bound = Function.__new__(Function)
        bound.__dict__.update(self.__dict__)
        bound.python_function = types.MethodType(self.python_function, instance)
        bound.__dict__["__wrapped__"] = bound.python_function
        bound._graphs = self._graphs_of(instance)
        bound._instances = {}
        bound._method = self
        if self._bound_signature is None:
            try:
                self._bound_signature = inspect.signature(bound.python_function)
            except (TypeError, ValueError):
                pass
        bound._signature, bound._bound_signature = self._bound_signature, None
        return bound

    def _graphs_of(self, instance):
        """The graphs of a method for an instance, which is referred to weakly."""
        key, instances = id(instance), self._instances
        known = instances.get(key)
        if known is not None and known[0]() is instance:
            return known[1]

        def forget(reference):
            known = instances.get(key)
            if known is not None and known[0] is reference:
                instances.pop(key, None)

        try:
            new = weakref.ref(instance, forget), _Graphs()
        except TypeError:
            # Without a weak reference, graphs of a dead instance could be used for another one with its id.
            return _Graphs()
        if known is not None:
            # The entry belongs to a dead object that had the same id.
            instances[key] = new
            return new[1]
        known = instances.setdefault(key, new)
        return (known if known[0]() is instance else new)[1]

    def _calling_graphs(self, key, makes=False):
        """The graphs that call Python functions and are dropped with the instance, or with an
        argument."""
        if self._method is not None:
            holder = self.python_function.__self__
        else:
            holder = next(_objects(key[0]), None) if key else None
        calling = None if holder is None else _CallingGraphs.of(holder, makes)
        if calling is None:
            return None
        function = self._method or self
        graphs = calling.of_function.get(function)
        return calling.of_function.setdefault(function, _Graphs()) if makes and graphs is None else graphs

    def _graph(self, key):
        """The graph for such arguments; None when it has not been traced."""
        graph = self._graphs.find(key)
        if graph is None:
            graphs = self._calling_graphs(key)
            graph = None if graphs is None else graphs.find(key)
        return graph

    def _keep(self, key, graph):
        """Keeps a graph, unless another thread was first; returns the graph that is kept."""
        graphs = self._calling_graphs(key, makes=True) if graph[2] else None
        kept = (self._graphs if graphs is None else graphs).keep(key, graph)
        if kept is graph:
            self._graphs.made += 1
        return kept

    @property
    def tracing_count(self):
        """How many graphs have been made."""
        return self._graphs.made

    def __call__(self, *arguments, **keywords):
        leaves = []
        if self.input_signature is None:
            arguments, keywords = self._bound(arguments, keywords)
            structure = _flatten((arguments, keywords), leaves, _argument)
            specs = [((None,) * x.ndim if _has_rank(x) else None, _dtype_name(x.dtype), None)
                     for x in leaves]
            key = structure, tuple(specs)
        else:
            structure = self._fit(arguments, keywords, leaves)
            key, specs = None, [_spec(spec) for spec in self._specs]
        graph = self._graph(key)
        if graph is None:
            graph = self._keep(key, self._trace(structure, specs))
        run, results, _ = graph
        return _pack(results, iter(run(leaves)))

    def _bound(self, arguments, keywords):
        """The arguments in the order of the parameters, whether positional or by keyword."""
        if self._signature is None:
            return arguments, keywords
        bound = self._signature.bind(*arguments, **keywords)
        bound.apply_defaults()
        return bound.args, bound.kwargs

    def _fit(self, arguments, keywords, leaves):
        """The arguments in the order of the signature."""
        if keywords and self._signature is not None:
            bound = self._signature.bind(*arguments, **keywords)
            arguments, keywords = bound.args, bound.kwargs
        if keywords or len(arguments) != len(self.input_signature):
            raise InvalidArgumentError(
                f"function '{self._name}' takes {len(self.input_signature)} arguments, as its "
                f"input_signature says, {len(arguments) + len(keywords)} were given")
        _fit(arguments, self.input_signature, leaves, self._name)
        return ((tuple, (self._structure, (dict, (), ()))))

    def _trace(self, structure, specs):
        results = []

        def body(tensors):
            arguments, keywords = _pack(structure, iter(tensors))
            leaves = []
            results.append(_flatten(self.python_function(*arguments, **keywords), leaves, _result))
            return leaves

        run, calls_python = _swift.trace(body, specs, self._name, *self._place)
        return run, results[-1], calls_python


def _flatten_specs(value, specs):
    """The structure of a signature, whose specs are appended to `specs`."""
    if isinstance(value, TensorSpec):
        specs.append(value)
        return _LEAF
    if isinstance(value, dict):
        return (dict, tuple(value), tuple([_flatten_specs(part, specs) for part in value.values()]))
    if isinstance(value, (list, tuple)):
        return (type(value), tuple([_flatten_specs(part, specs) for part in value]))
    raise TypeError(f"input_signature holds TensorSpecs, not {value!r}")


def _fit(value, spec, leaves, name):
    """Appends the tensors of an argument that has the structure of its spec."""
    if isinstance(spec, TensorSpec):
        leaves.append(convert_to_tensor(value, dtype_hint=spec.dtype))
    elif isinstance(spec, dict):
        if not isinstance(value, dict) or set(value) != set(spec):
            raise InvalidArgumentError(
                f"function '{name}': a dict with the keys {list(spec)} is wanted, {_given(value)}")
        for key in spec:
            _fit(value[key], spec[key], leaves, name)
    else:
        if not isinstance(value, (list, tuple)) or len(value) != len(spec):
            raise InvalidArgumentError(
                f"function '{name}': {len(spec)} values are wanted, {_given(value)}")
        for part, part_spec in zip(value, spec):
            _fit(part, part_spec, leaves, name)


def _given(value):
    """What was given for a structure, and how to make it one."""
    if isinstance(value, dict):
        return f"one with the keys {list(value)} was given"
    if isinstance(value, (list, tuple)):
        return f"a {type(value).__name__} of {len(value)} was given"
    if not hasattr(value, "iloc"):
        return f"{_described(value)} was given"
    names = "df" if hasattr(value, "columns") else "df.index"
    return f"{_described(value)} was given; give {{name: df[name] for name in {names}}}"


def function(func=None, input_signature=None, name=None):
    """Makes a graph of a Python function; may be used as a decorator, with or without arguments.

    With `input_signature`, TensorSpecs for the arguments, the function is traced once. Without one it is
    traced for each combination of dtypes and ranks, and of values that are not tensors.
    """
    if func is None:
        return lambda func: Function(func, input_signature, name)
    return Function(func, input_signature, name)
