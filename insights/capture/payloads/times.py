"""When an item happened: its time as sent, read in the source's zone, corrected for a sender's wrong clock."""

import re
from datetime import UTC, datetime, timedelta, tzinfo
from typing import Any

from insights.capture.contracts import MAX_AHEAD, Header, Rules, UnfitItem

# Between clocks that agree this well the difference is the way of the request, and the time as sent is kept as it is.
AGREEING = timedelta(seconds=60)
_LOOSE = re.compile(
    r"(\d{4})-(\d{1,2})-(\d{1,2})(?:[T ](\d{1,2}):(\d{1,2})(?::(\d{1,2})(?:[.,](\d{1,9}))?)?)?"
    r"\s*(Z|[+-]\d{2}:?\d{2})?$",
    re.IGNORECASE,
)


def _read_text(text: str) -> datetime:
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        # Some clients leave out leading zeros: 2015-2-02T00:30:08.276Z.
        match = _LOOSE.match(text)
        if match is None:
            raise
        year, month, day, hour, minute, second, fraction, zone = match.groups()
        digits = f"{(fraction or '0')[:6]:0<6}"
        offset = "+00:00" if zone in {"Z", "z"} else zone or ""
        return datetime.fromisoformat(
            f"{year}-{month:0>2}-{day:0>2}T{hour or 0:0>2}:{minute or 0:0>2}:{second or 0:0>2}.{digits}{offset}"
        )


def _read_number(number: float) -> datetime:
    size = abs(number)
    divisor = 1 if size < 1e11 else 1e3 if size < 1e14 else 1e6  # seconds, milliseconds, microseconds
    return datetime.fromtimestamp(0, UTC) + timedelta(seconds=number / divisor)


def read_time(value: Any, zone: tzinfo) -> datetime:
    """Return a time as sent, in UTC: ISO 8601 text, or seconds, milliseconds or microseconds since 1970.

    A time without a zone is local to `zone`: a repeated hour is the first one, a missing one moves forward.
    Raises: UnfitItem("bad_time").
    >>> read_time("2015-2-02T00:30:08.276Z", UTC).isoformat()
    '2015-02-02T00:30:08.276000+00:00'
    """
    try:
        if isinstance(value, str):
            found = _read_text(value.strip())
        elif isinstance(value, (int, float)) and not isinstance(value, bool):
            found = _read_number(value)
        else:
            raise ValueError
        if found.tzinfo is None:
            found = found.replace(tzinfo=zone)
        return found.astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise UnfitItem("bad_time", f"The time {str(value)[:60]!r} is not readable. Use ISO 8601.") from error


def correct_time(at: datetime, sent_at: datetime | None, received_at: datetime) -> datetime:
    """Return an event's time by our clock: received_at - (sent_at - at), as both vendors define it.

    Without `sent_at`, or where the clocks agree within a minute, it is the time as sent.
    """
    if sent_at is None or abs(received_at - sent_at) <= AGREEING:
        return at
    try:
        return received_at - (sent_at - at)
    except OverflowError as error:
        raise UnfitItem("bad_time", "The time and the time of sending lie too far apart.") from error


def event_time(value: Any, header: Header, rules: Rules) -> datetime:
    """Return when an item happened, from its time as sent; without one, when it was received.

    Raises: UnfitItem — bad_time, time_in_future (more than 23 hours), time_too_early (before the source's first day).
    """
    if value is None or value == "":
        return rules.received_at
    at = read_time(value, rules.zone)
    if header.is_skew_corrected and header.sent_at not in (None, ""):
        try:
            sent_at = read_time(header.sent_at, UTC)
        except UnfitItem:  # an unreadable time of sending corrects nothing
            sent_at = None
        at = correct_time(at, sent_at, rules.received_at)
    return check_time(at, rules)


def check_time(at: datetime, rules: Rules) -> datetime:
    """Return the time if the source may hold it."""
    if at - rules.received_at > MAX_AHEAD:
        raise UnfitItem("time_in_future", "The time lies more than 23 hours in the future.", at)
    if at.date() < rules.earliest_on:
        raise UnfitItem("time_too_early", f"The time lies before {rules.earliest_on}, the source's earliest day.", at)
    return at
