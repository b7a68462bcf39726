"""Where a number is heading, and how usual a move is: from its own past alone. Pure.

Forecast: the Theta method (Assimakopoulos & Nikolopoulos 2000), which is simple exponential smoothing with half the
slope of the least-squares line as its drift (Hyndman & Billah 2003). With the smoothing weight w, h periods ahead of n
values the forecast is level + slope/2 · (h - 1 + 1/w - (1-w)^n/w) and its variance e · (1 + (h-1) · w²), e being the
mean squared error of its forecasts one period ahead. w is the one of 0.05, 0.10 … 1.00 that erred least on the past.
"""

import math
from collections.abc import Sequence
from datetime import date, timedelta
from statistics import NormalDist

from roadmaps.goals.contracts import Measured, Outlook, PastMoves, is_reached

FEWEST_POINTS = 8
Z_OF_80 = NormalDist().inv_cdf(0.9)
_WEEK = 7
_WEIGHTS = [step / 20 for step in range(1, 21)]
_MONTHS = {"month": 1, "quarter": 3, "year": 12}


def by_week(points: Sequence[Measured]) -> list[Measured]:
    """Return the means of whole weeks, the last of which ends with the newest day: days of a week differ."""
    known = {point.on: point.value for point in points}
    if not known:
        return []
    found, end, first = [], max(known), min(known)
    while end - timedelta(days=_WEEK - 1) >= first:
        values = [known[day] for step in range(_WEEK) if (day := end - timedelta(days=step)) in known]
        if len(values) == _WEEK:
            found.append(Measured(end, sum(values) / _WEEK))
        end -= timedelta(days=_WEEK)
    return found[::-1]


def periods_between(since: date, until: date, interval: str) -> int:
    """Return how many whole periods lie after a day that ends one, up to another day; days count in weeks."""
    if interval in ("day", "week"):
        return max(0, (until - since).days // _WEEK)
    after = until + timedelta(days=1)
    months = 12 * (after.year - since.year) + after.month - since.month - 1
    return max(0, months // _MONTHS[interval])


def forecast(
    points: Sequence[Measured], *, interval: str, ends_on: date, target: float, aim: str, is_rate: bool = False
) -> Outlook:
    """Return where a number will be at the end of a cycle, or why that cannot be said.

    points — whole periods, oldest first, none missing a value. The interval never leaves what the number can be: 0 to 1
    for a rate, not below 0 where no value ever was.
    """
    series = by_week(points) if interval == "day" else list(points)
    if len(series) < FEWEST_POINTS:
        noun = "week" if interval == "day" else interval
        return Outlook(n_points=len(series), why_none=f"A forecast needs {FEWEST_POINTS} past {noun}s.")
    values = [point.value for point in series]
    n_ahead = periods_between(series[-1].on, ends_on, interval)
    if n_ahead == 0:
        last = values[-1]
        return Outlook(last, last, last, float(is_reached(last, target, aim)), len(values))
    mean, spread = theta(values, n_ahead)
    floor, ceiling = (0.0, 1.0) if is_rate else (0.0 if min(values) >= 0 else -math.inf, math.inf)
    low, middle, high = (
        min(max(one, floor), ceiling) for one in (mean - Z_OF_80 * spread, mean, mean + Z_OF_80 * spread)
    )
    return Outlook(middle, low, high, _chance(mean, spread, target, aim), len(values), n_ahead)


def _chance(mean: float, spread: float, target: float, aim: str) -> float:
    if spread == 0:
        return float(is_reached(mean, target, aim))
    above = 1 - NormalDist(mean, spread).cdf(target)
    return above if aim == "up" else 1 - above


def theta(values: Sequence[float], n_ahead: int) -> tuple[float, float]:
    """Return the forecast and its standard error, so many periods (1 or more) after the last value."""
    n_values = len(values)
    drift = _slope(values) / 2
    fits = [(_smooth(values, weight, drift), weight) for weight in _WEIGHTS]
    (level, error), weight = min(fits, key=lambda fit: fit[0][1])
    ahead = n_ahead - 1 + (1 - (1 - weight) ** n_values) / weight
    return level + drift * ahead, math.sqrt(error * (1 + (n_ahead - 1) * weight**2))


def _slope(values: Sequence[float]) -> float:
    middle, mean = (len(values) - 1) / 2, sum(values) / len(values)
    above = sum((place - middle) * (value - mean) for place, value in enumerate(values))
    return above / sum((place - middle) ** 2 for place in range(len(values)))


def _smooth(values: Sequence[float], weight: float, drift: float) -> tuple[float, float]:
    """Return the level after the last value, and the mean squared error one period ahead, of two degrees less."""
    level, squares = values[0], 0.0
    for place, value in enumerate(values[1:], start=1):
        expected = level + drift * (1 - (1 - weight) ** place) / weight
        squares += (value - expected) ** 2
        level += weight * (value - level)
    return level, squares / max(1, len(values) - 3)


def past_moves(
    points: Sequence[Measured], *, interval: str, baseline: float, target: float, n_periods: int, is_rate: bool
) -> PastMoves:
    """Return how often a number went as far as from baseline to target within so many periods.

    Rates move by points; other numbers that were above 0 move by their share of where they began, the rest by amounts.
    """
    series = by_week(points) if interval == "day" else list(points)
    values = [point.value for point in series]
    n_windows = len(values) - n_periods
    if n_periods < 1 or n_windows < n_periods:
        noun = "weeks" if interval == "day" else f"{interval}s"
        return PastMoves(n_periods=n_periods, why_none=f"That needs {2 * n_periods} past {noun}; it has {len(values)}.")
    by_share = not is_rate and baseline > 0 and min(values) > 0
    wanted = target / baseline - 1 if by_share else target - baseline
    moves = (
        after / before - 1 if by_share else after - before
        for before, after in zip(values, values[n_periods:], strict=False)
    )
    n_moved = sum(1 for move in moves if (move >= wanted if wanted >= 0 else move <= wanted))
    return PastMoves(n_moved, n_windows, (len(values) - 1) // n_periods, n_periods)
