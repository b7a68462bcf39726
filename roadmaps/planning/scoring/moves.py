"""Why an order moved from one day to another: each thing's own inputs, or others that passed it; pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from roadmaps.planning.scoring.contracts import Definition, Input
from roadmaps.planning.scoring.formulas import value_of


@dataclass(frozen=True)
class Kept:
    """A score as it was on a day: what it counted with (confidence as capped) and what came out."""

    key: int
    score: float
    values: dict[str, float]


@dataclass(frozen=True)
class Cause:
    """One input that changed, and what that alone did to the score."""

    input: Input
    before: float
    after: float
    effect: float | None


@dataclass(frozen=True)
class Move:
    """From which rank to which; None where it was not in the order. `passed_by` are those that went past it."""

    key: int
    rank_before: int | None
    rank_after: int | None
    score_before: float | None
    score_after: float | None
    causes: tuple[Cause, ...]
    passed_by: tuple[int, ...] = ()

    @property
    def is_up(self) -> bool:
        """Say whether it rose."""
        return self.rank_before is None or (self.rank_after is not None and self.rank_after < self.rank_before)


def ranks_of(kept: Sequence[Kept]) -> dict[int, int]:
    """Return ranks by score; equal scores share the better rank.

    >>> ranks_of([Kept(1, 5, {}), Kept(2, 9, {}), Kept(3, 5, {})])
    {2: 1, 1: 2, 3: 2}
    """
    ranks: dict[int, int] = {}
    last, rank = None, 0
    for place, one in enumerate(sorted(kept, key=lambda row: -row.score), 1):
        rank = rank if one.score == last else place
        ranks[one.key], last = rank, one.score
    return ranks


def explain_moves(
    definition: Definition, before: Sequence[Kept], after: Sequence[Kept], *, most: int = 20
) -> list[Move]:
    """Return what moved, the largest moves of the first places first, each with its causes."""
    ranks_before, ranks_after = ranks_of(before), ranks_of(after)
    old, new = {one.key: one for one in before}, {one.key: one for one in after}
    places = {
        key: (ranks_before.get(key), ranks_after.get(key), _changed(definition, old.get(key), new.get(key)))
        for key in moved_between(before, after)
    }
    first = sorted(places, key=lambda key: _weight(key, *places[key]), reverse=True)[:most]
    moves = []
    for key in first:
        here, there, changed = places[key]
        causes = _causes(definition, old[key], new[key], changed) if changed else ()
        passed_by = () if causes else _passed(key, ranks_before, ranks_after)
        score_before = old[key].score if key in old else None
        score_after = new[key].score if key in new else None
        moves.append(Move(key, here, there, score_before, score_after, causes, passed_by))
    return moves


def moved_between(before: Sequence[Kept], after: Sequence[Kept]) -> set[int]:
    """Return what has another rank after than before, or none; their values do not matter."""
    here, there = ranks_of(before), ranks_of(after)
    return {key for key in here.keys() | there.keys() if here.get(key) != there.get(key)}


def _weight(key: int, before: int | None, after: int | None, changed: Sequence[Input]) -> tuple[bool, float, int]:
    """Order moves: those with a cause of their own first, and of these what changed most near the top."""
    here, there = before or 10**6, after or 10**6
    return bool(changed), abs(1 / here - 1 / there), -key


def _changed(definition: Definition, old: Kept | None, new: Kept | None) -> list[Input]:
    """Return the inputs that count with another value after than before."""
    if old is None or new is None:
        return []
    pairs = ((asked, old.values.get(asked.key), new.values.get(asked.key)) for asked in definition.inputs)
    return [asked for asked, was, now in pairs if was is not None and now is not None and was != now]


def _causes(definition: Definition, old: Kept, new: Kept, changed: Sequence[Input]) -> tuple[Cause, ...]:
    found, start = [], _score(definition, old.values)
    for asked in changed:
        was, now = old.values[asked.key], new.values[asked.key]
        alone = _score(definition, {**old.values, asked.key: now})
        effect = None if alone is None or start is None else alone - start
        found.append(Cause(asked, was, now, effect))
    return tuple(sorted(found, key=lambda one: -abs(one.effect or 0)))


def _score(definition: Definition, values: Mapping[str, float]) -> float | None:
    if any(one.key not in values for one in definition.inputs):
        return None
    return value_of(definition.formula, values)


def _passed(key: int, before: Mapping[int, int], after: Mapping[int, int]) -> tuple[int, ...]:
    """Return who stood behind it and stands before it now, or left its place: at most three, the best first."""
    here, there = before.get(key), after.get(key)
    if here is None or there is None or there < here:
        return ()
    passed = [one for one, rank in after.items() if rank < there and before.get(one, 10**9) >= here and one != key]
    return tuple(sorted(passed, key=lambda one: after[one])[:3])
