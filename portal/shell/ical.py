"""Calendar files as RFC 5545 has them: lines of 75 bytes, texts escaped, times in UTC; knows no database."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

_LONGEST = 75  # bytes of a line, its end not among them
_NAME = "-//Product Ops Portal//{}//EN"


@dataclass(frozen=True)
class CalendarEntry:
    """One entry of a calendar. `starts_at` is aware; without it the entry takes the whole of `on`.

    `uid` stays the same for ever; `sequence` rises with each change; a cancelled one goes from the calendar.
    """

    uid: str
    on: dt.date
    summary: str
    changed_at: dt.datetime
    starts_at: dt.datetime | None = None
    minutes: int = 30
    description: str = ""
    url: str = ""
    sequence: int = 0
    is_cancelled: bool = False


def escape(text: str) -> str:
    r"""Return a text as a value: no character of it can end the value or begin another.

    >>> escape("Ann; Bob, Cy\nDay \\ night")
    'Ann\\; Bob\\, Cy\\nDay \\\\ night'
    """
    plain = text.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,")
    lines = plain.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    return "\\n".join("".join(letter for letter in line if letter >= " " or letter == "\t") for line in lines)


def fold(line: str) -> str:
    """Return a line in pieces of at most 75 bytes, each further one behind a space; no letter is cut in two."""
    pieces, size = [""], 0
    for letter in line:
        n_bytes = len(letter.encode())
        if size + n_bytes > _LONGEST:
            pieces.append(" ")
            size = 1
        pieces[-1] += letter
        size += n_bytes
    return "\r\n".join(pieces)


def _utc(moment: dt.datetime) -> str:
    return moment.astimezone(dt.UTC).strftime("%Y%m%dT%H%M%SZ")


def _lines_of(entry: CalendarEntry) -> Iterable[str]:
    yield "BEGIN:VEVENT"
    yield f"UID:{escape(entry.uid)}"
    yield f"DTSTAMP:{_utc(entry.changed_at)}"
    yield f"LAST-MODIFIED:{_utc(entry.changed_at)}"
    yield f"SEQUENCE:{entry.sequence}"
    if entry.starts_at is not None:
        yield f"DTSTART:{_utc(entry.starts_at)}"
        yield f"DTEND:{_utc(entry.starts_at + dt.timedelta(minutes=entry.minutes))}"
    else:
        yield f"DTSTART;VALUE=DATE:{entry.on:%Y%m%d}"
        yield f"DTEND;VALUE=DATE:{entry.on + dt.timedelta(days=1):%Y%m%d}"
        yield "TRANSP:TRANSPARENT"
    yield f"SUMMARY:{escape(entry.summary)}"
    if entry.description:
        yield f"DESCRIPTION:{escape(entry.description)}"
    if entry.url:
        yield f"URL:{entry.url}"
    yield f"STATUS:{'CANCELLED' if entry.is_cancelled else 'CONFIRMED'}"
    yield "END:VEVENT"


def write_calendar(entries: Iterable[CalendarEntry], *, name: str = "", of: str = "Calls") -> str:
    r"""Return a calendar file; `of` says in its head what its entries are.

    >>> at = dt.datetime(2024, 1, 1, tzinfo=dt.UTC)
    >>> text = write_calendar([CalendarEntry("1@portal", dt.date(2024, 1, 2), "Call", at)])
    >>> [line for line in text.split("\r\n") if line.startswith("DTSTART")]
    ['DTSTART;VALUE=DATE:20240102']
    """
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", f"PRODID:{_NAME.format(of)}", "CALSCALE:GREGORIAN", "METHOD:PUBLISH"]
    if name:
        lines += [f"X-WR-CALNAME:{escape(name)}", "REFRESH-INTERVAL;VALUE=DURATION:PT1H", "X-PUBLISHED-TTL:PT1H"]
    for entry in entries:
        lines += _lines_of(entry)
    return "\r\n".join(fold(line) for line in (*lines, "END:VCALENDAR")) + "\r\n"
