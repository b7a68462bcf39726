"""Numbers, days and measures as people read them."""

from datetime import date, datetime
from typing import Any

MEASURES = {
    "total": "events",
    "persons": "people",
    "weekly_active": "people active in 7 days",
    "monthly_active": "people active in 30 days",
    "first_time": "people for the first time",
    "per_person": "events per person",
    "sum": "sum",
    "avg": "average",
    "min": "smallest",
    "max": "largest",
    "median": "median",
    "p75": "75th percentile",
    "p90": "90th percentile",
    "p95": "95th percentile",
    "p99": "99th percentile",
}
PROPERTY_MEASURES = ("sum", "avg", "min", "max", "median", "p75", "p90", "p95", "p99")
ADDITIVE_MEASURES = ("total", "sum")
INTERVALS = {
    "hour": "hour",
    "day": "day",
    "week": "week",
    "month": "month",
    "quarter": "quarter",
    "year": "year",
    "all": "whole period",
}
OPERATORS = {
    "is": "is",
    "is_not": "is not",
    "contains": "contains",
    "not_contains": "does not contain",
    "matches": "matches (pattern)",
    "gt": "is over",
    "gte": "is at least",
    "lt": "is under",
    "lte": "is at most",
    "between": "is between",
    "is_set": "is set",
    "is_not_set": "is not set",
}
NO_VALUE = "\u2013"


def say_number(value: float | int | None) -> str:
    """Return a number with thousands separators; fractions to three significant digits, or two decimals above 100.

    >>> say_number(12345), say_number(0.12345), say_number(1234.567)
    ('12,345', '0.123', '1,234.57')
    """
    if value is None:
        return NO_VALUE
    if isinstance(value, int) or float(value).is_integer():
        return f"{int(value):,}"
    if abs(value) >= 100:
        return f"{value:,.2f}".rstrip("0").rstrip(".")
    return f"{value:.3g}"


def say_rate(rate: float | None) -> str:
    """Return a rate of 0 to 1 in percent.

    >>> say_rate(0.4123), say_rate(1.0)
    ('41.2 %', '100 %')
    """
    if rate is None:
        return NO_VALUE
    text = f"{rate * 100:.1f}"
    return f"{text.removesuffix('.0')} %"


def say_change(now: float | None, before: float | None) -> str:
    """Return the relative change with its sign, or "" where none can be said.

    >>> say_change(110, 100), say_change(90, 100), say_change(5, 0)
    ('+10 %', '-10 %', '')
    """
    if now is None or not before:
        return ""
    if now == before:
        return "no change"
    change = (now - before) / abs(before) * 100
    return f"{change:+.1f}".removesuffix(".0") + " %"


def say_duration(seconds: float | None) -> str:
    """Return a length of time in its two largest units.

    >>> say_duration(40.2), say_duration(3700), say_duration(200000)
    ('40 s', '1 h 1 min', '2 d 7 h')
    """
    if seconds is None:
        return NO_VALUE
    if seconds < 10:
        return f"{seconds:.3g} s"
    whole = round(seconds)
    parts = [(whole // 86400, "d"), (whole // 3600 % 24, "h"), (whole // 60 % 60, "min"), (whole % 60, "s")]
    while parts and not parts[0][0]:
        parts.pop(0)
    return " ".join(f"{size} {unit}" for size, unit in parts[:2] if size)


def _month_name(day: date) -> str:
    return day.strftime("%b")


def say_day(text: str) -> str:
    """Return an ISO day, or day and time, as "21 Nov 2026"; anything else unchanged.

    >>> say_day("2024-01-01"), say_day("-30d")
    ('1 Jan 2024', '-30d')
    """
    try:
        moment = datetime.fromisoformat(text)
    except (TypeError, ValueError):
        return str(text)
    day = f"{moment.day} {_month_name(moment)} {moment.year}"
    return f"{day}, {moment:%H:%M}" if len(text) > 10 else day


def say_bucket(label: Any, interval: str) -> str:
    """Return a bucket's label in words.

    >>> say_bucket("2024-01-01", "week"), say_bucket("2024-04-01", "quarter"), say_bucket("2024-04-01", "month")
    ('week of 1 Jan 2024', 'Q2 2024', 'Apr 2024')
    """
    text = str(label)
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return text
    if interval == "all":
        return INTERVALS["all"]
    if interval == "week":
        return f"week of {say_day(text[:10])}"
    if interval == "month":
        return f"{_month_name(moment)} {moment.year}"
    if interval == "quarter":
        return f"Q{(moment.month + 2) // 3} {moment.year}"
    if interval == "year":
        return str(moment.year)
    return say_day(text)


def say_unit(question: dict[str, Any], measure: str) -> str:
    """Return what a measure counts: "people", "accounts", "events" …"""
    words = MEASURES.get(measure, measure)
    if question.get("unit") == "account":
        return words.replace("people", "accounts").replace("per person", "per account")
    return words


def say_units(question: dict[str, Any]) -> str:
    """Return the plural of the question's unit."""
    return "accounts" if question.get("unit") == "account" else "people"


def say_breakdown(values: Any) -> str:
    """Return a breakdown's values joined."""
    if isinstance(values, (list, tuple)):
        return " · ".join(str(value) for value in values)
    return str(values)
