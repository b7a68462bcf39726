"""Key results and objectives as pages show them: numbers in words, bars, what needs a check-in."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from insights.metrics.public import say_value
from roadmaps.goals.contracts import AIMS, Outlook, PastMoves, Standing
from roadmaps.goals.models import CheckIn, Cycle, KeyResult, Objective
from roadmaps.goals.reading import standings

CHECK_IN_DAYS = 14
_LIKELY, _UNLIKELY = 0.7, 0.3


@dataclass(frozen=True)
class KeyResultShown:
    """A key result in a row: its numbers in words, how far it is in percent, its forecast, its newest check-in."""

    value: str
    baseline: str
    target: str
    on: date | None
    as_of: datetime | None
    percent: int | None
    outlook: str
    chance: str
    ends: str
    outlook_why: str
    tone: str
    is_reached: bool
    is_hidden: bool
    needs_check_in: bool
    check_in: CheckIn | None

    @property
    def bar(self) -> int:
        """Return the bar's length, 0 to 100."""
        return min(100, max(0, self.percent or 0))


@dataclass
class GoalNode:
    """An objective of a page's tree, with its key results and the objectives that serve it."""

    objective: Objective
    key_results: list[tuple[KeyResult, KeyResultShown]] = field(default_factory=list)
    children: list["GoalNode"] = field(default_factory=list)
    serves: Objective | None = None

    @property
    def percent(self) -> int | None:
        """Return the mean of how far its key results are, each between 0 and 100; None where none has a value."""
        known = [shown.bar for _, shown in self.key_results if shown.percent is not None]
        return round(sum(known) / len(known)) if known else None


def say(value: float | None, key_result: KeyResult) -> str:
    """Return a number of a key result with its unit, which stays on its line."""
    said = say_value(value, is_rate=key_result.is_rate, unit=key_result.shown_unit)
    return said.replace(" %", "\u00a0%")


def say_range(low: float | None, high: float | None, key_result: KeyResult) -> str:
    """Return an interval with its unit once, in three digits: no forecast is surer than that."""
    if key_result.is_rate or low is None or high is None:
        return f"{say(low, key_result)} to {say(high, key_result)}"
    rounded = [float(f"{one:.3g}") if abs(one) < 1000 else float(round(one)) for one in (low, high)]
    return f"{say_value(rounded[0], is_rate=False)} to {say(rounded[1], key_result)}"


def say_target(key_result: KeyResult) -> str:
    """Return what is aimed at: "at least 45.0 %"."""
    return f"{AIMS[key_result.aim]} {say(key_result.target, key_result)}"


def say_chance(chance: float) -> str:
    """Return a chance as people say it, never surer than a forecast can be.

    >>> say_chance(0.004), say_chance(0.52), say_chance(0.999)
    ('under 5\\xa0%', '50\\xa0%', 'over 95\\xa0%')
    """
    if chance < 0.05:
        return "under 5\u00a0%"
    if chance > 0.95:
        return "over 95\u00a0%"
    return f"{round(chance * 20) * 5}\u00a0%"


def say_outlook(outlook: Outlook | None, key_result: KeyResult) -> tuple[str, str]:
    """Return a forecast in two pieces: the chance to reach the target, and where it ends; empty where there is none."""
    if outlook is None or outlook.value is None or outlook.chance is None:
        return "", ""
    if outlook.n_ahead == 0:
        return ("reached" if outlook.chance == 1 else "missed"), "the cycle's last value is there"
    return f"{say_chance(outlook.chance)} chance", f"{say_range(outlook.low, outlook.high, key_result)} at the end"


def say_moves(moves: PastMoves, interval: str) -> str:
    """Return how usual a move is, in a sentence that says how little or much that is built on."""
    if moves.why_none or moves.share is None:
        return f"How usual such a move is cannot be said yet. {moves.why_none}"
    noun = "weeks" if interval in ("day", "week") else f"{interval}s"
    length = f"{moves.n_periods} {noun}" if moves.n_periods > 1 else f"one {noun[:-1]}"
    often = f"in {moves.n_moved} of {moves.n_windows}" if moves.n_moved else f"in none of {moves.n_windows}"
    apart = f"{moves.n_apart} of them do not overlap" if moves.n_apart > 1 else "they overlap"
    return f"This metric moved that much {often} past stretches of {length} ({apart})."


def show_key_results(
    key_results: Iterable[KeyResult], *, user: Any, today: date
) -> list[tuple[KeyResult, KeyResultShown]]:
    """Return key results (read `of_rows`) with what is shown of each; constant in queries."""
    return [(one, _shown(one, standing, today)) for one, standing in standings(key_results, user)]


def _shown(key_result: KeyResult, standing: Standing, today: date) -> KeyResultShown:
    said = key_result.last_check_in
    objective = key_result.objective
    has_begun = objective.cycle.starts_on <= today
    is_late = said is None or said.created_at.date() < today - timedelta(days=CHECK_IN_DAYS)
    needs_check_in = objective.is_open and has_begun and is_late
    if standing.is_hidden:
        return KeyResultShown("", "", "", None, None, None, "", "", "", "", "", False, True, needs_check_in, said)
    outlook = key_result.forecast if objective.is_open else None
    chance, ends = say_outlook(outlook, key_result)
    return KeyResultShown(
        value=say(standing.value, key_result) if standing.value is not None else "",
        baseline=say(key_result.baseline, key_result),
        target=say_target(key_result),
        on=standing.on,
        as_of=standing.as_of,
        percent=None if standing.progress is None else round(standing.progress * 100),
        outlook="; ".join(filter(None, (chance, ends))),
        chance=chance,
        ends=ends,
        outlook_why=outlook.why_none if outlook else "",
        tone=_tone(standing, outlook),
        is_reached=standing.is_reached,
        is_hidden=False,
        needs_check_in=needs_check_in,
        check_in=said,
    )


def _tone(standing: Standing, outlook: Outlook | None) -> str:
    if outlook is None or outlook.chance is None:
        return "good" if standing.is_reached else ""
    return "good" if outlook.chance >= _LIKELY else "bad" if outlook.chance <= _UNLIKELY else ""


def build_tree(
    objectives: Sequence[Objective], key_results: Iterable[tuple[KeyResult, KeyResultShown]]
) -> list[GoalNode]:
    """Return objectives as a tree with their key results; one whose parent is not among them stands at the top."""
    nodes = {one.pk: GoalNode(one) for one in objectives}
    for key_result, shown in key_results:
        nodes[key_result.objective_id].key_results.append((key_result, shown))
    tops = []
    for node in nodes.values():
        parent = nodes.get(node.objective.parent_id or 0)
        (parent.children if parent else tops).append(node)
    return tops


def current_cycle(cycles: Sequence[Cycle], today: date) -> Cycle | None:
    """Return the shortest cycle that a day lies in, else the next one to come, else the last one that was."""
    running = [one for one in cycles if one.starts_on <= today <= one.ends_on]
    if running:
        return min(running, key=lambda one: (one.ends_on - one.starts_on, one.pk))
    coming = [one for one in cycles if one.starts_on > today]
    if coming:
        return min(coming, key=lambda one: one.starts_on)
    return max(cycles, key=lambda one: one.ends_on, default=None)
