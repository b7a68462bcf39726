"""Reading values out of cells, and telling rows apart that have no id of their own."""

import datetime as dt
import hashlib
from collections import Counter
from collections.abc import Sequence
from email.utils import parsedate_to_datetime
from zoneinfo import ZoneInfo

from insights.sources.public import PATTERNS, FileRow, guess_time_format

_EPOCHS = {"epoch_s": 1, "epoch_ms": 1_000, "epoch_us": 1_000_000}


def guess_day_format(values: Sequence[str]) -> str:
    """Return the format that reads most of the filled values, as sources name formats.

    >>> guess_day_format(["31.01.2024", "soon"]), guess_day_format(["2024-01-31"]), guess_day_format([])
    ('%d.%m.%Y', 'iso', 'iso')
    """
    filled = [value.strip() for value in values if value.strip()]
    if found := guess_time_format(filled):
        return found
    counted = [(sum(_reads(value, how) for value in filled), how) for how in ("iso", *PATTERNS)]
    most, how = max(counted, key=lambda pair: pair[0])  # of equals the first: day before month
    return how if most else "iso"


def _reads(value: str, how: str) -> bool:
    try:
        return bool(_iso(value) if how == "iso" else dt.datetime.strptime(value, how))
    except ValueError:
        return False


def read_day(text: str, how: str, zone: ZoneInfo) -> dt.date | None:
    """Return the day that a text names; None where it names none. An instant's day is that of `zone`.

    >>> read_day("31.01.2024", "%d.%m.%Y", ZoneInfo("UTC")), read_day("soon", "iso", ZoneInfo("UTC"))
    (datetime.date(2024, 1, 31), None)
    >>> read_day("2024-01-31T23:30:00Z", "iso", ZoneInfo("Europe/Berlin"))
    datetime.date(2024, 2, 1)
    """
    at = read_time(text, how, zone)
    return at.date() if at else None


def read_time(text: str, how: str, zone: ZoneInfo) -> dt.datetime | None:
    """Return the moment that a text names, in `zone`; a day alone is its first moment; None where it names none.

    >>> read_time("2024-01-31T23:30:00Z", "iso", ZoneInfo("Europe/Berlin")).isoformat()
    '2024-02-01T00:30:00+01:00'
    """
    plain = text.strip().removesuffix("UTC").strip()
    try:
        if how in _EPOCHS:
            return dt.datetime.fromtimestamp(float(plain) / _EPOCHS[how], zone)
        return _in_zone(_iso(plain) if how == "iso" else dt.datetime.strptime(plain, how), zone)
    except (ValueError, OverflowError, OSError):
        return _fallback(plain, zone)


def _iso(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(text)


def _in_zone(at: dt.datetime, zone: ZoneInfo) -> dt.datetime:
    return at.astimezone(zone) if at.tzinfo else at.replace(tzinfo=zone)


def _fallback(text: str, zone: ZoneInfo) -> dt.datetime | None:
    """Read a time that is written unlike the others, where it can mean only one."""
    for read in (_iso, parsedate_to_datetime):
        try:
            return _in_zone(read(text), zone)
        except (ValueError, TypeError, IndexError, OverflowError):
            continue
    return None


def row_digest(row: FileRow) -> str:
    """Return a hash of the whole row as it came, mapped or not."""
    return hashlib.sha256(row.raw.encode("utf-8", "replace")).hexdigest()[:32]


def row_key(row: FileRow, seen: Counter[str]) -> str:
    """Return the identity of a row that has no id: its hash and its place among identical rows of the file."""
    digest = row_digest(row)
    seen[digest] += 1
    return f"row-{digest}-{seen[digest]}"
