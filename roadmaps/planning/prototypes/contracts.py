"""What tests of a prototype say: success of its tasks and SUS, each with how sure it is; knows no Django."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import fmean, stdev

LEAST = 5  # people: of fewer no rate and no mean is given
SUS_USUAL = 68.0  # the mean of published studies: Sauro (2011), A Practical Guide to the System Usability Scale
SUS_STATEMENTS = (
    "I think that I would like to use this frequently",
    "I found it unnecessarily complex",
    "I thought it was easy to use",
    "I think that I would need support to be able to use it",
    "I found the functions in it well integrated",
    "I thought there was too much inconsistency in it",
    "I would imagine that most people would learn to use it very quickly",
    "I found it very cumbersome to use",
    "I felt very confident using it",
    "I needed to learn a lot of things before I could get going with it",
)
# Student's t, the 97.5 % quantile by degrees of freedom from 1 (scipy.stats.t.ppf(0.975, df)).
_T = (
    *(12.7062, 4.3027, 3.1824, 2.7764, 2.5706, 2.4469, 2.3646, 2.3060, 2.2622, 2.2281),
    *(2.2010, 2.1788, 2.1604, 2.1448, 2.1314, 2.1199, 2.1098, 2.1009, 2.0930, 2.0860),
    *(2.0796, 2.0739, 2.0687, 2.0639, 2.0595, 2.0555, 2.0518, 2.0484, 2.0452, 2.0423),
)


@dataclass(frozen=True)
class SusScore:
    """SUS of a prototype: mean of n people, 0 to 100, with its 95 % interval; None under five people."""

    n: int
    mean: float | None = None
    low: float | None = None
    high: float | None = None


def sus_of(answers: Sequence[int]) -> float:
    """Return the score of one person, 0 to 100, of ten answers from 1 (strongly disagree) to 5 (strongly agree).

    Odd statements are good news, even ones bad: (Σ odd (x - 1) + Σ even (5 - x)) · 2.5. Raises: ValueError otherwise.
    Source: Brooke (1996), SUS: a "quick and dirty" usability scale.
    >>> sus_of([5, 1] * 5), sus_of([3] * 10), sus_of([4, 2, 4, 2, 4, 2, 4, 2, 4, 2])
    (100.0, 50.0, 75.0)
    """
    if len(answers) != 10 or any(not 1 <= one <= 5 for one in answers):
        raise ValueError("SUS takes ten answers from 1 to 5")
    return 2.5 * sum(one - 1 if place % 2 == 0 else 5 - one for place, one in enumerate(answers))


def t_quantile(df: int) -> float:
    """Return the 97.5 % quantile of Student's t; beyond 30 degrees by Fisher's series, right to 0.001."""
    if df <= len(_T):
        return _T[df - 1]
    z = 1.959964
    return z + (z**3 + z) / (4 * df) + (5 * z**5 + 16 * z**3 + 3 * z) / (96 * df * df)


def mean_sus(scores: Sequence[float]) -> SusScore:
    """Return the mean of several people with its 95 % interval, kept within 0 to 100.

    >>> score = mean_sus([70.0, 80.0, 75.0, 85.0, 65.0])
    >>> score.mean, round(score.low, 2), round(score.high, 2)
    (75.0, 65.18, 84.82)
    """
    n = len(scores)
    if n < LEAST:
        return SusScore(n)
    mean, reach = fmean(scores), t_quantile(n - 1) * stdev(scores) / math.sqrt(n)
    return SusScore(n, mean, max(0.0, mean - reach), min(100.0, mean + reach))
