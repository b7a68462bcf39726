"""Differences between two shares: interval, test, correction for many tests, and the check on a hold-out; pure."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from insights.questions.rates import wilson_interval

LEAST = 20  # in each half, who did an event and who did not
ALPHA = 0.05


@dataclass(frozen=True)
class Counts:
    """Who did an event and who did not, and how many of each did what is later asked for."""

    did: int
    did_later: int
    others: int
    others_later: int

    @property
    def is_enough(self) -> bool:
        """Say whether there are enough on both sides to compare."""
        return min(self.did, self.others) >= LEAST

    @property
    def effect(self) -> float:
        """Return the difference of the two shares."""
        return self.did_later / self.did - self.others_later / self.others


def difference_interval(counts: Counts) -> tuple[float, float]:
    """Return the 95 % interval of the difference of two shares by Newcombe's method, from two Wilson intervals.

    Source: Newcombe (1998), Statistics in Medicine 17, 873-890, method 10.
    >>> tuple(round(end, 4) for end in difference_interval(Counts(70, 56, 80, 48)))
    (0.0524, 0.3339)
    """
    first, second = counts.did_later / counts.did, counts.others_later / counts.others
    low1, high1 = wilson_interval(counts.did_later, counts.did)
    low2, high2 = wilson_interval(counts.others_later, counts.others)
    low = first - second - math.hypot(first - low1, high2 - second)
    return low, first - second + math.hypot(high1 - first, second - low2)


def p_value(counts: Counts) -> float:
    """Return the two-sided p of the pooled z-test that both shares are equal; 1 where all or none did it later."""
    n, later = counts.did + counts.others, counts.did_later + counts.others_later
    if later in (0, n):
        return 1.0
    share = later / n
    spread = math.sqrt(share * (1 - share) * (1 / counts.did + 1 / counts.others))
    return math.erfc(abs(counts.effect) / spread / math.sqrt(2))


def false_discovery(p_values: Sequence[float]) -> list[float]:
    """Return each p-value corrected for all of them, after Benjamini and Hochberg.

    Source: Benjamini & Hochberg (1995), J. R. Stat. Soc. B 57, 289-300.
    >>> false_discovery([0.01, 0.04, 0.03])
    [0.03, 0.04, 0.04]
    """
    n, least = len(p_values), 1.0
    found = [0.0] * n
    for rank, place in reversed(list(enumerate(sorted(range(n), key=lambda place: p_values[place]), 1))):
        least = min(least, p_values[place] * n / rank)
        found[place] = least
    return found


def does_hold(q: float, first: Counts, second: Counts) -> bool:
    """Say whether a difference found in one half, corrected for many, is there again in the other."""
    is_found = q <= ALPHA and first.effect != 0
    return is_found and first.effect * second.effect > 0 and p_value(second) <= ALPHA
