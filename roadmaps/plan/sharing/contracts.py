"""What an audience may be shown of the roadmap: its fields, its views, and presets; knows no Django.

What is not a field here is shown to nobody, whoever makes the link.
"""

from collections.abc import Collection
from dataclasses import dataclass

USUAL_DAYS, MOST_DAYS = 90, 365


@dataclass(frozen=True)
class Field:
    """One thing that may be shown of an initiative beside its title."""

    name: str
    label: str
    help: str


FIELDS = {
    one.name: one
    for one in (
        Field("horizon", "Horizon", "Whether it comes now, next or later"),
        Field("quarter", "Quarter", "In which quarters it is planned, no days"),
        Field("days", "Days", "The first and last day that are planned"),
        Field("stage", "Stage", "How far it is: discovery, building, launched …"),
        Field("theme", "Theme", "The words that customers' voices are sorted by"),
        Field("opportunity", "Opportunity", "The problems that it would solve"),
        Field("goal", "Goal", "The objective that it serves"),
        Field("release", "Release", "The names of the releases that it is in"),
        Field("team", "Team", "Whose it is"),
        Field("owner", "Owner", "Who answers for it, by name"),
        Field("health", "Health", "On track, at risk or off track, without reasons"),
        Field("forecast", "Forecast", "The quarters of an even chance and of 85 %"),
    )
}
NEVER = (
    "effort, scores and order of priority as numbers",
    "summaries and notes",
    "evidence, what customers said, and revenue",
    "promises: to whom, by when and in which words",
    "bets and what was measured of them",
    "what blocks it, what it needs, reasons of its health",
    "work items, links, comments and history",
    "initiatives for their team alone, and dropped ones",
)
VIEWS = {"board": "Now, next, later", "timeline": "Timeline", "list": "List"}
PRESETS: dict[str, tuple[str, ...]] = {
    "executives": ("horizon", "quarter", "stage", "goal", "release", "team", "owner", "health", "forecast"),
    "sales": ("horizon", "quarter", "theme", "release"),
    "customers": ("horizon", "theme"),
    "other": ("horizon",),
}
# What narrows a link, by its name in the address of the roadmap; the product is the link's own.
FILTERS = ("q", "team", "goal", "owner", "stage", "horizon", "health", "release", "done")


def views_of(fields: Collection[str]) -> list[str]:
    """Return the views that tell no more than the fields: where a thing stands says something of it.

    >>> views_of(["horizon", "team"])
    ['board', 'list']
    """
    needs = {"board": {"horizon"}, "timeline": {"quarter", "days"}}
    return [view for view in VIEWS if view not in needs or needs[view] & set(fields)]


@dataclass(frozen=True)
class Cell:
    """One field of an initiative in words, "" where it has none."""

    name: str
    label: str
    text: str


@dataclass(frozen=True)
class Shown:
    """An initiative as an audience sees it: nothing but its title and the chosen fields.

    x, width — where its bar lies on the timeline, in percent; None beside it and in other views.
    """

    title: str
    cells: tuple[Cell, ...]
    x: float | None = None
    width: float | None = None

    @property
    def told(self) -> tuple[Cell, ...]:
        """Return the fields that say something."""
        return tuple(cell for cell in self.cells if cell.text)


@dataclass(frozen=True)
class Place:
    """A column of the board, or a quarter of the timeline's head."""

    label: str
    items: tuple[Shown, ...] = ()
    x: float = 0


@dataclass(frozen=True)
class ShownRoadmap:
    """A roadmap as an audience sees it.

    items — all of them, in order. places — columns of the board or heads of the timeline. off — with a timeline, those
    that lie beside it. n_more — how many are left out because there are too many.
    """

    heading: str
    view: str
    views: tuple[str, ...]
    labels: tuple[str, ...]
    items: tuple[Shown, ...]
    places: tuple[Place, ...] = ()
    off: tuple[Shown, ...] = ()
    n_more: int = 0
