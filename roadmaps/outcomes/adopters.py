"""What adopting something did to those who did: each beside those who did not, but did as much before. Pure.

Adopters and others are compared who were there in the weeks after the release. Each adopter gets the three others who
are nearest in what they did in the weeks of matching (nearest neighbours with replacement, caliper). Compared is the
change from the weeks just before the release to those after it, so what differs all along falls out. Matching looks at
other weeks than that change, or everybody picked for a quiet week would seem to get livelier (regression to the mean).
The interval is that of Abadie & Imbens (2006), Econometrica 74, 235-267, for the adopters at hand (theorem 7).
"""

from collections.abc import Sequence
from statistics import NormalDist
from typing import TYPE_CHECKING

from roadmaps.outcomes.contracts import Effect, Unit

if TYPE_CHECKING:
    import numpy as np

FEWEST = 20  # on either side
N_MATCHES = 3
CALIPER = 0.5  # standard deviations, in all that is matched together
MOST_APART = 0.1  # standardised difference after matching beyond which the two sides are said not to be alike
Z95 = NormalDist().inv_cdf(0.975)


def measure_adopters(units: Sequence[Unit], *, least: float = 0.0) -> Effect:
    """Return the effect of adopting on what one unit does, with its 95 % interval, or why there is none.

    Parameters: units — who was there before the release and in the weeks in which it could be adopted; least — the
    small end of the bet, in the same unit and signed.
    Returns: value — the mean difference of changes of adopters and their matches, `actual` and `expected` for an
    adopter; facts — n_adopters and n_others as given, n_matched, n_alone (adopters like whom nobody is), n_used (others
    who served as a match), apart (the largest standardised difference left in what was matched).
    """
    import numpy as np

    adopters = [one for one in units if one.is_adopter]
    others = [one for one in units if not one.is_adopter]
    facts: dict[str, float | int | str] = {"n_adopters": len(adopters), "n_others": len(others)}
    if min(len(adopters), len(others)) < FEWEST:
        why = f"{len(adopters):,} adopted it and {len(others):,} did not: that needs {FEWEST} on either side."
        return Effect(why_none=why, facts=facts)
    told, told_others = _told_apart(adopters, others)
    near, distance = _nearest(told, told_others)
    is_matched = distance[:, -1] <= CALIPER
    facts |= {"n_matched": int(is_matched.sum()), "n_alone": int((~is_matched).sum())}
    if is_matched.sum() < FEWEST:
        why = f"Only {is_matched.sum():,} of {len(adopters):,} adopters are like {N_MATCHES} who did not adopt it."
        return Effect(why_none=why, facts=facts)
    near = near[is_matched]
    change, change_others = _changes(adopters)[is_matched], _changes(others)
    differences = change - change_others[near].mean(axis=1)
    value = float(differences.mean())
    error = _standard_error(differences, near, change_others, told_others)
    facts |= {
        "n_used": len(np.unique(near)),
        "apart": round(float(np.abs(told[is_matched].mean(axis=0) - told_others[near].mean(axis=(0, 1))).max()), 3),
    }
    actual = float(np.array([one.after for one in adopters])[is_matched].mean())
    reaches = _chance(value, error, least)
    return Effect(value, value - Z95 * error, value + Z95 * error, actual, actual - value, reaches, facts=facts)


def _chance(value: float, error: float, least: float) -> float:
    if error == 0:
        return float(value >= least if least >= 0 else value <= least)
    above = 1 - NormalDist(value, error).cdf(least)
    return above if least >= 0 else 1 - above


def _changes(units: Sequence[Unit]) -> "np.ndarray":
    import numpy as np

    return np.array([one.after - one.before for one in units], float)


def _told_apart(adopters: Sequence[Unit], others: Sequence[Unit]) -> tuple["np.ndarray", "np.ndarray"]:
    """Return what units are matched by, in standard deviations of all: roots, so that large counts weigh less."""
    import numpy as np

    both = [np.sqrt([[one.earlier, one.busy] for one in side]) for side in (adopters, others)]
    spread = np.vstack(both).std(axis=0)
    spread[spread == 0] = 1.0
    return both[0] / spread, both[1] / spread


def _nearest(told: "np.ndarray", told_others: "np.ndarray") -> tuple["np.ndarray", "np.ndarray"]:
    """Return the places of the nearest others of each adopter and how far they are, the nearest first."""
    from scipy.spatial import cKDTree

    distance, near = cKDTree(told_others).query(told, k=N_MATCHES)
    return near, distance


def _standard_error(
    differences: "np.ndarray", near: "np.ndarray", change_others: "np.ndarray", told_others: "np.ndarray"
) -> float:
    """Return the standard error of the mean difference: others who serve often make it larger."""
    import numpy as np
    from scipy.spatial import cKDTree

    times = np.bincount(near.ravel(), minlength=len(told_others))
    used = np.flatnonzero(times)
    _, alike = cKDTree(told_others).query(told_others[used], k=N_MATCHES + 1)
    groups = change_others[alike]
    noise = groups.var(axis=1, ddof=1)
    served = times[used]
    extra = (served * (served - 1) / N_MATCHES**2 * noise).sum()
    return float(np.sqrt((((differences - differences.mean()) ** 2).sum() + extra) / len(differences) ** 2))
