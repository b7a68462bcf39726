"""Alerts in sentences: conditions, what was seen, what is watched. Pure."""

from typing import Any

from insights.alerts.contracts import Condition, Replay, Verdict
from insights.explore.charts.words import say_bucket, say_number, say_rate

_SIDES = {"up": "higher", "down": "lower", "either": "higher or lower"}
_MOVES = {"up": "rises", "down": "falls", "either": "moves"}
_BACK = {
    ("day", "previous"): "the day before",
    ("day", "week"): "the same weekday of the week before",
    ("hour", "previous"): "the hour before",
    ("hour", "week"): "the same hour of the week before",
    ("week", "previous"): "the week before",
    ("month", "previous"): "the month before",
}
SENSES = {
    "calm": "only what nobody could overlook",
    "normal": "at most one false alert in 1,200 series and weeks",
    "keen": "smaller things too, with a false alert now and then",
}
INTERVALS = {"hour": "hour", "day": "day", "week": "week", "month": "month"}


def say_value(value: float | None, *, is_rate: bool = False, unit: str = "") -> str:
    """Return a value with its unit.

    >>> say_value(4812, unit="people"), say_value(0.412, is_rate=True)
    ('4,812 people', '41.2 %')
    """
    return say_rate(value) if is_rate else f"{say_number(_tidy(value))} {unit}".strip()


def _tidy(value: float | None) -> float | None:
    return round(value, 4) if value is not None else None


def say_condition(condition: Condition, interval: str = "day", *, is_rate: bool = False, unit: str = "") -> str:
    """Return a condition as the end of a sentence that begins with "Tells when it".

    >>> say_condition(Condition("threshold", side="below", value=100.0), unit="people")
    'is below 100 people'
    >>> say_condition(Condition("change", side="down", percent=20.0, against="week", least=10.0))
    'falls by more than 20 %, and by 10 at least, against the same weekday of the week before'
    >>> say_condition(Condition("unlike", side="either"))
    'is higher or lower than its own past leads one to expect'
    >>> say_condition(Condition("late", grace_min=30))
    'has no new data 30 minutes after its promise'
    """
    if condition.kind == "threshold":
        return f"is {condition.side} {say_value(condition.value, is_rate=is_rate, unit=unit)}"
    if condition.kind == "change":
        least = f", and by {say_value(condition.least, is_rate=is_rate)} at least," if condition.least else ""
        back = _BACK.get((interval, condition.against), _BACK["day", "previous"])
        return f"{_MOVES[condition.side]} by more than {say_number(condition.percent)} %{least} against {back}"
    if condition.kind == "late":
        after = f"{condition.grace_min} minutes after" if condition.grace_min else "at the time of"
        return f"has no new data {after} its promise"
    sense = "" if condition.sense == "normal" else f" ({condition.sense})"
    return f"is {_SIDES[condition.side]} than its own past leads one to expect{sense}"


def say_seen(title: str, verdict: Verdict, interval: str, *, is_rate: bool = False, unit: str = "") -> str:
    """Return what was seen of one bucket: "People: 12 on Sat, 21 Nov 2026; expected 35 to 61."."""
    value = say_value(verdict.value, is_rate=is_rate, unit=unit)
    sentence = f"{title}: {value}, {say_bucket(verdict.label, interval)}"
    if verdict.band:
        low, high = (say_value(one, is_rate=is_rate) for one in (verdict.band.low, verdict.band.high))
        return f"{sentence}; expected {low} to {high}."
    if verdict.reference is not None:
        reference = say_value(verdict.reference, is_rate=is_rate, unit=unit)
        return f"{sentence}; compared with {reference}."
    return f"{sentence}."


def say_occurrence(occurrence: Any, interval: str) -> str:
    """Return when an occurrence was, and to which side."""
    first, last, side = occurrence
    when = say_bucket(first, interval)
    if last != first:
        when = f"{when} to {say_bucket(last, interval)}"
    return f"{when}, {'high' if side == 'up' else 'low'}" if side else when


def say_times(replay: Replay | int, n_days: int) -> str:
    """Return how often an alert would have fired.

    >>> say_times(0, 90), say_times(1, 90), say_times(3, 90)
    ('It would not have fired in the last 90 days.', 'It would have fired once in the last 90 days.', \
'It would have fired 3 times in the last 90 days.')
    """
    n = replay if isinstance(replay, int) else len(replay.occurrences)
    often = "not have fired" if not n else "have fired once" if n == 1 else f"have fired {n} times"
    return f"It would {often} in the last {n_days} days."
