"""What search is asked and what it answers; no Django's models."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from insights.voice.texts.contracts import FoundText

PER_PAGE = 20
MOST_ALIKE_LOOKED_AT = 200
MOST_OF_A_KIND = 500  # the newest that fit are looked at and ordered; of more, it is said that there are more


@dataclass(frozen=True)
class Wish:
    """What somebody looks for: words or a text to be alike, a kind, and by what to narrow, as in the address."""

    text: str = ""
    like: str = ""
    kind: str = ""
    sort: str = ""
    narrow: Mapping[str, Any] = field(default_factory=dict)

    @property
    def is_empty(self) -> bool:
        """Say whether nothing is asked."""
        return not (self.text.strip() or self.like or self.narrow)


@dataclass(frozen=True)
class Candidate:
    """A text that fits, before it is read: its kind, its number, and how well it fits."""

    kind: str
    pk: int
    score: float


@dataclass(frozen=True)
class KindCount:
    """How many texts of a kind fit; `is_more` where there are more than were looked at."""

    name: str
    label: str
    n: int
    is_more: bool = False


@dataclass(frozen=True)
class Hit:
    """A text that was found, with the place where its words stand, marked, as HTML."""

    kind: str
    label: str
    pk: int
    found: FoundText
    snippet: str = ""
    title: str = ""

    @property
    def name(self) -> str:
        """Return how an address names it, to find what is alike."""
        return f"{self.kind}-{self.pk}"


@dataclass(frozen=True)
class Correction:
    """A word that no text holds, and what was looked for beside it: the word as it stands in a text that was found."""

    typed: str
    meant: str


@dataclass(frozen=True)
class Answer:
    """What was found: the hits of one page, how many there are of each kind, and how the words were understood."""

    hits: tuple[Hit, ...] = ()
    counts: tuple[KindCount, ...] = ()
    n_all: int = 0
    page: int = 1
    n_pages: int = 1
    corrections: tuple[Correction, ...] = ()
    like: FoundText | None = None
    like_label: str = ""
    is_cut: bool = False
    has_words: bool = True

    @property
    def previous(self) -> int:
        """Return the number of the page before."""
        return self.page - 1

    @property
    def next(self) -> int:
        """Return the number of the page after."""
        return self.page + 1
