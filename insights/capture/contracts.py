"""What the capture API understands: limits, a parsed event, and the faults an item can have; no Django."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta, tzinfo
from typing import Any

MAX_BODY_BYTES = 4_000_000  # after decompression
MAX_SENT_BYTES = 6_000_000  # as sent: form encoding and base64 make a body longer than what it holds
MAX_ITEMS = 50_000
MAX_EVENT_BYTES = 40 * 1024
MAX_PROPERTIES_BYTES = 32 * 1024
MAX_NAME_LENGTH = 200
MAX_ID_LENGTH = 400
MAX_EVENT_ID_LENGTH = 200
MAX_DEPTH = 64
MAX_AHEAD = timedelta(hours=23)

IDENTIFY = "$identify"
GROUP = "$groupidentify"
ALIAS = "$create_alias"
PAGE = "$pageview"
SCREEN = "$screen"


class RefusedBody(Exception):
    """A request that cannot be taken as a whole: its HTTP status, a code and a sentence."""

    def __init__(self, status: int, code: str, reason: str):
        self.status, self.code, self.reason = status, code, reason
        super().__init__(reason)


class UnfitItem(Exception):
    """An item that cannot become an event: a code, a sentence, and its time where that could be read."""

    def __init__(self, code: str, reason: str, at: datetime | None = None):
        self.code, self.reason, self.at = code, reason, at
        super().__init__(reason)


@dataclass(frozen=True, slots=True)
class Header:
    """What a request says about all its items: the dialect (segment, posthog), when it was sent, shared context."""

    dialect: str
    sent_at: Any = None
    context: Mapping[str, Any] = field(default_factory=dict)
    is_skew_corrected: bool = True


@dataclass(frozen=True, slots=True)
class Envelope:
    """A request taken apart: its header, its items as sent without any key, and the key found in the body."""

    header: Header
    items: list[Any]
    key: str = ""


@dataclass(frozen=True, slots=True)
class Rules:
    """What bounds an item's time: when it was received, and the zone and earliest day of its source."""

    received_at: datetime
    zone: tzinfo = UTC
    earliest_on: date = date(1970, 1, 1)


@dataclass(frozen=True, slots=True)
class TraitValue:
    """One trait that an item sets: subject is person or account, value is JSON text."""

    subject: str
    subject_id: str
    key: str
    value: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Join:
    """Two ids said to be one person: kind is identify (anonymous id → person) or alias (old id → person)."""

    kind: str
    distinct_id: str
    person_id: str


@dataclass(frozen=True, slots=True)
class ParsedEvent:
    """An item as an event row; `at` is UTC, `sent_time` the time's text as sent, `properties` JSON text."""

    name: str
    distinct_id: str
    at: datetime
    sent_time: str
    properties: str
    event_id: str | None = None
    account_id: str | None = None
    traits: tuple[TraitValue, ...] = ()
    join: Join | None = None
    note: str = ""
