"""The change of a metric from one period to an earlier one. Pure; decision 0016 says why so."""

from collections.abc import Sequence
from datetime import date

from insights.metrics.contracts import COUNTS, Change, Point
from insights.questions.differences import TOO_FEW, Likely, earlier_changes, of_counts, of_rates, of_values

# A day stands beside the same day of the week before: from Saturday to Sunday says nothing.
_STEP_BACK = {"day": 7}


def step_back(interval: str) -> int:
    """Return how many periods before a period is the one that it is compared with: 7 for days, else 1."""
    return _STEP_BACK.get(interval, 1)


def change_at(points: Sequence[Point], place: int, *, interval: str, measure: str) -> Change | None:
    """Return the change of the period at a place of `points`, which follow one another; None without a period before.

    measure — as `Definition.measure` says it; it decides the interval's method.
    """
    step = step_back(interval)
    if not step <= place < len(points):
        return None
    after, before = points[place], points[place - step]
    if after.value is None or before.value is None:
        why = TOO_FEW if measure == "rate" else "no value in one of the two periods"
        return Change(after.starts_on, before.starts_on, after.value, before.value, None, why_none=why)
    amount = after.value - before.value
    relative = None if measure == "rate" or not before.value else amount / abs(before.value)
    likely = vars(_likely(points, place, step, measure))
    return Change(after.starts_on, before.starts_on, after.value, before.value, amount, relative, **likely)


def _likely(points: Sequence[Point], place: int, step: int, measure: str) -> Likely:
    after, before = points[place], points[place - step]
    if measure == "rate":
        return of_rates(*((one.n_success or 0, one.n_total or 0) for one in (after, before)))
    pairs = earlier_changes([None if point.is_partial else point.value for point in points[:place]], step)
    ask = of_counts if measure in COUNTS else of_values
    return ask(float(after.value or 0), float(before.value or 0), pairs)


def newest_change(points: Sequence[Point], *, interval: str, measure: str) -> Change | None:
    """Return the change of the newest period that is over; None without one, or without a period to compare with."""
    places = [place for place, point in enumerate(points) if not point.is_partial]
    return change_at(points, places[-1], interval=interval, measure=measure) if places else None


def change_between(points: Sequence[Point], after_on: date, *, interval: str, measure: str) -> Change | None:
    """Return the change of the period that begins on a day."""
    places = [place for place, point in enumerate(points) if point.starts_on == after_on]
    return change_at(points, places[0], interval=interval, measure=measure) if places else None
