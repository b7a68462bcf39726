"""Reading times out of text: formats, epochs, and local times by the offsets of a zone."""

import datetime as dt
import re
from zoneinfo import ZoneInfo

EPOCHS = {"epoch_s": 1_000_000, "epoch_ms": 1_000, "epoch_us": 1}  # → microseconds
NAMED = {
    "iso": "ISO: 2026-11-21 or 2026-11-21T05:12Z",
    "epoch_s": "Seconds since 1970",
    "epoch_ms": "Milliseconds since 1970",
    "epoch_us": "Microseconds since 1970",
}
# Tried in this order when the format is guessed; day first before month first, decided by the values.
PATTERNS = (
    "%Y%m%d",
    "%Y%m%d%H%M%S",
    "%Y/%m/%d",
    "%d.%m.%Y",
    "%d.%m.%Y %H:%M",
    "%d.%m.%Y %H:%M:%S",
    "%d/%m/%Y",
    "%d/%m/%Y %H:%M",
    "%d/%m/%Y %H:%M:%S",
    "%m/%d/%Y",
    "%m/%d/%Y %H:%M",
    "%m/%d/%Y %H:%M:%S",
    "%m/%d/%Y %I:%M %p",
    "%m/%d/%Y %I:%M:%S %p",
    "%m/%d/%y %H:%M",
    "%d/%b/%y %I:%M %p",
    "%d %b %Y",
    "%d %b %Y %H:%M:%S",
    "%b %d, %Y",
    "%a, %d %b %Y %H:%M:%S %z",
    "%d/%b/%Y:%H:%M:%S %z",
    "%a %b %d %H:%M:%S %Y",
)
_EXAMPLE = dt.datetime(2026, 1, 31, 17, 5, 9, tzinfo=dt.UTC)  # a day that is no month
_DIRECTIVE = re.compile(r"%(-?[a-zA-Z%])")
_KNOWN = set("aAdbBmyYHIpMSfgnzjuwUWVGcxX%Z") | {"-d", "-m", "-H", "-I", "-M", "-S", "-j", "-y"}
_ISO = r"^\s*\d{4}-?\d"
_HAS_ZONE = r"(?i)\d\s*(z|utc|gmt|[+-]\d\d(:?\d\d)?)\s*$"


def format_words(name: str) -> str:
    """Return a time format for a person: by name, or how the last day of January would be written.

    >>> format_words("epoch_s"), format_words("%m/%d/%Y %I:%M %p")
    ('Seconds since 1970', '01/31/2026 05:05 PM')
    """
    return NAMED.get(name) or _EXAMPLE.strftime(name)


def format_fault(name: str) -> str:
    """Return why a time format cannot be used, or nothing.

    >>> format_fault("iso"), format_fault("%d.%m.%Y"), format_fault("%Q")
    ('', '', '%Q is no part of a time format.')
    """
    if name in NAMED:
        return ""
    parts = _DIRECTIVE.findall(name)
    unknown = [part for part in parts if part not in _KNOWN]
    if unknown:
        return f"%{unknown[0]} is no part of a time format."
    years = {"Y", "y", "-y", "G", "c", "x"}
    return "" if years & set(parts) else "A time format needs a year, such as %d.%m.%Y."


def offset_steps(zone: ZoneInfo, first: dt.datetime, last: dt.datetime) -> list[tuple[dt.datetime, int]]:
    """Return (local time from which it holds, offset in µs) for reading naive local times as UTC.

    Parameters: zone; first, last — naive local times, first <= last. A repeated local hour is read as the first; one
    that is skipped moves forward (Python's fold=0 does both).
    >>> steps = offset_steps(ZoneInfo("Europe/Berlin"), dt.datetime(2024, 3, 1), dt.datetime(2024, 11, 30))
    >>> [(str(at), us // 3_600_000_000) for at, us in steps]
    [('2024-03-01 00:00:00', 1), ('2024-03-31 03:00:00', 2), ('2024-10-27 03:00:00', 1)]
    """

    def offset(at: dt.datetime) -> int:
        ahead = at.replace(tzinfo=zone, fold=0).utcoffset() or dt.timedelta()
        return int(ahead / dt.timedelta(microseconds=1))

    steps, at, day = [(first, offset(first))], first, dt.timedelta(days=1)
    while at < last:
        following = min(at + day, last)
        if offset(following) != offset(at):
            low, high = at, following  # the change lies in (low, high]
            while high - low > dt.timedelta(microseconds=1):
                middle = low + (high - low) / 2
                low, high = (middle, high) if offset(middle) == offset(at) else (low, middle)
            steps.append((high, offset(high)))
            following = max(following, high)
        at = following
    return steps


def naive_sql(text: str, time_format: str) -> tuple[str, str, dict[str, object]]:
    """Return SQL for (a UTC time, a local time without zone, their parameters); of the two at most one is set."""
    if time_format in EPOCHS:
        number = f"try_cast({text} AS DECIMAL(38, 6))"
        micros = f"try_cast({number} * {EPOCHS[time_format]} AS BIGINT)"
        return f"try(make_timestamp({micros}))", "NULL::TIMESTAMP", {}
    if time_format == "iso":
        is_iso = f"regexp_matches({text}, '{_ISO}')"
        has_zone = f"(length({text}) > 10 AND regexp_matches({text}, '{_HAS_ZONE}'))"
        # Most times are written just so, and for them neither a pattern nor a zone is worked out.
        usual = f"{text} LIKE '____-__-__T__:__:__%Z'"
        utc = f"""CASE WHEN {usual} THEN try_cast({text} AS TIMESTAMP)
            WHEN {is_iso} AND {has_zone} THEN try_cast(upper({text}) AS TIMESTAMPTZ)::TIMESTAMP END"""
        local = f"""CASE WHEN {usual} THEN NULL
            WHEN {is_iso} AND NOT {has_zone} THEN try_cast(trim({text}) AS TIMESTAMP) END"""
        return utc, local, {}
    parsed = f"try_strptime(trim({text}), $time_format)"
    if "%z" in time_format or "%Z" in time_format:
        return f"({parsed})::TIMESTAMP", "NULL::TIMESTAMP", {"time_format": time_format}
    return "NULL::TIMESTAMP", parsed, {"time_format": time_format}


def shift_sql(local: str, steps: list[tuple[dt.datetime, int]]) -> tuple[str, dict[str, object]]:
    """Return SQL that turns a local time into UTC by offset steps, and its parameters."""
    params: dict[str, object] = {}
    cases = []
    for n, (at, offset_us) in enumerate(reversed(steps)):
        params[f"zone_from_{n}"], params[f"zone_us_{n}"] = at, offset_us
        if n < len(steps) - 1:
            cases.append(f"WHEN {local} >= $zone_from_{n} THEN $zone_us_{n}")
        else:
            params.pop(f"zone_from_{n}")
            cases.append(f"ELSE $zone_us_{n}")
    offset = f"CASE {' '.join(cases)} END" if len(cases) > 1 else f"${'zone_us_0'}"
    return f"({local} - to_microseconds(({offset})::BIGINT))", params
