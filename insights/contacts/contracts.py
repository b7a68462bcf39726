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
