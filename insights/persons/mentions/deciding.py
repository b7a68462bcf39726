"""What whoever erases a person decides about mentions: shown as proposed, or as it was ticked."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from insights.events.public import IdSpace
from insights.persons.actions import newest_look
from insights.persons.mentions.erasing import more_names_of
from insights.persons.mentions.known import names_of
from insights.persons.mentions.naming import Names
from insights.persons.mentions.showing import ShownMention, show_mentions


@dataclass(frozen=True)
class SeenMentions:
    """The mentions of the last look with what is ticked; `at` is when it was, None where nobody looked."""

    names: Names
    at: datetime | None = None
    more_names: tuple[str, ...] = ()
    rows: tuple[tuple[ShownMention, bool], ...] = ()
    n_more: int = 0

    @property
    def kept(self) -> list[str]:
        """Return the keys of sure mentions that are not ticked."""
        return [one.key for one, is_ticked in self.rows if one.is_sure and not is_ticked]

    @property
    def taken(self) -> list[str]:
        """Return the keys of the others that are ticked."""
        return [one.key for one, is_ticked in self.rows if not one.is_sure and is_ticked]

    @property
    def n_sure(self) -> int:
        """Return how many of those shown surely mean the person."""
        return sum(one.is_sure for one, _ in self.rows)


def see_mentions(space: IdSpace, person: Any, ticked: Collection[str] | None) -> SeenMentions:
    """Return what the last look found, as it stands now; ticked: the keys that a form sent, None to propose."""
    look = newest_look(person.no)
    more = more_names_of(look) if look else []
    names = names_of(space, person.distinct_ids, more)
    if look is None:
        return SeenMentions(names)
    shown = show_mentions(look.mentions, names)
    rows = tuple((one, one.is_sure if ticked is None else one.key in ticked) for one in shown)
    return SeenMentions(names, look.finished_at, tuple(more), rows, max(0, len(look.found) - len(shown)))
