"""What other rooms get to know of those with whom the company talks; no Django."""

from dataclasses import dataclass


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
