"""What crosses the walls of the roadmap: what rooms to the right know of how initiatives do; no Django."""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class HealthWarning:
    """Something that a room to the right may warn of in the health of initiatives; it warns, and no more.

    warn(numbers, now) returns a sentence by number for those of some initiatives that it warns of, constant in queries.
    Whoever reads the initiative reads the sentence: it names nothing that is not for all of them.
    """

    name: str
    warn: Callable[[Collection[int], datetime], dict[int, str]]
    order: int = 100
