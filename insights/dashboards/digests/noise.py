"""How large a change is against its own noise; pure formulas on plain numbers.

A weight of 1 is the edge of the 95 % interval: below it, chance alone explains the change.
"""

import math
from collections.abc import Sequence
from statistics import median

from insights.questions.rates import wilson_interval

Z95 = 1.959963984540054
LEAST_COUNT = 5
LEAST_FOR_NEWS = 20  # of so few people a rate is no news, however large its change
LEAST_PAIRS = 6
_MOST_PAIRS = 26
_MAD_TO_SD, _MEAN_TO_SD = 1.4826, 1.2533


def overdispersion(values: Sequence[float | None], lag: int) -> float:
    """Return how much more the series varies from bucket to bucket than independent counts would; 1 or more.

    The mean of (x_i - x_(i-lag))² / (x_i + x_(i-lag)) over its newest pairs, the last bucket left out: 1 for Poisson.
    >>> overdispersion([100, 110, 95, 104, 99, 90, 300], 1) < 2
    True
    """
    pairs = _pairs(values[:-1], lag)
    found = [(now - before) ** 2 / (now + before) for now, before in pairs if now + before > 0]
    return max(1.0, sum(found) / len(found)) if len(found) >= LEAST_PAIRS else 1.0


def _pairs(values: Sequence[float | None], lag: int) -> list[tuple[float, float]]:
    found = zip(values[lag:], values[: len(values) - lag], strict=True)
    return [(now, before) for now, before in found if now is not None and before is not None][-_MOST_PAIRS:]


def count_weight(now: float, before: float, dispersion: float = 1.0) -> float:
    """Return the weight of a change between two counts: |now - before| in half widths of its 95 % interval.

    Poisson-style: the variance of the difference of two counts is their sum, times the series' own overdispersion.
    Under LEAST_COUNT on both sides nothing can be said: 0.
    >>> round(count_weight(130, 100), 2), count_weight(4, 0), round(count_weight(104, 100), 2)
    (1.01, 0.0, 0.14)
    """
    if max(now, before) < LEAST_COUNT:
        return 0.0
    return abs(now - before) / (Z95 * math.sqrt(dispersion * (now + before)))


def rate_weight(k_now: int, n_now: int, k_before: int, n_before: int) -> float:
    """Return the weight of a change between two rates k of n; 0 under LEAST_COUNT, below 1 under LEAST_FOR_NEWS.

    The 95 % interval of the difference from the two Wilson intervals. Source: Newcombe (1998), Stat. Med. 17, 873-890.
    >>> round(rate_weight(60, 100, 40, 100), 2), rate_weight(3, 4, 1, 4), rate_weight(9, 10, 1, 10) < 1
    (1.44, 0.0, True)
    """
    if min(n_now, n_before) < LEAST_COUNT:
        return 0.0
    now, before = k_now / n_now, k_before / n_before
    (low_now, high_now), (low_before, high_before) = wilson_interval(k_now, n_now), wilson_interval(k_before, n_before)
    if now >= before:
        half = math.hypot(now - low_now, high_before - before)
    else:
        half = math.hypot(high_now - now, before - low_before)
    weight = abs(now - before) / half if half else 0.0
    return weight if min(n_now, n_before) >= LEAST_FOR_NEWS else min(weight, 0.99)


def value_weight(values: Sequence[float | None], lag: int) -> float | None:
    """Return the weight of a series' newest change against its own past changes; None with too few of them.

    For averages, quantiles, sums and formulas, which no law of counts describes: the spread is the median absolute
    deviation of the changes before, scaled to a standard deviation.
    >>> value_weight([10, 11, 10, 11, 10, 11, 10, 11, 30], 1) > 3, value_weight([10, 12], 1)
    (True, None)
    """
    changes = [now - before for now, before in _pairs(values[:-1], lag)]
    newest = _pairs(values, lag)[-1:]
    if len(changes) < LEAST_PAIRS or not newest or values[-1] is None:
        return None
    middle = median(changes)
    sizes = [abs(change - middle) for change in changes]
    spread = _MAD_TO_SD * median(sizes) or _MEAN_TO_SD * sum(sizes) / len(sizes)  # the mean where most are equal
    now, before = newest[0]
    if spread == 0:
        return None
    return abs(now - before - middle) / (Z95 * spread)
