# Functions that are traced into graphs.


def _argument(value):
    """What an argument of a function without a signature is traced as: arrays as tensors."""
    return constant(value) if isinstance(value, (_np.ndarray, _np.generic)) else None


def _result(value):
    """What a traced function may return besides tensors."""
    if value is None:
        return None
    if isinstance(value, (_np.ndarray, _np.generic, str, bytes) + _PYTHON_NUMBERS):
        return constant(value)
    raise TypeError(
        f"a traced function returned an object of class {type(value).__name__}; return tensors, "
        "numbers, arrays, None, or lists, tuples and dicts of them")


class Function:
    """A Python function that is traced into graphs, which then run without Python."""

    def __init__(self, python_function, input_signature=None, name=None):
        if not callable(python_function):
            raise TypeError(f"function() takes something that can be called, not {python_function!r}")
        _functools.update_wrapper(self, python_function)
        self.python_function = python_function
        self.input_signature = None if input_signature is None else tuple(input_signature)
        self._name = name or getattr(python_function, "__name__", "function")
        code = getattr(_inspect.unwrap(python_function), "__code__", None)
        self._place = (code.co_filename, code.co_firstlineno) if code else ("python", 0)
        self._graphs = {}
        try:
            self._signature = _inspect.signature(python_function)
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
        bound = Function(
            _types.MethodType(self.python_function, instance), self.input_signature, self._name)
        # Found there from now on: one set of graphs for each instance, which goes with it.
        try:
            instance.__dict__.setdefault(self.python_function.__name__, bound)
        except AttributeError:
            pass
        return bound

    @property
    def tracing_count(self):
        """How many graphs have been made."""
        return len(self._graphs)

    def __call__(self, *arguments, **keywords):
        leaves = []
        if self.input_signature is None:
            arguments, keywords = self._bound(arguments, keywords)
            structure = _flatten((arguments, keywords), leaves, _argument)
            specs = [((None,) * x.ndim if x.ndim is not None else None, _dtype_name(x.dtype), None)
                     for x in leaves]
            key = structure, tuple(specs)
        else:
            structure = self._fit(arguments, keywords, leaves)
            key, specs = None, [_spec(spec) for spec in self._specs]
        graph = self._graphs.get(key)
        if graph is None:
            graph = self._graphs.setdefault(key, self._trace(structure, specs))
        run, results = graph
        return _pack(results, iter(run(leaves)))

    def _bound(self, arguments, keywords):
        """The arguments in one order, however they were given."""
        if self._signature is None:
            return arguments, keywords
        bound = self._signature.bind(*arguments, **keywords)
        bound.apply_defaults()
        return bound.args, bound.kwargs

    def _fit(self, arguments, keywords, leaves):
        """The arguments as the signature has them."""
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

        run = _swift.trace(body, specs, self._name, *self._place)
        return run, results[-1]


def _flatten_specs(value, specs):
    """The structure of a signature, whose specs are appended to `specs`."""
    if isinstance(value, TensorSpec):
        specs.append(value)
        return _LEAF
    if isinstance(value, dict):
        return (dict, tuple(value), tuple(_flatten_specs(part, specs) for part in value.values()))
    if isinstance(value, (list, tuple)):
        return (type(value), tuple(_flatten_specs(part, specs) for part in value))
    raise TypeError(f"input_signature holds TensorSpecs, not {value!r}")


def _fit(value, spec, leaves, name):
    """Appends the tensors of an argument that has the structure of its spec."""
    if isinstance(spec, TensorSpec):
        leaves.append(convert_to_tensor(value, dtype_hint=spec.dtype))
    elif isinstance(spec, dict):
        if not isinstance(value, dict) or set(value) != set(spec):
            raise InvalidArgumentError(f"function '{name}': a dict with the keys {list(spec)} is wanted")
        for key in spec:
            _fit(value[key], spec[key], leaves, name)
    else:
        if not isinstance(value, (list, tuple)) or len(value) != len(spec):
            raise InvalidArgumentError(f"function '{name}': {len(spec)} values are wanted")
        for part, part_spec in zip(value, spec):
            _fit(part, part_spec, leaves, name)


def function(func=None, input_signature=None, name=None):
    """Makes a graph of a Python function; as a decorator, with or without arguments.

    With `input_signature`, TensorSpecs for the arguments, the function is traced once. Without one it
    is traced for each combination of dtypes and ranks, and of values that are no tensors.
    """
    if func is None:
        return lambda func: Function(func, input_signature, name)
    return Function(func, input_signature, name)
