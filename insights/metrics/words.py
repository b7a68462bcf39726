"""Values and changes of metrics as people read them. Pure."""

from typing import Any

from insights.explore.charts.words import MINUS, NO_VALUE, say_bucket, say_number, say_rate
from insights.metrics.contracts import Change

METHODS = {
    "newcombe": "from the difference of two rates (Newcombe)",
    "poisson": "from the difference of two counts (Poisson)",
    "own_past": "from how much it usually changes",
}


def say_value(value: float | None, *, is_rate: bool, unit: str = "") -> str:
    """Return a value with its unit: "4,812 people", "41.2 %"; a dash for none.

    >>> say_value(4812.0, is_rate=False, unit="people"), say_value(0.412, is_rate=True)
    ('4,812 people', '41.2 %')
    """
    if is_rate:
        return say_rate(value)
    said = say_number(value)
    return f"{said} {unit}".strip() if value is not None else said


def say_signed(value: float | None, *, is_rate: bool) -> str:
    """Return a difference with its sign; of rates in points.

    >>> say_signed(312.0, is_rate=False), say_signed(0.024, is_rate=True)
    ('+312', '+2.4 points')
    """
    if value is None:
        return NO_VALUE
    sign = MINUS if value < 0 else "+" if value > 0 else "±"
    if is_rate:
        return f"{sign}{abs(value) * 100:.1f} points"
    return f"{sign}{say_number(abs(value))}"


def say_roughly(value: float | None, *, is_rate: bool) -> str:
    """Return a difference with its sign that is no exact number: three significant digits, whole from 1,000 on.

    >>> say_roughly(471.49, is_rate=False), say_roughly(1195.76, is_rate=False), say_roughly(0.024, is_rate=True)
    ('+471', '+1,196', '+2.4 points')
    """
    if value is None or is_rate:
        return say_signed(value, is_rate=is_rate)
    return say_signed(float(f"{value:.3g}") if abs(value) < 1000 else float(round(value)), is_rate=False)


def say_change(change: Change | None, *, is_rate: bool) -> str:
    """Return a change in short: "+3.1 %" of a number, "+2.4 points" of a rate, the amount where it was 0 before."""
    if change is None or change.amount is None:
        return ""
    if is_rate or change.relative is None:
        return say_signed(change.amount, is_rate=is_rate)
    sign = MINUS if change.relative < 0 else "+" if change.relative > 0 else "±"
    return f"{sign}{abs(change.relative) * 100:.1f} %"


def say_interval(change: Change | None, *, is_rate: bool) -> str:
    """Return the interval of a change, or why there is none: "95 % interval 284 to 340"."""
    if change is None:
        return ""
    if change.low is None or change.high is None:
        return change.why_none
    low, high = say_roughly(change.low, is_rate=is_rate), say_roughly(change.high, is_rate=is_rate)
    return f"95 % interval {low.removesuffix(' points')} to {high}"


def say_period(starts_on: Any, interval: str) -> str:
    """Return a period in words: "week of 6 Jul 2026"."""
    return say_bucket(starts_on.isoformat() if starts_on else "", interval)
