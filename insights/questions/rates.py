"""Rates with their uncertainty."""

import math
from typing import Any

MIN_N = 5
Z95 = 1.959963984540054


def wilson_interval(n_success: int, n_total: int, z: float = Z95) -> tuple[float, float]:
    """Return the Wilson score interval of a proportion.

    Parameters: n_success, n_total — counts, 0 <= n_success <= n_total, n_total > 0; z — quantile, 1.96 for 95 %.
    Returns: low and high, in 0-1. Raises: ValueError for counts out of range.
    Source: Wilson (1927), J. Am. Stat. Assoc. 22, 209-212.
    >>> tuple(round(bound, 3) for bound in wilson_interval(8, 10))
    (0.49, 0.943)
    """
    if not 0 <= n_success <= n_total or n_total == 0:
        raise ValueError(f"{n_success} of {n_total} is no proportion")
    rate = n_success / n_total
    middle = rate + z * z / (2 * n_total)
    spread = z * math.sqrt(rate * (1 - rate) / n_total + z * z / (4 * n_total * n_total))
    scale = 1 + z * z / n_total
    return max(0.0, (middle - spread) / scale), min(1.0, (middle + spread) / scale)


def rate_of(n_success: int, n_total: int) -> dict[str, Any]:
    """Return a rate for an answer: value, 95 % interval, or null with the reason `too_few` under 5.

    >>> rate_of(2, 4)
    {'rate': None, 'low': None, 'high': None, 'reason': 'too_few'}
    """
    if n_total < MIN_N:
        return {"rate": None, "low": None, "high": None, "reason": "too_few"}
    low, high = wilson_interval(n_success, n_total)
    return {"rate": n_success / n_total, "low": low, "high": high, "reason": None}
