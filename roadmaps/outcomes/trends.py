"""Whether a number rises or falls of late, by more than its ups and downs; pure."""

import math
from collections.abc import Sequence

# Of days as many as make whole weeks, of other periods about a season: what is older says little of where it goes.
WINDOW = {"day": 28}
_WINDOW, _FEWEST = 12, 8
# Two-sided, one in a hundred by chance: it is looked at every night.
_CLEAR = 2.576
_STEP = {"day": 7}


def trend_of(values: Sequence[float | None], interval: str) -> int:
    """Return 1 where the last periods' numbers clearly rise, -1 where they clearly fall, else 0.

    values — of whole periods, oldest first; days are compared with the same day of other weeks only. What lies before
    the first that is not 0 is a time before there were data.
    >>> trend_of([5, 6, 6, 7, 9, 8, 10, 11, 12, 13], "week"), trend_of([5, 6, 5, 6, 5, 6, 5, 6], "week")
    (1, 0)
    """
    first = next((place for place, one in enumerate(values) if one), len(values))
    known = list(values)[first:][-WINDOW.get(interval, _WINDOW) :]
    z = kendall_z(known, _STEP.get(interval, 1))
    return 0 if z is None or abs(z) < _CLEAR else int(math.copysign(1, z))


def kendall_z(values: Sequence[float | None], step: int = 1) -> float | None:
    """Return how far numbers rise (fall: below 0) against chance, in standard deviations; None for too few.

    It counts how often a later number is the larger one, so a single outlier says no more than any other number.
    `step` is the length of a season: only numbers of the same place in it are compared. Source: Hirsch, Slack and Smith
    (1982), Water Resources Research 18, 107-121; for step 1 the test of Mann and Kendall, with its correction for ties.
    >>> round(kendall_z([1, 2, 3, 4, 5, 6, 7, 8]), 3)
    3.34
    """
    score, variance, n = 0, 0.0, 0
    for place in range(step):
        season = [one for one in values[place::step] if one is not None]
        n += len(season)
        score += sum(
            (later > earlier) - (later < earlier)
            for number, earlier in enumerate(season)
            for later in season[number + 1 :]
        )
        ties = [season.count(one) for one in set(season)]
        variance += (_spread(len(season)) - sum(map(_spread, ties))) / 18
    if n < _FEWEST or variance <= 0:
        return None
    return math.copysign(max(0, abs(score) - 1), score) / math.sqrt(variance)


def _spread(n: int) -> int:
    return n * (n - 1) * (2 * n + 5)
