"""What rooms that stand on highlights promise them; knows no database."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class HighlightUser:
    """A room whose rows point at highlights, and go with them.

    release(highlight, actor) is called before a highlight is deleted, in the same transaction, with its row locked: the
    room takes back what it hung there, with all that follows from it. An erased person's highlights are released by
    SYSTEM.
    """

    name: str
    release: Callable[[Any, Any], None]
    order: int = 100
