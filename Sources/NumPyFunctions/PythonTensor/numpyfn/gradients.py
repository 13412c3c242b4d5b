"""Tapes and gradients."""

import functools

from . import _swift
from ._swift import InvalidArgumentError
from .calls import Any, _function, _index, _items
from .dtypes import _dtype_name
from .making import convert_to_tensor
from .structures import _flatten, _pack
from .tapes import _open, _owner, _owners
from .variables import Variable

# The dtypes that have gradients; tensors of other dtypes are not recorded.
_DIFFERENTIABLE = {"float16", "bfloat16", "float32", "float64", "complex64", "complex128"}


class GradientTape:
    """Records the operations on watched tensors inside of `with`, and differentiates them.

    Gradients can be requested any number of times, inside of `with` and afterwards. The outer tape
    records an inner tape's gradients, so that they can be differentiated.

    Trainable variables that are read inside are watched automatically, unless the tape was made with
    `watch_accessed_variables=False`.

    Each thread and each asyncio task has its own tapes, which may watch the same tensors. If exactly one tape
    watches a tensor, operations on it in a thread without a tape are recorded by that tape.
    """

    def __init__(self, persistent=True, watch_accessed_variables=True):
        self._recording: Any = None
        self._watches_variables = watch_accessed_variables
        # Maps each watched object to its tensor's live twin, and whether the twin has replaced it.
        self._watched = {}
        self._is_open = False

    def __enter__(self):
        if self._is_open:
            raise RuntimeError("a GradientTape is entered once at a time")
        # A task that was started inside of a tape may run after the tape has been closed.
        tapes = [tape for tape in _open.get() if tape._is_open]
        outer = tapes[-1] if tapes else None
        self._is_outermost = outer is None
        self._owner = next(_owners) if outer is None else outer._owner
        self._recording = _swift.recording(self._owner) if outer is None else outer._recording
        # Variables that are watched explicitly, not automatically.
        self._variables = set()
        self._watched = {}
        _open.set((*tapes, self))
        _owner.set(self._owner)
        self._is_open = True
        return self

    def __exit__(self, *exception):
        self._is_open = False
        tapes = tuple([tape for tape in _open.get() if tape is not self])
        _open.set(tapes)
        _owner.set(tapes[-1]._owner if tapes else 0)
        for tensor, _, is_replaced in self._watched.values():
            if is_replaced:
                _swift.replace(tensor, None, self._owner)
        if self._is_outermost:
            self._recording()

    def watch(self, tensor):
        """Records the operations on a tensor, or on each tensor of a structure, from now on."""
        if not self._is_open:
            raise RuntimeError("watch() belongs inside of `with tape:`")
        leaves = []
        _flatten(tensor, leaves, _not_watched)
        for x in leaves:
            if isinstance(x, Variable):
                self._variables.add(x)
                continue
            if id(x) in self._watched:
                continue
            if x.is_symbolic or _swift.is_recorded(x):
                self._watched[id(x)] = x, _swift.alias(x), False
            else:
                live = self._recording(x)
                _swift.replace(x, live, self._owner)
                self._watched[id(x)] = x, live, True

    def gradient(self, target, sources, output_gradients=None):
        """The gradients of a target with respect to tensors, in the structure of `sources`.

        For several targets, or a target with several elements, it is the gradient of their sum. None stands
        for a source on which the target does not depend, or whose dtype has no gradients.
        """
        if self._recording is None:
            raise RuntimeError("the tape has recorded nothing; use it with `with`")
        leaves, targets, upstreams = [], [], []
        structure = _flatten(sources, leaves, _not_watched)
        _flatten(target, targets, _no_target)
        if output_gradients is not None:
            _flatten(output_gradients, upstreams, lambda value: convert_to_tensor(value))
            if len(upstreams) != len(targets):
                raise InvalidArgumentError(
                    f"{len(targets)} targets have {len(upstreams)} output_gradients; give one for each")
        variables = [place for place, x in enumerate(leaves) if isinstance(x, Variable)]
        places = [place for place, x in enumerate(leaves)
                  if _dtype_name(x.dtype) in _DIFFERENTIABLE and not isinstance(x, Variable)]
        known = [self._twin(leaves[place], place) for place in places]
        total: list[Any] = [None] * len(leaves)
        targets = [self._watched[id(y)][1] if id(y) in self._watched else y for y in targets]
        if targets and not any(y.is_symbolic or _swift.is_live(y) for y in targets):
            for y in targets:
                _swift.expect_no_read(y, known)
        for place, y in enumerate(targets):
            upstream = upstreams[place] if upstreams else None
            for index, found in zip(places, _swift.gradient(y, known, upstream)):
                if found is not None:
                    total[index] = found if total[index] is None else total[index] + found
            handles = [leaves[index]._handle for index in variables]
            for index, found in zip(variables, _swift.variable_gradient(y, handles, upstream)):
                if found is not None:
                    total[index] = found if total[index] is None else total[index] + found
        return _pack(structure, iter(total))

    def _twin(self, x, place):
        if id(x) in self._watched:
            return self._watched[id(x)][1]
        if not x.is_symbolic and not _swift.is_live(x):
            raise ValueError(
                f"source {place}, {x.dtype}{list(x.shape)}, was not watched, so nothing is known of what "
                "came of it: call tape.watch(x) before it is used")
        return x


def _not_watched(value):
    if isinstance(value, Variable):
        return value
    raise TypeError(
        f"gradients are those of Tensors, not of an object of class {type(value).__name__}; make one "
        "with numpyfn.constant")


def _no_target(value):
    raise TypeError(
        f"the target is an object of class {type(value).__name__}, of which no gradient is known: what "
        "is differentiated must be a Tensor, and be computed by operations on tensors alone")


def value_and_gradient(f, argnums=0):
    """A function that returns the result of `f`, and its gradient with respect to arguments.

    `argnums` is the position of the argument, or a sequence of positions. If an argument is a structure of
    tensors, its gradient has the same structure. None stands for a tensor on which the value does not depend,
    or whose dtype has no gradients: integers, bools and strings.
    """
    f = _function(f)
    places = (argnums,) if isinstance(argnums, int) else tuple([
        _index(place) for place in _items(argnums, "a position or several")])

    @functools.wraps(f)
    def call(*arguments, **keywords):
        arguments = list(arguments)
        for place in places:
            leaves = []
            structure = _flatten(arguments[place], leaves, lambda value: convert_to_tensor(value))
            # New objects for the same tensors, so that only calls with these objects are recorded.
            arguments[place] = _pack(structure, iter([_swift.alias(x) for x in leaves]))
        sources = [arguments[place] for place in places]
        with GradientTape() as tape:
            tape.watch(sources)
            value = f(*arguments, **keywords)
        gradients = tape.gradient(value, sources)
        value = _settled(value)
        return value, gradients[0] if isinstance(argnums, int) else tuple(gradients)

    return call


def gradient(f, argnums=0):
    """A function that returns the gradient of `f` with respect to arguments; see value_and_gradient."""
    both = value_and_gradient(f, argnums)

    @functools.wraps(f)
    def call(*arguments, **keywords):
        return both(*arguments, **keywords)[1]

    return call


def _settled(value):
    leaves = []
    structure = _flatten(value, leaves, lambda value: None)
    return _pack(structure, iter([_swift.settled(x) for x in leaves]))
