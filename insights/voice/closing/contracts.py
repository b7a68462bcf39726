"""What crosses the walls of closing: things that people asked for, and how many of them heard back; no Django."""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Any

from insights.voice.themes.contracts import AskedWords, Asker

TELL_WITHIN_DAYS = 14


@dataclass(frozen=True)
class AskedForKind:
    """One kind of thing that people asked for, registered by the room that knows it: a theme, later an opportunity.

    get(user, thing_id, write) is the room's door: the thing, or NotFound; it has a title, `product`, `team_id` and an
    address. behind(thing) returns who stands behind it; words(thing, link_ids, user) what they said, by link.
    """

    kind: str
    label: str
    get: Callable[[Any, int, bool], Any]
    behind: Callable[[Any], list[Asker]]
    words: Callable[[Any, Collection[int], Any], dict[int, AskedWords]]
    order: int = 100


@dataclass(frozen=True)
class ToldShare:
    """How many of those who were to be told heard it within TELL_WITHIN_DAYS days of the change.

    n_open: their days are not over, and they were not told yet. n_left_out: they want no messages, or a newer status
    was told instead. Neither counts in the share: n_in_time of n_in_time + n_missed.
    """

    n_in_time: int = 0
    n_missed: int = 0
    n_open: int = 0
    n_left_out: int = 0

    @property
    def n_counted(self) -> int:
        """Return of how many the share is."""
        return self.n_in_time + self.n_missed

    def __add__(self, other: "ToldShare") -> "ToldShare":
        return ToldShare(
            self.n_in_time + other.n_in_time,
            self.n_missed + other.n_missed,
            self.n_open + other.n_open,
            self.n_left_out + other.n_left_out,
        )
