"""How sure an order is: ranks when every range is drawn from, many times, with a seed; pure.

A range is drawn from a triangle over low, likely and high; an input of steps takes low, likely and high with 25, 50 and
25 in 100. Inputs are drawn independently of each other. Equal scores share the better rank.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from roadmaps.planning.scoring.contracts import Definition, Given, Sheet
from roadmaps.planning.scoring.formulas import values_of
from roadmaps.planning.scoring.working import capped

N_TRIALS = 4_000
SEED = 20_221_122
MOST_ROWS = 300
_SHARES = (0.25, 0.75)  # of low, and of low and likely together, for inputs of steps


@dataclass(frozen=True)
class Standing:
    """How sure a place is: the chance to be among the first n, and between which ranks 80 of 100 trials put it."""

    key: int
    top_rate: float
    rank_from: int
    rank_to: int


def simulate(
    definition: Definition, sheets: Sequence[Sheet], *, n_top: int, n_trials: int = N_TRIALS, seed: int = SEED
) -> dict[int, Standing]:
    """Return how sure each place is, by key, of sheets that have a score; others are left out.

    What waits for a sheet counts for it only where it is among the sheets. Source of the triangle: three-point
    estimates as in PERT, without the assumption of a shape beyond them.
    """
    import numpy as np

    complete = [one for one in sheets if all(asked.key in one.given for asked in definition.inputs)]
    if not complete or n_top < 1:
        return {}
    scores = _draw(definition, complete, n_trials, np.random.default_rng(seed))
    if definition.counts_unblocked:
        scores = _add_unblocked(scores, complete)
    known = ~np.isnan(scores).all(axis=0)
    complete = [one for one, is_known in zip(complete, known, strict=True) if is_known]
    scores = np.nan_to_num(scores[:, known], nan=-np.inf)
    if not complete:
        return {}
    ranks = _ranks(scores)
    low, high = np.percentile(ranks, [10, 90], axis=0, method="nearest")
    top = (ranks <= n_top).mean(axis=0)
    return {
        one.key: Standing(one.key, round(float(top[place]), 4), int(low[place]), int(high[place]))
        for place, one in enumerate(complete)
    }


def _draw(definition: Definition, sheets: Sequence[Sheet], n_trials: int, rng: Any) -> Any:
    """Return scores, a row a trial and a column a sheet."""
    import numpy as np

    drawn: dict[str, Any] = {}
    for asked in definition.inputs:
        given = [one.given[asked.key] for one in sheets]
        if asked.role == "confidence":
            most = [capped(definition, one.given)[asked.key] for one in sheets]
            drawn[asked.key] = np.minimum([one.likely for one in given], most)[None, :]
            continue
        values = np.array([one.likely for one in given], dtype=float)[None, :]
        places = [place for place, one in enumerate(given) if one.is_range]
        if places:
            values = np.repeat(values, n_trials, axis=0)
            ranges = [given[place] for place in places]
            values[:, places] = _steps(ranges, n_trials, rng) if asked.rungs else _triangles(ranges, n_trials, rng)
        drawn[asked.key] = values
    scores = values_of(definition.formula, drawn)
    return np.broadcast_to(scores, (n_trials, len(sheets)))


def _triangles(ranges: Sequence[Given], n_trials: int, rng: Any) -> Any:
    low, high = ([one.ends[end] for one in ranges] for end in (0, 1))
    return rng.triangular(low, [one.likely for one in ranges], high, size=(n_trials, len(ranges)))


def _steps(ranges: Sequence[Given], n_trials: int, rng: Any) -> Any:
    import numpy as np

    chance = rng.random((n_trials, len(ranges)))
    low, high = (np.array([one.ends[end] for one in ranges]) for end in (0, 1))
    likely = np.array([one.likely for one in ranges])
    return np.where(chance < _SHARES[0], low, np.where(chance < _SHARES[1], likely, high))


def _add_unblocked(scores: Any, sheets: Sequence[Sheet]) -> Any:
    import numpy as np

    place_of = {one.key: place for place, one in enumerate(sheets)}
    total = scores.copy()
    known = np.nan_to_num(scores, nan=0.0)
    for place, one in enumerate(sheets):
        waiting = [place_of[key] for key in set(one.unblocks) - {one.key} if key in place_of]
        if waiting:
            total[:, place] += known[:, waiting].sum(axis=1)
    return total


def _ranks(scores: Any) -> Any:
    """Return the ranks of each trial: 1 + how many are larger."""
    import numpy as np

    order = np.argsort(-scores, axis=1, kind="stable")
    ordered = np.take_along_axis(scores, order, axis=1)
    places = np.broadcast_to(np.arange(1, scores.shape[1] + 1, dtype=np.int32), scores.shape)
    is_new = np.ones(scores.shape, dtype=bool)
    is_new[:, 1:] = ordered[:, 1:] < ordered[:, :-1]
    shared = np.maximum.accumulate(np.where(is_new, places, 0), axis=1)
    ranks = np.empty_like(shared)
    np.put_along_axis(ranks, order, shared, axis=1)
    return ranks
