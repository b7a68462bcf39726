"""How a request waits in the inbox: its header and its items, a JSON line each, by zlib, without its key."""

import json
import zlib
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from insights.capture.contracts import MAX_EVENT_BYTES, Header, ParsedEvent, Rules, UnfitItem
from insights.capture.payloads import posthog, segment
from insights.capture.payloads.wire import to_json

_DIALECTS = {"segment": segment.parse_item, "posthog": posthog.parse_item}


def rules_for(source: Any, received_at: datetime) -> Rules:
    """Return what bounds the times of a source's items."""
    return Rules(received_at, ZoneInfo(source.time_zone), max(source.earliest_day, date(1970, 1, 1)))


def parse_item(raw: str, item: Any, header: Header, rules: Rules) -> ParsedEvent:
    """Return the event of an item; `raw` is its JSON text.

    Raises: UnfitItem with the reason why it cannot be taken.
    """
    if len(raw) * 4 > MAX_EVENT_BYTES and len(raw.encode()) > MAX_EVENT_BYTES:
        raise UnfitItem("event_too_large", f"The event is larger than {MAX_EVENT_BYTES:,} bytes.")
    return _DIALECTS[header.dialect](item, header, rules)


def pack(header: Header, raws: Sequence[str]) -> tuple[bytes, int]:
    """Return a request's body for the inbox and its size before compression."""
    first = {"dialect": header.dialect, "sent_at": header.sent_at, "context": dict(header.context)}
    lines = "\n".join([to_json(first), *raws]).encode()
    return zlib.compress(lines, level=1), len(lines)


def unpack(body: bytes) -> tuple[Header, list[str]]:
    """Return the header and the items' JSON texts of a body of the inbox."""
    first, *raws = zlib.decompress(body).decode().split("\n")
    header = json.loads(first)
    return Header(header["dialect"], header["sent_at"], header["context"]), raws
