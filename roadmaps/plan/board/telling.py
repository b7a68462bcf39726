"""What changed from one version of an initiative to the next, in words; knows no database."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from roadmaps.plan.board.state import HORIZONS

_DATES = {"starts_on": "begins", "ends_on": "ends", "promised_on": "is promised for"}


@dataclass(frozen=True)
class Change:
    """One thing that a move changed: what it is called, how it was, how it is; "" where there was or is none."""

    what: str
    before: str
    after: str

    def __str__(self) -> str:
        return f"{self.what}: {self.before or 'none'} → {self.after or 'none'}"


def changes_between(
    before: Mapping[str, Any] | None,
    after: Mapping[str, Any],
    *,
    stages: Mapping[str, str],
    name: Callable[[str, int | None], str],
) -> list[Change]:
    """Return what differs from one version to the next, of what a roadmap shows; [] for the first, which is new.

    `name(column, number)` says what a goal, team, product or person is called, as far as its reader may know.
    """
    if before is None:
        return []
    found = []
    for column, what, say in _columns(stages, name):
        old, new = before[column], after[column]
        if old != new:
            found.append(Change(what, say(old), say(new)))
    if found or before["position"] == after["position"]:
        return found
    return [Change("Order", "", "moved up" if after["position"] < before["position"] else "moved down")]


def _columns(
    stages: Mapping[str, str], name: Callable[[str, int | None], str]
) -> list[tuple[str, str, Callable[[Any], str]]]:
    def choice(words: Mapping[str, str]) -> Callable[[Any], str]:
        return lambda value: words.get(value, str(value))

    def named(column: str) -> Callable[[Any], str]:
        return lambda value: name(column, value)

    return [
        ("title", "Title", lambda text: f"“{text}”"),
        ("horizon", "Horizon", choice(HORIZONS)),
        ("stage", "Stage", choice(stages)),
        *((column, words.capitalize(), say_day) for column, words in _DATES.items()),
        ("objective_id", "Goal", named("objective_id")),
        ("team_id", "Team", named("team_id")),
        ("product_id", "Product", named("product_id")),
        ("owner_id", "Owner", named("owner_id")),
        ("effort_months", "Effort", lambda months: "" if months is None else f"{months:g} person-months"),
        ("visibility", "Who may read it", choice({"company": "everybody", "team": "its team"})),
    ]


def say_day(day: date | None) -> str:
    """Return a day as people write it, "" for none.

    >>> say_day(date(2026, 3, 1))
    '1 Mar 2026'
    """
    return f"{day.day} {day:%b %Y}" if day else ""
