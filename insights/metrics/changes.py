"""How much a metric changed from one period to another, and how sure that is. Pure; decision 0016 says why so."""

import math
from collections.abc import Sequence
from datetime import date
from statistics import median
from typing import Any

from insights.metrics.contracts import COUNTS, Change, Point
from insights.questions.rates import MIN_N, wilson_interval

Z95 = 1.959963984540054
FEWEST_CHANGES = 8  # of a metric's own past, before something can be said from them
MOST_CHANGES = 26
FEWEST_COUNTED = 10  # in both periods together
_MEDIAN_OF_CHI2 = 0.4549364231195724  # of one degree of freedom
_MAD_TO_SD = 1.482602218505602  # of a normal distribution
_MEAN_TO_SD = 1.2533141373155001
# A day stands beside the same day of the week before: from Saturday to Sunday says nothing.
_STEP_BACK = {"day": 7}


def step_back(interval: str) -> int:
    """Return how many periods before a period is the one that it is compared with: 7 for days, else 1."""
    return _STEP_BACK.get(interval, 1)


def newcombe_interval(after: tuple[int, int], before: tuple[int, int]) -> tuple[float, float]:
    """Return the 95 % interval of a difference of two rates, after - before, in points of 0 to 1.

    Parameters: after, before — (k, n) each, 0 <= k <= n, n > 0. Source: Newcombe (1998), Stat. Med. 17, 873-890,
    method 10: from the two Wilson intervals.
    >>> tuple(round(bound, 4) for bound in newcombe_interval((56, 70), (48, 80)))
    (0.0524, 0.3339)
    """
    rate, (low, high) = after[0] / after[1], wilson_interval(*after)
    rate_before, (low_before, high_before) = before[0] / before[1], wilson_interval(*before)
    difference = rate - rate_before
    return (
        difference - math.hypot(rate - low, high_before - rate_before),
        difference + math.hypot(high - rate, rate_before - low_before),
    )


def poisson_interval(after: float, before: float, spread: float = 1.0) -> tuple[float, float]:
    """Return the 95 % interval of a difference of two counts, after - before.

    Parameters: after, before — counts of at least 0; spread — how many times the variance is that of chance alone, at
    least 1. Source: the normal interval of a difference of Poisson counts; the factor after Wedderburn (1974).
    >>> tuple(round(bound, 1) for bound in poisson_interval(120, 100))
    (-9.1, 49.1)
    """
    half = Z95 * math.sqrt(spread * (after + before))
    return after - before - half, after - before + half


def spread_of(pairs: Sequence[tuple[float, float]]) -> float | None:
    """Return how many times a count varies more than chance alone, at least 1; None with too few changes to say.

    pairs — (after, before) of earlier changes. The median of d² ÷ (a + b), which chance alone would make 0.455: one
    outage does not widen every interval after it.
    >>> round(spread_of([(12, 8)] * 8), 3), spread_of([(12, 8)] * 7)
    (1.758, None)
    """
    found = [(after - before) ** 2 / (after + before) for after, before in pairs if after + before > 0]
    return max(1.0, median(found) / _MEDIAN_OF_CHI2) if len(found) >= FEWEST_CHANGES else None


def usual_change(pairs: Sequence[tuple[float, float]]) -> float | None:
    """Return the standard deviation of earlier changes, after - before, robustly; None with too few to say.

    From the median absolute deviation, or from the mean one where more than half of the changes are alike.

    >>> round(usual_change([(1, 0), (0, 1)] * 4), 3)
    1.483
    """
    found = [after - before for after, before in pairs]
    if len(found) < FEWEST_CHANGES:
        return None
    middle = median(found)
    apart = [abs(one - middle) for one in found]
    return _MAD_TO_SD * median(apart) or _MEAN_TO_SD * sum(apart) / len(apart)


def change_at(points: Sequence[Point], place: int, *, interval: str, measure: str) -> Change | None:
    """Return the change of the period at a place of `points`, which follow one another; None without a period before.

    measure — as `Definition.measure` says it; it decides the interval's method.
    """
    earlier = place - step_back(interval)
    if not 0 <= earlier < place < len(points):
        return None
    after, before = points[place], points[earlier]
    if after.value is None or before.value is None:
        why = "too few to say" if measure == "rate" else "no value in one of the two periods"
        return Change(after.starts_on, before.starts_on, after.value, before.value, None, why_none=why)
    amount = after.value - before.value
    relative = None if measure == "rate" or not before.value else amount / abs(before.value)
    said = _interval(points, place, step_back(interval), measure)
    return Change(after.starts_on, before.starts_on, after.value, before.value, amount, relative, **said)


def _interval(points: Sequence[Point], place: int, step: int, measure: str) -> dict[str, Any]:
    after, before = points[place], points[place - step]
    if measure == "rate":
        n_after, n_before = after.n_total or 0, before.n_total or 0
        if min(n_after, n_before) < MIN_N:
            return {"why_none": "too few to say"}
        low, high = newcombe_interval((after.n_success or 0, n_after), (before.n_success or 0, n_before))
        return {"low": low, "high": high, "method": "newcombe"}
    pairs = _earlier_changes(points, place, step)
    value, value_before = float(after.value or 0), float(before.value or 0)
    if measure in COUNTS:
        if value + value_before < FEWEST_COUNTED:
            return {"why_none": "too few to say"}
        spread = spread_of(pairs)
        low, high = poisson_interval(value, value_before, spread or 1.0)
        return {"low": low, "high": high, "method": "poisson", "spread": spread}
    usual = usual_change(pairs)
    if not usual:
        return {
            "why_none": "too short a past to tell a change from chance" if usual is None else "its past is all alike"
        }
    middle = value - value_before
    return {"low": middle - Z95 * usual, "high": middle + Z95 * usual, "method": "own_past"}


def _earlier_changes(points: Sequence[Point], place: int, step: int) -> list[tuple[float, float]]:
    """Return (after, before) of the changes before a place, newest first, at most 26; what is not over is left out."""
    found = []
    for number in range(place - 1, step - 1, -1):
        after, before = points[number], points[number - step]
        if after.value is not None and before.value is not None and not after.is_partial and not before.is_partial:
            found.append((after.value, before.value))
        if len(found) == MOST_CHANGES:
            break
    return found


def newest_change(points: Sequence[Point], *, interval: str, measure: str) -> Change | None:
    """Return the change of the newest period that is over; None without one, or without a period to compare with."""
    places = [place for place, point in enumerate(points) if not point.is_partial]
    return change_at(points, places[-1], interval=interval, measure=measure) if places else None


def change_between(points: Sequence[Point], after_on: date, *, interval: str, measure: str) -> Change | None:
    """Return the change of the period that begins on a day."""
    places = [place for place, point in enumerate(points) if point.starts_on == after_on]
    return change_at(points, places[0], interval=interval, measure=measure) if places else None


def weight_of(change: Change | None) -> float:
    """Return the size of a change in half widths of its 95 % interval; 0 where it has none.

    >>> from datetime import date
    >>> weight_of(Change(date(2024, 1, 8), date(2024, 1, 1), 130.0, 100.0, 30.0, low=10.0, high=50.0))
    1.5
    """
    if change is None or change.low is None or change.high is None or not change.amount:
        return 0.0
    if change.is_clear or change.low == change.high:
        near = min(abs(change.low), abs(change.high))
        return abs(change.amount) / max(abs(change.amount) - near, 1e-12)
    beyond = abs((change.high if change.amount < 0 else change.low) - change.amount)
    return min(abs(change.amount) / beyond, 0.999) if beyond else 0.0
