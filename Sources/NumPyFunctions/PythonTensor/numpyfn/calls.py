"""What errors say of the call that they end: the function that was called, and the argument that is wrong."""

import functools
import inspect
import operator
import reprlib
import sys
import types

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any
else:
    # For checkers of types alone: typing takes as long to import as a third of this package.
    Any = object

_PACKAGE = __name__.partition(".")[0]
_FOLDER = f"<{_PACKAGE}/"


def _wrong(value, wanted):
    """The TypeError for an argument, or a part of one, in whose place something else is wanted."""
    name, arguments, defaults = _called()
    places = [known for known, given in arguments.items() if given is value]
    parts = [f"{known}[{place}]" for known, given in arguments.items() if type(given) in (list, tuple)
             for place, part in enumerate(given) if part is value]
    # None that was given comes before None that was left out.
    given = [place for place in places if place not in defaults or defaults[place] is not value]
    parameter = next(iter(given or parts or places), "an argument")
    function = f"{name}(): " if name else ""
    return TypeError(f"{function}{parameter} is {_described(value)}, and {wanted} is wanted")


def _refuse_argument(value, wanted):
    """Raises the error for an argument of a function in Swift."""
    raise _wrong(value, wanted)


def _described(value):
    """A value in a few words."""
    plain = (str, bytes, int, float, complex, list, tuple, dict, type)
    if value is None or isinstance(value, plain) or type(value).__module__ == _PACKAGE:
        try:
            return reprlib.repr(value)
        except Exception:  # An int of very many digits, or what the user's class raises.
            pass
    return f"an object of class {type(value).__name__}"


def _index(value):
    """The value as an int."""
    try:
        return operator.index(value)
    except TypeError:
        if hasattr(type(value), "__index__"):
            raise
        raise _wrong(value, "a whole number") from None


def _items(value, wanted) -> list[Any]:
    """The parts of a value, as a list."""
    try:
        parts = iter(value)
    except TypeError:
        if hasattr(type(value), "__iter__"):
            raise
        raise _wrong(value, wanted) from None
    return list(parts)


def _function(value) -> Any:
    """The value, which can be called."""
    if not callable(value):
        raise _wrong(value, "a function")
    return value


def _is_called_by(function):
    """Whether a function of NumPy, which not all versions have, has called the function that asks."""
    code, frame = getattr(function, "__code__", None), sys._getframe(1)
    # NumPy's protocol has a frame between, and older versions of NumPy another one.
    for _ in range(3):
        frame = frame and frame.f_back
        if frame and frame.f_code is code:
            return True
    return False


def _called():
    """What the code of the user has called: the name of the function, its arguments by name, and the defaults
    of parameters."""
    frame, frames = sys._getframe(1), []
    while frame is not None and frame.f_code.co_filename.startswith(_FOLDER):
        frames.append(frame)
        frame = frame.f_back
    name: Any = None
    for place, frame in reversed([*enumerate(frames)]):
        code, variables = frame.f_code, frame.f_locals
        # One function of NumPy's protocol stands for all that NumPy has.
        if code.co_name.strip("_") == "array_function":
            name = str(variables["function"].__name__)
        elif code.co_name.strip("_") == "array_ufunc":
            inputs = variables["inputs"]
            names = ["x"] if len(inputs) == 1 else [f"x{number}" for number in range(1, len(inputs) + 1)]
            return variables["ufunc"].__name__, dict(zip(names, inputs)), {}
        elif place == 0:
            break
        else:
            count = code.co_argcount + code.co_kwonlyargcount + bool(code.co_flags & inspect.CO_VARARGS)
            known = {key: variables[key] for key in code.co_varnames[:count] if key in variables}
            own, function = _functions().get(code, (None, None))
            parameters = inspect.signature(function).parameters if function else {}
            defaults = {key: each.default for key, each in parameters.items()}
            return name or own, known, defaults
    return name, {}, {}


@functools.cache
def _functions():
    """The functions and methods that users call, with their names, by their code."""
    functions = {}
    package = sys.modules[_PACKAGE]
    # Copies, since another thread may set attributes; functions first, which may be methods as well.
    values = sorted(dict(vars(package)).items(), key=lambda item: isinstance(item[1], type))
    for name, value in values:
        if isinstance(value, types.FunctionType):
            functions.setdefault(value.__code__, (name, value))
        elif isinstance(value, type) and value.__module__ == package.__name__:
            for member, function in list(vars(value).items()):
                if isinstance(function, types.FunctionType):
                    known = name if member == "__init__" else f"{name}.{member}"
                    functions.setdefault(function.__code__, (known, function))
    return functions
