"""How much a number changed from one period to another, and how sure that is. Pure; decision 0016 says why so."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

from insights.questions.rates import MIN_N, Z95, wilson_interval

FEWEST_CHANGES = 8  # of a number's own past, before something can be said from them
MOST_CHANGES = 26
FEWEST_COUNTED = 10  # in both periods together
TOO_FEW = "too few to say"
_MEDIAN_OF_CHI2 = 0.4549364231195724  # of one degree of freedom
_MAD_TO_SD = 1.482602218505602  # of a normal distribution
_MEAN_TO_SD = 1.2533141373155001

Pairs = Sequence[tuple[float, float]]  # (after, before) of earlier changes


@dataclass(frozen=True)
class Likely:
    """The 95 % interval of after - before; None without one, then `why_none` says why.

    method — newcombe, poisson, own_past or "". spread — of `poisson`, the factor by which the number's own past varies
    more than chance alone (1 for none), None where the past is too short to say.
    """

    low: float | None = None
    high: float | None = None
    method: str = ""
    spread: float | None = None
    why_none: str = ""


def of_rates(after: tuple[int, int], before: tuple[int, int]) -> Likely:
    """Return the interval of a difference of two rates, each k of n; none with fewer than 5 in either."""
    if min(after[1], before[1]) < MIN_N:
        return Likely(why_none=TOO_FEW)
    return Likely(*newcombe_interval(after, before), method="newcombe")


def of_counts(after: float, before: float, pairs: Pairs) -> Likely:
    """Return the interval of a difference of two counts, wider where earlier changes vary more than chance alone."""
    if after + before < FEWEST_COUNTED:
        return Likely(why_none=TOO_FEW)
    spread = spread_of(pairs)
    return Likely(*poisson_interval(after, before, spread or 1.0), method="poisson", spread=spread)


def of_values(after: float, before: float, pairs: Pairs) -> Likely:
    """Return the interval of a difference of two averages, sums or formulas, by how much they usually change."""
    usual = usual_change(pairs)
    if usual is None:
        return Likely(why_none="too short a past to tell a change from chance")
    if not usual:
        return Likely(why_none="its past is all alike")
    return Likely(after - before - Z95 * usual, after - before + Z95 * usual, method="own_past")


def weight_of(amount: float | None, low: float | None, high: float | None) -> float:
    """Return the size of a change in half widths of its 95 % interval: 1 is the edge of chance, 0 is no interval.

    >>> weight_of(30.0, 10.0, 50.0), weight_of(10.0, -10.0, 30.0)
    (1.5, 0.5)
    """
    if low is None or high is None or not amount:
        return 0.0
    if low > 0 or high < 0 or low == high:
        near = min(abs(low), abs(high))
        return abs(amount) / max(abs(amount) - near, 1e-12)
    beyond = abs((high if amount < 0 else low) - amount)
    return min(abs(amount) / beyond, 0.999) if beyond else 0.0


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


def spread_of(pairs: Pairs) -> float | None:
    """Return how many times a count varies more than chance alone, at least 1; None with too few changes to say.

    The median of d² ÷ (a + b), which chance alone would make 0.455: one outage does not widen every interval after it.
    >>> round(spread_of([(12, 8)] * 8), 3), spread_of([(12, 8)] * 7)
    (1.758, None)
    """
    found = [(after - before) ** 2 / (after + before) for after, before in pairs if after + before > 0]
    return max(1.0, median(found) / _MEDIAN_OF_CHI2) if len(found) >= FEWEST_CHANGES else None


def usual_change(pairs: Pairs) -> float | None:
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


def earlier_changes(values: Sequence[float | None], step: int) -> list[tuple[float, float]]:
    """Return (after, before) of the changes within a series over `step` periods: the newest 26 that have both.

    >>> earlier_changes([1, 2, None, 4, 5], 1)
    [(2, 1), (5, 4)]
    """
    pairs = zip(values[step:], values[: len(values) - step], strict=True) if len(values) > step else ()
    return [(after, before) for after, before in pairs if after is not None and before is not None][-MOST_CHANGES:]
