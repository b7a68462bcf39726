"""How good a team's bets were, and how sure to be next time. Pure."""

from collections.abc import Sequence
from statistics import mean

from roadmaps.outcomes.contracts import Calibration, Judged

FEWEST = 5
_PRIOR = 4  # bets' worth of what the team said, beside what came of it


def calibrate(bets: Sequence[Judged]) -> Calibration:
    """Return how good bets were.

    Brier (1950), Monthly Weather Review 78, 1-3. The next confidence is the share that paid off, drawn a little to how
    sure the team was (as if four more bets had come out as said), and kept within 5 to 95 %.
    >>> found = calibrate([Judged(0.8, 2, 6, 3)] * 3 + [Judged(0.8, 2, 6, 1)] * 3)
    >>> found.n_paid_off, round(found.brier, 2), round(found.reached, 2), round(found.suggested, 2)
    (3, 0.34, 0.5, 0.62)
    """
    if not bets:
        return Calibration(0)
    n, n_paid_off = len(bets), sum(one.paid_off for one in bets)
    sure = mean(one.confidence for one in bets)
    reached = [one.measured / middle for one in bets if (middle := (one.low + one.high) / 2) > 0]
    suggested = (n_paid_off + _PRIOR * sure) / (n + _PRIOR)
    return Calibration(
        n=n,
        n_paid_off=n_paid_off,
        n_within=sum(one.is_within for one in bets),
        sure=sure,
        brier=mean((one.confidence - one.paid_off) ** 2 for one in bets),
        reached=mean(reached) if reached else None,
        suggested=min(0.95, max(0.05, suggested)) if n >= FEWEST else None,
    )
