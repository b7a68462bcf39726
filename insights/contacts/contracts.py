"""What other rooms get to know of those with whom the company talks; no Django."""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import date
from typing import Any


@dataclass(frozen=True)
class Named:
    """A person or an account to show: the number that leads to the page, the name on screen, and the id as sent."""

    no: int
    label: str
    id: str
    detail: str = ""


@dataclass(frozen=True)
class Speaker:
    """Who said something, as found by what was typed: numbers of the event store's ids, None where nobody is named."""

    person_no: int | None = None
    account_no: int | None = None


@dataclass(frozen=True)
class Written:
    """What lists need of a contact: how they are called and reached, and for whom they work."""

    name: str = ""
    address: str = ""
    account_no: int | None = None
    account_id: str | None = None

    def filled_by(self, other: "Written") -> "Written":
        """Return the same, with what is missing taken from another contact of the same person."""
        account = self if self.account_no else other
        return Written(self.name or other.name, self.address or other.address, account.account_no, account.account_id)


@dataclass(frozen=True)
class Meant:
    """One thing known of an account, such as its plan: the value, and whether it was typed or comes from a trait."""

    value: str
    is_typed: bool
    key: str = ""


@dataclass(frozen=True)
class Standing:
    """What is known of an account by meaning ("plan", "segment", "status", "owner", "revenue")."""

    known: dict[str, Meant]
    name: str = ""
    unit: str = ""

    def text(self, meaning: str) -> str:
        """Return a value as text, "" where nothing is known."""
        return self.known[meaning].value if meaning in self.known else ""


@dataclass(frozen=True)
class NotNow:
    """Why a person may not be asked: "asked_lately", "opted_out" or "consent_ended", a sentence, and when they may.

    `again_on` is the first day on which they may be asked, None where no day is known.
    """

    code: str
    reason: str
    again_on: date | None = None


@dataclass(frozen=True)
class ConsentUse:
    """Says what stands on a consent to something, and may no longer be used once it has ended.

    find(person_nos, user) returns {person's number: hits}, what the user sees of it; one query or two for all persons.
    """

    name: str
    purpose: str
    find: Callable[[Collection[int], Any], dict[int, list[Any]]]
    order: int = 100
