"""How far several people's blind scores lie apart, and how far two orders agree; pure."""

import statistics
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from roadmaps.planning.scoring.contracts import Input


@dataclass(frozen=True)
class Spread:
    """What people said of one input: the least, the middle and the most, and how far apart that is.

    `share` is 0 where all said the same and 1 where they used the whole scale; where a scale has no end that people
    use, it is the difference as a share of the most.
    """

    input: Input
    n: int
    least: float
    middle: float
    most: float
    share: float

    @property
    def is_wide(self) -> bool:
        """Say whether it is worth talking about: a third of the scale or more."""
        return self.n > 1 and self.share >= 1 / 3


def spread_of(asked: Input, values: Sequence[float]) -> Spread | None:
    """Return how far people's values of one input lie apart; None where nobody said any.

    >>> spread = spread_of(Input("ease", "Ease", least=1, most=10), [2, 5, 8])
    >>> spread.middle, round(spread.share, 3)
    (5.0, 0.667)
    """
    if not values:
        return None
    least, most = min(values), max(values)
    middle = float(statistics.median(values))
    if asked.rungs:
        middle = float(statistics.median_low(values))
        steps = sorted(one.value for one in asked.rungs)
        width = len(steps) - 1
        share = (steps.index(most) - steps.index(least)) / width if width and {least, most} <= set(steps) else 0.0
    elif asked.most - asked.least <= 1_000:
        share = (most - least) / (asked.most - asked.least)
    else:
        share = (most - least) / max(abs(most), abs(least)) if most != least else 0.0
    return Spread(asked, len(values), least, middle, most, min(1.0, share))


def kendall_tau(first: Mapping[int, float], second: Mapping[int, float]) -> float | None:
    """Return Kendall's tau-b of two scores of the same things, -1 to 1; None where one of them puts nothing in order.

    Source: Kendall (1945), Biometrika 33, 239-251.
    """
    from scipy.stats import kendalltau

    keys = sorted(set(first) & set(second))
    one, other = ([scores[key] for key in keys] for scores in (first, second))
    if len(set(one)) < 2 or len(set(other)) < 2:
        return None
    return float(kendalltau(one, other).statistic)
