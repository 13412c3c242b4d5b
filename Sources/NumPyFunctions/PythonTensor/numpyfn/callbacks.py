"""Python functions as nodes of a graph."""

import functools

from . import _swift
from ._swift import InvalidArgumentError
from .calls import _function
from .making import convert_to_tensor
from .structures import _declared, _for_swift, _pack

_EFFECTS = ("ordered", "unordered", "pure")
_ARGUMENTS = ("read_only", "writable")
_STRINGS = ("bytes", "text")
_CASTING = ("no", "same_kind")


def numpy_function(
        func=None, inp=None, Tout=None, stateful=True, name=None, *, effects=None,
        arguments="read_only", strings="bytes", casting="no", gradient=None):
    """Calls a Python function with tensors as NumPy arrays: in a graph each time it runs.

    `inp` is a list of arguments, or a dict of keyword arguments.

    `Tout` is a dtype, a TensorSpec, or a structure of them: lists and tuples, dicts, named tuples and
    dataclasses, nested to any depth. The function returns the same structure, and so does the call. A dict
    must have the same keys, a named tuple or dataclass the same fields.

    `effects` declares the side effects of the function: "ordered" (the default, or `stateful=True`) calls it
    once in each run, in order; "unordered" once in each run, in any order; "pure" (`stateful=False`) as often
    as the results need: the call may be omitted, merged with an equal one, or made once for all runs.

    `arguments="writable"` lets the function write to its arrays, without changing any tensor.
    `strings="text"` passes str instead of bytes. `casting="same_kind"` converts results by NumPy's casting
    rule of that name.

    No gradient flows through the call without `gradient`. This is a function of tensors. It is called with
    the gradient of the result (in the structure of Tout) and the inputs, and returns the gradient of the
    input, a list for several inputs, or a dict for keyword arguments, with None for an input without a
    gradient.

    Without `func` it returns a decorator: @numpyfn.numpy_function(Tout=numpyfn.float32).
    """
    options = {
        "stateful": stateful, "name": name, "effects": effects, "arguments": arguments, "strings": strings,
        "casting": casting, "gradient": gradient}
    if func is None:
        return _decorator(numpy_function, Tout, options)
    func = _function(func)
    inputs, names = _inputs(inp, "numpy_function")
    specs, structure = _checked_declaration(Tout, "numpy_function")
    effects = _effects(effects, stateful)
    choices = [
        effects, _choice("arguments", arguments, _ARGUMENTS), _choice("strings", strings, _STRINGS),
        _choice("casting", casting, _CASTING)]
    backward = None if gradient is None else _backward(gradient, structure, names)
    results = _swift.numpy_function(
        func, inputs, names, specs, _for_swift(structure), choices, name, backward)
    return _pack(structure, iter(results))


def _backward(gradient, structure, names):
    """The user's function for gradients, as a function of lists."""
    def call(upstreams, inputs, results):
        count = len(inputs) - len(names)
        answer = gradient(
            _pack(structure, iter(upstreams)), *inputs[:count], **dict(zip(names, inputs[count:])))
        return [None if part is None else convert_to_tensor(part)
                for part in _answers(answer, count, names)]

    return call


def py_function(
        func=None, inp=None, Tout=None, name=None, *, effects=None, rematerialize=False):
    """Calls a Python function with tensors of this module: in a graph each time it runs.

    The operations on the tensors can be differentiated any number of times and to any order. With
    `rematerialize=True` a gradient calls the function again, instead of keeping a record of the
    first call.

    `inp`, `Tout` and `effects` are as in numpy_function. Without `func` it returns a decorator too.
    """
    if func is None:
        return _decorator(
            py_function, Tout, {"name": name, "effects": effects, "rematerialize": rematerialize})
    func = _function(func)
    inputs, names = _inputs(inp, "py_function")
    specs, structure = _checked_declaration(Tout, "py_function")
    results = _swift.py_function(
        func, inputs, names, specs, _for_swift(structure), _effects(effects, True),
        bool(rematerialize), name)
    return _pack(structure, iter(results))


def _decorator(call, Tout, options):
    def decorate(func):
        @functools.wraps(func)
        def decorated(*inputs, **keywords):
            return call(func, _Arguments(inputs, keywords), Tout, **options)

        return decorated

    return decorate


class _Arguments:
    """The positional arguments of a call, and a dict of the keyword arguments."""

    def __init__(self, positional, keywords):
        self.positional, self.keywords = positional, keywords


def _inputs(inp, name):
    """The arguments as tensors, and the names of the last of them."""
    if inp is None:
        raise TypeError(
            f"{name} needs inp, the list of the function's arguments, or a dict of keyword arguments")
    if isinstance(inp, dict):
        inp = _Arguments((), inp)
    elif not isinstance(inp, _Arguments):
        inp = _Arguments(inp if isinstance(inp, (list, tuple)) else [inp], {})
    for key in inp.keywords:
        if not isinstance(key, str):
            raise TypeError(f"{name}: a dict of arguments has their names as its keys, not {key!r}")
    values = [*inp.positional, *inp.keywords.values()]
    return [convert_to_tensor(value) for value in values], list(inp.keywords)


def _checked_declaration(Tout, name):
    if Tout is None:
        raise TypeError(f"{name} needs Tout, the dtypes of what the function returns")
    return _declared(Tout, name)


def _choice(name, value, choices):
    if value not in choices:
        raise ValueError(
            f"{name} is one of {', '.join(repr(choice) for choice in choices)}, not {value!r}")
    return value


def _effects(effects, stateful):
    if effects is None:
        return "ordered" if stateful else "pure"
    return _choice("effects", effects, _EFFECTS)


def _answers(answer, count, names):
    """The gradients that a user's function has returned, one for each input."""
    if isinstance(answer, dict):
        unknown = [key for key in answer if key not in names]
        if unknown:
            raise InvalidArgumentError(
                f"gradient: there is no argument {unknown[0]!r}; the keywords are {names}")
        return [None] * count + [answer.get(name) for name in names]
    return list(answer) if isinstance(answer, (list, tuple)) else [answer]
