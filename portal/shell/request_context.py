"""Who is asking and from where, for logs and the audit trail; one context per request, task or command."""

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Origin:
    """Where a piece of work came from: door is page, admin, api, command or task."""

    door: str = "command"
    address: str = ""
    request_id: str = field(default_factory=lambda: uuid.uuid4().hex[:16])


_origin: ContextVar[Origin | None] = ContextVar("origin", default=None)
_process = Origin(door="command")  # a command is one piece of work: all it writes shares one id


def current_origin() -> Origin:
    """Return the origin of the work at hand."""
    return _origin.get() or _process


def current_request_id() -> str:
    """Return the id of the request or task at hand, or nothing outside of one."""
    origin = _origin.get()
    return origin.request_id if origin else ""


@contextmanager
def working_for(origin: Origin) -> Iterator[Origin]:
    """Run a block in the name of an origin."""
    token = _origin.set(origin)
    try:
        yield origin
    finally:
        _origin.reset(token)
