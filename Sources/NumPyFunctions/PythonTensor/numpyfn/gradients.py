# Tapes and gradients.

# The dtypes of what has gradients; the others are not recorded.
_DIFFERENTIABLE = {"float16", "bfloat16", "float32", "float64", "complex64", "complex128"}


class _Open(_threading.local):
    """The tapes that are open in a thread, the innermost last."""

    def __init__(self):
        self.tapes = []


_open = _Open()


class GradientTape:
    """Records what is done to watched tensors inside of `with`, and differentiates it.

    Gradients may be asked for any number of times, inside and after it. A tape inside of another is
    part of it, so that its gradients can be differentiated.
    """

    def __init__(self, persistent=True):
        self._recording = None
        # For each watched object its tensor's live twin, and the tensor that it had.
        self._watched = {}
        self._is_open = False

    def __enter__(self):
        if self._is_open:
            raise RuntimeError("a GradientTape is entered once at a time")
        outer = _open.tapes[-1] if _open.tapes else None
        self._is_outermost = outer is None
        self._recording = _swift.recording() if outer is None else outer._recording
        self._watched = {}
        _open.tapes.append(self)
        self._is_open = True
        return self

    def __exit__(self, *exception):
        self._is_open = False
        if self in _open.tapes:
            _open.tapes.remove(self)
        for tensor, live, original in self._watched.values():
            if original is not None:
                _swift.replace(tensor, original)
        if self._is_outermost:
            self._recording()

    def watch(self, tensor):
        """Has what is done to a tensor, or to each of a structure, from now on recorded."""
        if not self._is_open:
            raise RuntimeError("watch() belongs inside of `with tape:`")
        leaves = []
        _flatten(tensor, leaves, _not_watched)
        for x in leaves:
            if id(x) in self._watched:
                continue
            if x.is_symbolic or _swift.is_recorded(x):
                self._watched[id(x)] = x, _swift.alias(x), None
            else:
                live, original = self._recording(x), _swift.alias(x)
                _swift.replace(x, live)
                self._watched[id(x)] = x, live, original

    def gradient(self, target, sources, output_gradients=None):
        """The gradients of a target with respect to tensors, in the structure of `sources`.

        Of several targets, or of one with several elements, it is that of the sum. None stands for a
        source that the target does not depend on, or that is of a dtype without gradients.
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
        places = [place for place, x in enumerate(leaves) if _dtype_name(x.dtype) in _DIFFERENTIABLE]
        known = [self._twin(leaves[place], place) for place in places]
        total = [None] * len(leaves)
        targets = [self._watched[id(y)][1] if id(y) in self._watched else y for y in targets]
        if targets and not _b.any(y.is_symbolic or _swift.is_live(y) for y in targets):
            for y in targets:
                _swift.expect_no_read(y, known)
        for place, y in enumerate(targets):
            upstream = upstreams[place] if upstreams else None
            for index, found in zip(places, _swift.gradient(y, known, upstream)):
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
    raise TypeError(
        f"gradients are those of Tensors, not of an object of class {type(value).__name__}; make one "
        "with numpyfn.constant")


def _no_target(value):
    raise TypeError(
        f"the target is an object of class {type(value).__name__}, of which no gradient is known: what "
        "is differentiated must be a Tensor, and be computed by operations on tensors alone")


def value_and_gradient(f, argnums=0):
    """A function that answers what `f` does, and its gradient with respect to arguments.

    `argnums` is the position of the argument, or several; an argument may be a structure of tensors,
    and so is its gradient then. None stands for a tensor that the value does not depend on, or of a
    dtype without gradients: whole numbers, bools and strings.
    """
    places = (argnums,) if isinstance(argnums, int) else tuple(argnums)

    @_functools.wraps(f)
    def call(*arguments, **keywords):
        arguments = list(arguments)
        for place in places:
            leaves = []
            structure = _flatten(arguments[place], leaves, lambda value: convert_to_tensor(value))
            # Objects of our own, which nobody else sees being recorded.
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
    """A function that answers the gradient of `f` with respect to arguments; see value_and_gradient."""
    both = value_and_gradient(f, argnums)

    @_functools.wraps(f)
    def call(*arguments, **keywords):
        return both(*arguments, **keywords)[1]

    return call


def _settled(value):
    leaves = []
    structure = _flatten(value, leaves, lambda value: None)
    return _pack(structure, iter([_swift.settled(x) for x in leaves]))
