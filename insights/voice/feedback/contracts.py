"""What feedback shows of itself, and what adding many pieces comes to; no Django."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from insights.contacts.contracts import Named
from insights.voice.texts.contracts import excerpt


@dataclass(frozen=True)
class Shown:
    """A piece of feedback as one reader may see it: whole for insiders; for others masked, and not who said it."""

    text: str
    is_whole: bool
    author: str = ""
    person: Named | None = None
    account: Named | None = None
    person_id: str = ""
    title: str = ""

    @property
    def excerpt(self) -> str:
        """Return how it begins, on one line."""
        return excerpt(self.text)

    @property
    def who(self) -> str:
        """Return who said it: the person's name as it is known now, else the name given with the feedback."""
        if self.person and self.person.label != self.person.id:
            return self.person.label
        return self.author or (self.person.label if self.person else self.person_id)


@dataclass(frozen=True)
class Added:
    """What came of adding several pieces: how many are new, and how many were there already."""

    n_new: int
    n_known: int

    def __str__(self) -> str:
        new = f"{self.n_new:,} piece{'' if self.n_new == 1 else 's'} of feedback"
        return f"{new}; {self.n_known:,} were there already" if self.n_known else new


@dataclass(frozen=True)
class FeedbackWork:
    """Says which pieces people worked on: find(pieces) returns the ids of those, of a queryset of feedback.

    `words` say what was done: "has highlights". An undo of an import keeps such pieces unless it is told otherwise.
    """

    name: str
    words: str
    find: Callable[[Any], Iterable[int]]
    order: int = 100
