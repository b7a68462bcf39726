"""What crosses the walls of releases: who hears that one is out; no Django."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class ReleaseListener:
    """What a room does once a release is out: react(release), in a worker, in a transaction of its own.

    It is called once for each release, however often the work is run again; what it raises takes its own writes back
    and is tried again later. A release that was taken back and comes out again is not told a second time.
    """

    name: str
    react: Callable[[Any], None]
    order: int = 100
