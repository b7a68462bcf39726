"""The goal map as plain values: leaves, branches, and what hangs on nothing; knows no Django."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

MOST_SHOWN = 6  # initiatives of one opportunity, and opportunities of one goal, before the rest is a link


@dataclass(frozen=True)
class Leaf:
    """One thing of the map: kind — objective, opportunity, initiative or metric; note — its state in a word."""

    kind: str
    pk: int
    title: str
    note: str = ""


@dataclass(frozen=True)
class Plan:
    """An initiative as the map needs it: the goal that it serves, the opportunities that it would solve."""

    leaf: Leaf
    objective: int | None
    opportunities: tuple[int, ...] = ()


@dataclass
class Branch:
    """An opportunity with the initiatives that would solve it; `leaf` is None for initiatives that say none."""

    leaf: Leaf | None
    initiatives: list[Leaf] = field(default_factory=list)
    n_more: int = 0


@dataclass
class Goal:
    """An objective with what hangs on it; depth — how many objectives lie above it; numbers — its key results."""

    leaf: Leaf
    depth: int
    numbers: list[Any] = field(default_factory=list)
    branches: list[Branch] = field(default_factory=list)
    n_more: int = 0
    is_served: bool = False  # by an initiative, or by an objective that is


@dataclass(frozen=True)
class Loose:
    """What hangs on nothing: each kind in the order of the map.

    unserved — goals that no initiative serves; unmeasured — goals without a key result; aimless — initiatives without a
    goal, past — of one that is closed; baseless — initiatives that solve no opportunity; waiting — opportunities that
    no initiative would solve.
    """

    unserved: list[Leaf]
    unmeasured: list[Leaf]
    aimless: list[Leaf]
    past: list[Leaf]
    baseless: list[Leaf]
    waiting: list[Leaf]


@dataclass(frozen=True)
class Tree:
    """The goals in the order of their tree, and what hangs on nothing."""

    goals: list[Goal]
    loose: Loose


def build_tree(
    objectives: Sequence[tuple[Leaf, int | None]],
    numbers: Mapping[int, Sequence[Any]],
    opportunities: Sequence[Leaf],
    plans: Sequence[Plan],
) -> Tree:
    """Return the map of one product.

    Parameters: objectives — each with the number of the one that it serves; one that is not among them counts as none.
    numbers — key results by objective. opportunities — those that are not solved. plans — open initiatives, in order.
    """
    known, by_pk = {leaf.pk for leaf, _ in objectives}, {leaf.pk: leaf for leaf in opportunities}
    serving: dict[int, list[Plan]] = {}
    for plan in plans:
        if plan.objective in known:
            serving.setdefault(plan.objective or 0, []).append(plan)
    children: dict[int | None, list[Leaf]] = {}
    for leaf, parent in objectives:
        children.setdefault(parent if parent in known and parent != leaf.pk else None, []).append(leaf)
    goals: list[Goal] = []
    _walk(children, None, 0, lambda leaf, depth: goals.append(_goal(leaf, depth, numbers, by_pk, serving)))
    seen = {goal.leaf.pk for goal in goals}
    goals += [_goal(leaf, 0, numbers, by_pk, serving) for leaf, _ in objectives if leaf.pk not in seen]
    _mark_served(goals, {leaf.pk: parent for leaf, parent in objectives}, serving)
    solving = {pk for plan in plans for pk in plan.opportunities}
    loose = Loose(
        unserved=[goal.leaf for goal in goals if not goal.is_served],
        unmeasured=[goal.leaf for goal in goals if not goal.numbers],
        aimless=[plan.leaf for plan in plans if plan.objective is None],
        past=[plan.leaf for plan in plans if plan.objective is not None and plan.objective not in known],
        baseless=[plan.leaf for plan in plans if not any(pk in by_pk for pk in plan.opportunities)],
        waiting=[leaf for leaf in opportunities if leaf.pk not in solving],
    )
    return Tree(goals, loose)


def _walk(children: Mapping[int | None, Sequence[Leaf]], at: int | None, depth: int, take: Any) -> None:
    for leaf in children.get(at, ()):
        take(leaf, depth)
        _walk(children, leaf.pk, depth + 1, take)


def _goal(
    leaf: Leaf,
    depth: int,
    numbers: Mapping[int, Sequence[Any]],
    opportunities: Mapping[int, Leaf],
    serving: Mapping[int, Sequence[Plan]],
) -> Goal:
    found: dict[int | None, Branch] = {}
    for plan in serving.get(leaf.pk, ()):
        for pk in _or_none(one for one in plan.opportunities if one in opportunities):
            branch = found.setdefault(pk, Branch(opportunities[pk] if pk is not None else None))
            if len(branch.initiatives) < MOST_SHOWN:
                branch.initiatives.append(plan.leaf)
            else:
                branch.n_more += 1
    # What says no opportunity stands last.
    branches = sorted(found.values(), key=lambda branch: branch.leaf is None)
    return Goal(leaf, depth, list(numbers.get(leaf.pk, ())), branches[:MOST_SHOWN], max(0, len(branches) - MOST_SHOWN))


def _or_none(numbers: Iterable[int]) -> list[int | None]:
    return list(numbers) or [None]


def _mark_served(goals: Sequence[Goal], parents: Mapping[int, int | None], serving: Mapping[int, Any]) -> None:
    by_pk = {goal.leaf.pk: goal for goal in goals}
    for pk in serving:
        at: int | None = pk
        while at is not None and at in by_pk and not by_pk[at].is_served:
            by_pk[at].is_served = True
            at = parents.get(at)
