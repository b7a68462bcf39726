"""What every vendor's pages share: a page as items with a way on, and why none came; no Django."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any

from roadmaps.delivery.work.contracts import GivenItem

LONGEST_WAIT = timedelta(hours=6)
_WAIT = timedelta(minutes=1)  # where a tracker does not say how long


class Rest(Exception):
    """The tracker wants to be left alone until a time."""

    def __init__(self, until: datetime):
        super().__init__(f"The tracker wants to be left alone until {until:%H:%M} UTC.")
        self.until = until


class Trouble(Exception):
    """The tracker answered with an error that may pass by itself."""


class Wrong(Exception):
    """The tracker refuses what is asked; somebody has to change the connection."""


@dataclass(frozen=True)
class Page:
    """A page of items, and what to ask for next: None at the end. newest — the newest change that it holds."""

    items: tuple[GivenItem, ...]
    following: str | None
    newest: datetime | None
    n_total: int = 0


def check_answer(status: int, headers: Mapping[str, str], now: datetime) -> None:
    """Raise Rest, Trouble or Wrong unless an answer is one.

    429, and 403 with nothing left of the hour's requests, are a wish to be left alone: for as long as `Retry-After`
    says (seconds or a date), else until `X-RateLimit-Reset` (seconds since 1970).
    """
    is_spent = headers.get("x-ratelimit-remaining") == "0"
    if status == 429 or (status in (403, 503) and ("retry-after" in headers or (status == 403 and is_spent))):
        raise Rest(min(_until(headers, now), now + LONGEST_WAIT))
    if status >= 500 or status == 408:
        raise Trouble(f"The tracker answered with an error of its own ({status}).")
    if status in (401, 403):
        raise Wrong(f"The tracker does not accept the token, or the token may not read this project ({status}).")
    if status == 404:
        raise Wrong("The tracker has no such project, or the token may not see it (404).")
    if status in (301, 302, 307, 308):
        raise Wrong(f"The tracker is at another address now ({status}). Correct the address.")
    if status != 200:
        raise Wrong(f"The tracker did not understand what was asked ({status}).")


def _until(headers: Mapping[str, str], now: datetime) -> datetime:
    text = headers.get("retry-after", "").strip()
    if text.isdecimal() and len(text) < 10:
        return now + timedelta(seconds=int(text))
    try:
        if text:
            at = parsedate_to_datetime(text)
            return max(at if at.tzinfo else at.replace(tzinfo=UTC), now)
    except (ValueError, TypeError):
        pass
    reset = headers.get("x-ratelimit-reset", "").strip()
    if reset.isdecimal() and len(reset) < 12:
        return max(datetime.fromtimestamp(int(reset), UTC), now)
    return now + _WAIT


def read_json(body: bytes) -> Any:
    """Return a body's JSON, or Trouble: a proxy's page in its place passes."""
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        raise Trouble("The tracker's answer is no JSON.") from None


def moment(value: Any) -> datetime | None:
    """Return the moment of an ISO text with a zone, in UTC; None for what is none.

    >>> moment("2024-01-08T12:34:56.000+0100").isoformat(), moment(None)
    ('2024-01-08T11:34:56+00:00', None)
    """
    if not isinstance(value, str):
        return None
    try:
        at = datetime.fromisoformat(value)
        return (at if at.tzinfo else at.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def text(value: Any, longest: int) -> str:
    """Return a value as one line that can be stored; of objects their name."""
    if isinstance(value, dict):
        value = value.get("name") or value.get("title") or value.get("value") or ""
    plain = "" if value is None or isinstance(value, (list, bool)) else str(value)
    return " ".join(plain.replace("\0", "").encode("utf-8", "replace").decode().split())[:longest]


def texts(value: Any, longest: int) -> list[str]:
    """Return a list's values as lines, each once."""
    rows = value if isinstance(value, list) else []
    return list(dict.fromkeys(one for row in rows if (one := text(row, longest))))[:100]


def newest_of(items: tuple[GivenItem, ...]) -> datetime | None:
    """Return the newest change among items."""
    return max((at for item in items if (at := item.said.get("changed_at"))), default=None)
