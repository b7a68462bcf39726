"""What crosses the walls of findings: kinds of evidence, and who stands behind a claim; no Django."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

VALID_DAYS = 180
LONGEST_VALID_DAYS = 730
ENDS_SOON_DAYS = 14
FOR, AGAINST = "for", "against"


@dataclass(frozen=True)
class EvidenceThing:
    """A thing that speaks for or against a claim, as one reader may see it.

    title: what it is called, or the words themselves where it is a quote. about: where it is from, in a few words. who:
    what `_who.html` shows of the speaker, None where nobody in particular stands behind it. said_on: its day, if any.
    """

    id: int
    title: str
    url: str
    about: str = ""
    who: Any = None
    said_on: date | None = None


@dataclass(frozen=True)
class EvidenceKind:
    """One kind of thing that claims rest on, registered by the room that knows it.

    find(user, thing_id, product) returns the thing if this reader may see it and it is of the product, else None.
    show(things' ids, user) returns those that the reader may see, by id, in a constant number of queries.
    offer(user, product, text, most) returns what may be chosen, the newest or best first; with words, what holds them.
    is_quote: it is somebody's own words; everything else says nothing by itself, so a note on what it shows is needed.
    """

    kind: str
    label: str
    plural: str
    find: Callable[[Any, int, Any], Any]
    show: Callable[[Collection[int], Any], dict[int, EvidenceThing]]
    offer: Callable[[Any, Any, str, int], Sequence[EvidenceThing]]
    is_quote: bool = False
    order: int = 100


@dataclass(frozen=True)
class Backing:
    """How much stands on one side of a claim: pieces of evidence, and behind its quotes texts, people and accounts.

    People count once however many of their ids spoke; an account counts once. last_said_on is the newest quote's day.
    """

    n_evidence: int = 0
    n_quotes: int = 0
    n_texts: int = 0
    n_people: int = 0
    n_accounts: int = 0
    last_said_on: date | None = None


def due_on(day: date) -> date:
    """Return until when a claim that is stated or reviewed on a day holds, unless somebody says otherwise.

    >>> due_on(date(2026, 1, 1))
    datetime.date(2026, 6, 30)
    """
    return day + timedelta(days=VALID_DAYS)
