"""Scenarios in words: the rows of the table, the lines of a review, what became of each change."""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from roadmaps.goals.public import Objective
from roadmaps.plan.scenarios.committing import ItemDiff, Line
from roadmaps.plan.scenarios.contracts import Slot
from roadmaps.plan.scenarios.models import Scenario
from roadmaps.plan.scenarios.reading import Compared
from roadmaps.plan.scenarios.trying import Tried
from roadmaps.planning.initiatives.public import Horizon, Initiative, Stage

LABELS = {
    "position": "Place in the order",
    "horizon": "Horizon",
    "stage": "Stage",
    "effort_months": "Effort, person-months",
    "starts_on": "Begins on",
    "ends_on": "Ends on",
    "objective_id": "Goal",
}
_NONE = "none"
_HIDDEN_GOAL = "a goal that is not shared with you"


def say_value(field: str, value: Any, goals: Mapping[int, Objective]) -> str:
    """Return a field's value in words; goals that the reader may not see are not named."""
    if value in (None, ""):
        return _NONE
    if field == "stage":
        return str(Stage(value).label)
    if field == "horizon":
        return str(Horizon(value).label)
    if field == "objective_id":
        return goals[value].title if value in goals else _HIDDEN_GOAL
    if field == "position":
        return f"place {value}"
    if field == "effort_months":
        return f"{value:g}"
    day = dt.date.fromisoformat(value) if isinstance(value, str) else value
    return f"{day.day} {day:%b %Y}"


def goals_named(numbers: Iterable[int | None], user: Any) -> dict[int, Objective]:
    """Return some goals by number, as far as a reader may see them."""
    known = {one for one in numbers if one is not None}
    return Objective.objects.visible_to(user).in_bulk(known) if known else {}


@dataclass(frozen=True)
class Cell:
    """One value of a row: today's words, and the scenario's where they differ."""

    was: str
    now: str

    @property
    def is_changed(self) -> bool:
        """Say whether the scenario has another one."""
        return self.was != self.now


@dataclass(frozen=True)
class ItemRow:
    """One item of the table: its values, where it stands and what comes of it, beside what it is compared with."""

    tried: Tried
    effort: Cell
    column: Cell
    stage: Cell
    planned: Cell
    goal: Cell
    before: Slot | None
    after: Slot | None
    why_out: str

    @property
    def initiative(self) -> Initiative:
        """Return whose row it is."""
        return self.tried.initiative

    @property
    def key(self) -> str:
        """Return its item's number as text, for the names of its buttons."""
        return str(self.tried.item.pk)


def rows_of(compared: Compared) -> list[ItemRow]:
    """Return the rows of a comparison's table, in the scenario's order."""
    before, after = compared.found.before.slots, compared.found.after.slots
    return [_row(one, compared.goals, before, after) for one in compared.tried]


def _row(
    tried: Tried, goals: Mapping[int, Objective], before: Mapping[int, Slot], after: Mapping[int, Slot]
) -> ItemRow:
    number = tried.initiative.pk

    def cell(field: str) -> Cell:
        was, now = getattr(tried.initiative, field), tried.values[field]
        return Cell(say_value(field, was, goals), say_value(field, now, goals))

    begins, ends = cell("starts_on"), cell("ends_on")
    return ItemRow(
        tried=tried,
        effort=cell("effort_months"),
        column=cell("horizon"),
        stage=cell("stage"),
        planned=Cell(_span(begins.was, ends.was), _span(begins.now, ends.now)),
        goal=cell("objective_id"),
        before=before.get(number),
        after=after.get(number),
        why_out=_why_out(tried),
    )


def _span(begins: str, ends: str) -> str:
    return _NONE if begins == ends == _NONE else f"{begins} to {ends}"


def _why_out(tried: Tried) -> str:
    if tried.counts:
        return ""
    if not tried.item.is_in:
        return "left out"
    return "dropped" if tried.values["stage"] == Stage.DROPPED else "out already"


@dataclass(frozen=True)
class LineShown:
    """One line of a review in words; `then` is empty where nobody else changed this field since."""

    key: str
    label: str
    then: str
    today: str
    wanted: str


def show_line(diff: ItemDiff, one: Line, goals: Mapping[int, Objective]) -> LineShown:
    """Return a change in words, with the name that its box has in the form."""
    today, wanted = one.shown
    then = ""
    if one.has_moved:
        then = "another place" if one.field == "position" else say_value(one.field, one.then, goals)
    words = [say_value(one.field, value, goals) for value in (today, wanted)]
    return LineShown(f"{diff.item.pk}:{one.field}", LABELS[one.field], then, *words)


@dataclass(frozen=True)
class Became:
    """What became of one change when its scenario was committed."""

    initiative: int
    title: str
    url: str
    label: str
    before: str
    after: str
    was_applied: bool
    has_moved: bool


def show_outcome(scenario: Scenario, user: Any) -> list[Became]:
    """Return what became of each change of a committed scenario, as far as the reader may see its initiatives."""
    numbers = {one["initiative"] for one in scenario.outcome}
    seen = Initiative.objects.visible_to(user).in_bulk(numbers)
    lines = [one for one in scenario.outcome if one["field"] == "objective_id"]
    goals = goals_named([one[side] for one in lines for side in ("before", "after")], user)
    return [
        Became(
            one["initiative"],
            seen[one["initiative"]].title,
            seen[one["initiative"]].get_absolute_url(),
            LABELS[one["field"]],
            say_value(one["field"], one["before"], goals),
            say_value(one["field"], one["after"], goals),
            one["was_applied"],
            one["has_moved"],
        )
        for one in scenario.outcome
        if one["initiative"] in seen
    ]
