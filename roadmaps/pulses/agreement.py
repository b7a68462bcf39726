"""How much people agree: Kendall's W with ties, ratings with spread, and the distance between functions.

All of it is about groups of at least `LEAST` answers. Functions with fewer are taken together; where even together they
are fewer, their answers are in no number at all: else they could be worked out from the whole and its other parts.
"""

from collections.abc import Iterable, Sequence
from dataclasses import asdict
from statistics import fmean, pstdev
from typing import Any

from roadmaps.pulses.contracts import BEST, LEAST, RATINGS, Gap, Given, Parting, Ranked, Rated

_SHUFFLES = 2_000
_SEED = 20_261


def mid_ranks(values: Sequence[float | None]) -> list[float]:
    """Return values as ranks from 1; equal ones share the mean of their places, and missing ones are last together.

    >>> mid_ranks([1, None, 1, 3, None])
    [1.5, 4.5, 1.5, 3.0, 4.5]
    """
    last = float("inf")
    plain = [last if value is None else value for value in values]
    return [sum(one < value for one in plain) + (sum(one == value for one in plain) + 1) / 2 for value in plain]


def kendalls_w(rankings: Sequence[Sequence[float]]) -> float | None:
    """Return how much m people agree on the order of k things: 0 by no means, 1 all rank alike.

    Parameters: rankings — of each person the ranks of all things as `mid_ranks` gives them. Returns: W corrected for
    ties, W = 12 S ÷ (m²(k³ - k) - m Σ(t³ - t)); None with fewer than 2 people or things, or where all tie all things.
    Source: Kendall & Babington Smith (1939), Ann. Math. Stat. 10, 275-287; ties: Siegel & Castellan (1988), 9.7.
    >>> kendalls_w([[1, 2, 3], [1, 3, 2], [2, 1, 3]])
    0.4444444444444444
    """
    m, k = len(rankings), len(rankings[0]) if rankings else 0
    if m < 2 or k < 2:
        return None
    sums = [sum(column) for column in zip(*rankings, strict=True)]
    middle = m * (k + 1) / 2
    s = sum((one - middle) ** 2 for one in sums)
    ties = sum(sum(row.count(rank) ** 2 - 1 for rank in row) for row in map(list, rankings))  # Σ t·(t² - 1) by thing
    most = m * m * (k**3 - k) - m * ties
    return 12 * s / most if most > 0 else None


def part(sizes: dict[str, int]) -> Parting:
    """Return which functions may be shown by how many of each answered, so that no small group can be worked out.

    >>> part({"Product": 7, "Design": 3, "Sales": 2, "Legal": 0})
    Parting(shown=['Product'], small=['Design', 'Sales'], left_out=[])
    >>> part({"Product": 7, "Design": 3})
    Parting(shown=['Product'], small=[], left_out=['Design'])
    """
    shown = [name for name, n in sizes.items() if n >= LEAST]
    few = [name for name, n in sizes.items() if 0 < n < LEAST]
    if sum(sizes[name] for name in few) >= LEAST:
        return Parting(shown, few, [])
    return Parting(shown, [], few)


def rank_group(rankings: Sequence[Sequence[float]]) -> dict[str, Any]:
    """Return how a group ranks the goals."""
    means = [fmean(column) for column in zip(*rankings, strict=True)]
    return asdict(Ranked(len(rankings), kendalls_w(rankings), 1 / len(rankings), means))


def rate_group(values: Sequence[int]) -> dict[str, Any]:
    """Return how a group rates a statement."""
    counts = [values.count(score) for score in range(1, BEST + 1)]
    return asdict(Rated(len(values), fmean(values), pstdev(values), counts))


def _said(answers: Iterable[Given], question: str) -> dict[str, list[Any]]:
    """Return what was answered to one question, by function."""
    found: dict[str, list[Any]] = {}
    for one in answers:
        value: Any = mid_ranks(one.ranks) if question == "ranking" else getattr(one, question)
        if value is not None and value != []:
            found.setdefault(one.function, []).append(value)
    return found


def _sum_up(said: dict[str, list[Any]], names: Sequence[str], build: Any) -> dict[str, Any]:
    """Return one question's numbers: of all, of each function that may be shown, and of the small ones together."""
    parting = part({name: len(said.get(name, [])) for name in names})
    small = [value for name in parting.small for value in said[name]]
    whole = [value for name in parting.shown for value in said[name]] + small
    return {
        "whole": build(whole) if len(whole) >= LEAST else None,
        "groups": [{"name": name, **build(said[name])} for name in parting.shown],
        "small": {"names": parting.small, **build(small)} if small else None,
        "left_out": parting.left_out,
        "n_left_out": sum(len(said[name]) for name in parting.left_out),
    }


def sum_up(answers: Sequence[Given], names: Sequence[str], n_goals: int) -> dict[str, Any]:
    """Return all numbers of a pulse as plain values: by question, between functions, and where they are apart.

    Parameters: answers — in any order, which changes nothing; names — the functions that were asked.
    """
    said = {question: _said(answers, question) for question in ("ranking", *RATINGS)}
    found: dict[str, Any] = {"ranking": _sum_up(said["ranking"], names, rank_group)}
    found |= {name: _sum_up(said[name], names, rate_group) for name in RATINGS}
    groups = found["ranking"]["groups"]
    between = [mid_ranks([round(mean, 9) for mean in group["means"]]) for group in groups]
    w = kendalls_w(between)
    found["between"] = None if w is None else {"n": len(groups), "w": w, "chance": 1 / len(groups)}
    gaps = [_gap("goal", place, found["ranking"], said["ranking"], n_goals - 1) for place in range(n_goals)]
    gaps += [_gap(name, 0, found[name], said[name], BEST - 1) for name in RATINGS]
    found["gaps"] = [asdict(gap) for gap in sorted((gap for gap in gaps if gap), key=lambda gap: -gap.share)]
    return found


def _gap(about: str, place: int, summed: dict[str, Any], said: dict[str, list[Any]], reach: int) -> Gap | None:
    """Return how far functions are apart about one thing; with fewer than two, how far people are."""
    is_goal = about == "goal"
    names = [group["name"] for group in summed["groups"]]
    values = {name: [one[place] if is_goal else one for one in said[name]] for name in names}
    if len(names) < 2:
        if summed["whole"] is None:
            return None
        small = summed["small"]["names"] if summed["small"] else []
        all_ = [one[place] if is_goal else one for name in (*names, *small) for one in said[name]]
        return Gap(about, place, pstdev(all_) / (reach / 2))
    means = {name: fmean(those) for name, those in values.items()}
    high, low = max(names, key=lambda name: means[name]), min(names, key=lambda name: means[name])
    chance = chance_of_gap(list(values.values()))
    return Gap(about, place, (means[high] - means[low]) / reach, high, low, means[high], means[low], chance)


def chance_of_gap(groups: Sequence[Sequence[float]]) -> float:
    """Return how often groups are as far apart as these when answers are dealt to them by lot.

    A permutation test on the distance of the two farthest means, seeded: 2,000 shuffles, the real one counted along.
    Source: Phipson & Smyth (2010), Stat. Appl. Genet. Mol. Biol. 9, 39.
    """
    import numpy as np

    values = np.array([value for group in groups for value in group], dtype=float)
    ends = np.cumsum([len(group) for group in groups])
    starts = np.concatenate([[0], ends[:-1]])
    shuffled = np.random.default_rng(_SEED).permuted(np.tile(values, (_SHUFFLES, 1)), axis=1)
    means = np.add.reduceat(shuffled, starts, axis=1) / (ends - starts)
    real = np.add.reduceat(values, starts) / (ends - starts)
    far = np.ptp(means, axis=1) >= np.ptp(real) - 1e-9
    return float((1 + far.sum()) / (1 + _SHUFFLES))
