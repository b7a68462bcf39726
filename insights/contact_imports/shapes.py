"""Contacts and records of accounts as plain values, to compare, keep and put back; and amounts as people write them."""

import datetime as dt
import re
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

from insights.contacts.models import AccountRecord, Contact

_AMOUNT = re.compile(r"\d[\d.,' \u00a0\u202f]*")


@dataclass(frozen=True)
class Shape:
    """One of the two models: whose row it is (`of`), and the attributes that imports write."""

    model: Any
    of: str
    names: tuple[str, ...]

    def plain(self, thing: Any) -> dict[str, Any]:
        """Return the values of a contact or record as JSON holds them; of nothing, the empty ones."""
        return {name: _plain(getattr(thing or self.model(), name)) for name in self.names}

    def put(self, thing: Any, values: dict[str, Any]) -> None:
        """Set plain values."""
        for name, value in values.items():
            if name == "next_step_on" and value:
                value = dt.date.fromisoformat(value)
            elif name == "revenue" and value is not None:
                value = Decimal(value)
            setattr(thing, name, value)

    def is_empty(self, thing: Any) -> bool:
        """Say whether nothing is written down any more."""
        return not any(self.plain(thing).values())


def _plain(value: Any) -> Any:
    if isinstance(value, Decimal):
        return f"{value:.2f}"
    return value.isoformat() if isinstance(value, dt.date) else value


CONTACT = Shape(Contact, "person", (*Contact.FIELDS, "account_id", "owner_id", "next_step_on"))
RECORD = Shape(AccountRecord, "account", (*AccountRecord.FIELDS, "owner_id", "revenue"))


def read_amount(text: str) -> Decimal | None:
    """Return an amount with two decimals, without its currency; None where it is none, or below 0.

    >>> [str(read_amount(text)) for text in ("€ 1.200,50", "1,200.5 USD", "1'200", "12 k", "-3")]
    ['1200.50', '1200.50', '1200.00', 'None', 'None']
    """
    found = _AMOUNT.search(text)
    rest = re.sub(
        r"(?i)[€$£¥]|\b(eur|usd|gbp|chf|jpy|sek|pln|inr|brl|aud)\b", "", _AMOUNT.sub("", text, count=1)
    ).strip()
    if found is None or rest:
        return None
    digits = re.sub(r"[' \u00a0\u202f]", "", found[0]).rstrip(".,")
    comma, point = digits.rfind(","), digits.rfind(".")
    if comma > point:
        has_decimals = digits.count(",") == 1 and (point >= 0 or len(digits) - comma - 1 != 3)
        digits = digits.replace(".", "").replace(",", "." if has_decimals else "")
    else:
        has_decimals = digits.count(".") == 1 and (comma >= 0 or len(digits) - point - 1 != 3)
        digits = digits.replace(",", "") if has_decimals else digits.replace(",", "").replace(".", "")
    try:
        return Decimal(digits).quantize(Decimal("0.01"))
    except InvalidOperation:
        return None
