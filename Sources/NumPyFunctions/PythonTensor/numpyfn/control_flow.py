"""Branches and loops, of Python or of a graph that is being traced."""

from . import _swift
from ._swift import InvalidArgumentError, OutOfRangeError, Tensor
from .calls import _function, _index, _wrong
from .functions import _result
from .making import convert_to_tensor
from .ranks import _has_rank
from .structures import _flatten, _pack


def _flat(function):
    """A function of a structure, wrapped as a function of a list of tensors; stores the structure
    of its results."""
    structures = []

    def call(*arguments):
        leaves = []
        structures.append(_flatten(function(*arguments), leaves, _result))
        return leaves

    return call, structures


def cond(pred, true_fn, false_fn, name=None):
    """Calls the first of two functions without arguments if the condition is true, else the second.

    While a graph is traced, both functions are traced, and the graph runs one of them.
    """
    if not (callable(true_fn) and callable(false_fn)):
        raise _wrong(false_fn if callable(true_fn) else true_fn, "a function")
    if not isinstance(pred, Tensor) or not pred.is_symbolic:
        return true_fn() if pred else false_fn()
    then, structures = _flat(true_fn)
    otherwise, others = _flat(false_fn)
    results = _swift.cond(pred, lambda _: then(), lambda _: otherwise())
    if structures[-1] != others[-1]:
        raise InvalidArgumentError(
            "cond: both functions must return the same structure of tensors, "
            f"{structures[-1]} and {others[-1]} were returned")
    return _pack(structures[-1], iter(results))


def while_loop(cond, body, loop_vars, maximum_iterations=None):
    """Repeats `body`, a function of the state, while `cond` is true for the state.

    The state is a list or tuple of tensors, or of structures of them. `body` returns the next state.
    """
    cond, body, leaves = _function(cond), _function(body), []
    if not isinstance(loop_vars, (list, tuple)):
        raise _wrong(loop_vars, "a list or tuple of tensors")
    if maximum_iterations is not None:
        maximum_iterations = _index(maximum_iterations)
    structure = _flatten(loop_vars, leaves, _result)
    if not any(x.is_symbolic for x in leaves):
        count = 0
        while cond(*loop_vars):
            if maximum_iterations is not None and count >= maximum_iterations:
                raise OutOfRangeError(
                    f"the condition of the loop still holds after {count} iterations, the maximum")
            loop_vars = _state(body(*loop_vars), loop_vars)
            count += 1
        return loop_vars

    def condition(tensors):
        return [convert_to_tensor(cond(*_pack(structure, iter(tensors))))]

    def step(tensors):
        state = _pack(structure, iter(tensors))
        following = []
        found = _flatten(_state(body(*state), loop_vars), following, _result)
        if found != structure:
            raise InvalidArgumentError(
                f"while_loop: body must return the structure of loop_vars, {structure}, not {found}")
        return following

    return _pack(structure, iter(_swift.while_loop(condition, step, leaves, maximum_iterations)))


def _state(value, before):
    """The result of a loop's body as a state: a single value need not be in a list."""
    if not isinstance(value, (list, tuple)) or len(before) == 1 and len(value) != 1:
        value = [value]
    return type(before)(value) if type(before) in (list, tuple) else list(value)


def map_fn(fn, elems):
    """Calls a function with each element along the first axis, and stacks what it returns.

    While a graph is traced the function is traced once.
    """
    leaves = []
    call, structures = _flat(_function(fn))
    structure = _flatten(elems, leaves, lambda value: convert_to_tensor(value))
    if any(_has_rank(x) and x.ndim == 0 for x in leaves):
        raise InvalidArgumentError("map_fn(): elems has no axis to go along, or a part of it has none")
    if not any(x.is_symbolic for x in leaves):
        lengths = {len(x) for x in leaves}
        if len(lengths) > 1:
            raise InvalidArgumentError(
                f"map_fn: the first extents must be the same, they are {sorted(lengths)}")
        rows = [call(_pack(structure, iter(row))) for row in zip(*leaves)]
        if not rows:
            raise InvalidArgumentError("map_fn: there are no elements, so the result is not known")
        results = [_swift.stack(list(column), 0) for column in zip(*rows)]
    else:
        results = _swift.map_fn(lambda tensors: call(_pack(structure, iter(tensors))), leaves)
    return _pack(structures[-1], iter(results))
