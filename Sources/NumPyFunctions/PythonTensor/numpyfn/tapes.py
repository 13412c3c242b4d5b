"""The open tapes, which GradientTape sets and variables ask."""

import contextvars
import itertools

from . import _swift
from .calls import Any

# The open tapes of a thread or task, the innermost last.
_open: contextvars.ContextVar[tuple[Any, ...]] = contextvars.ContextVar("numpyfn.tapes", default=())

# The owner of a recording: the number of the outermost open tape. Code with this number sees the live twin of
# a watched object; other threads and tasks, which may watch it at the same time, do not.
_owner = contextvars.ContextVar("numpyfn.owner", default=0)

_owners = itertools.count(1)

_swift.set_owner(_owner.get)
