"""Numbers, days and measures as people read them."""

from datetime import datetime
from typing import Any

from insights.questions.words import INTERVAL_WORDS, say_day, say_month
from portal.shell.contracts import say_duration

ADDITIVE_MEASURES = ("total", "sum")
NO_VALUE = "\u2013"
MINUS = "\u2212"


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

    >>> say_change(110, 100), say_change(90, 100) == MINUS + "10 %", say_change(5, 0)
    ('+10 %', True, '')
    """
    if now is None or not before:
        return ""
    if now == before:
        return "no change"
    change = (now - before) / abs(before) * 100
    return f"{change:+.1f}".removesuffix(".0").replace("-", MINUS) + " %"


def say_within(from_s: float, to_s: float) -> str:
    """Return a stretch of time, its end not included.

    >>> say_within(0, 3600), say_within(3600, 7200)
    ('0 to 1 h', '1 h to 2 h')
    """
    return f"{say_duration(from_s) if from_s else '0'} to {say_duration(to_s)}"


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
        return INTERVAL_WORDS["all"]
    if interval == "week":
        return f"week of {say_day(text[:10])}"
    if interval == "month":
        return f"{say_month(moment)} {moment.year}"
    if interval == "quarter":
        return f"Q{(moment.month + 2) // 3} {moment.year}"
    if interval == "year":
        return str(moment.year)
    return say_day(text)


def say_breakdown(values: Any) -> str:
    """Return a breakdown's values joined."""
    if isinstance(values, (list, tuple)):
        return " · ".join(str(value) for value in values)
    return str(values)
