"""What the pages of initiatives show: one with what it needs, its drawing, and how it came to be as it is."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection

from portal.people.public import can, can_see
from portal.shell.public import registry, render_markdown
from roadmaps.goals.public import Objective
from roadmaps.planning.initiatives.contracts import KEPT, InitiativePanel
from roadmaps.planning.initiatives.graph import HEIGHT, WIDTH, Drawing, draw
from roadmaps.planning.initiatives.models import (
    Horizon,
    Initiative,
    InitiativeLink,
    InitiativeVersion,
    Stage,
)
from roadmaps.planning.opportunities.public import Opportunity

MOST_DRAWN = 40
_LETTERS = 26  # of a title that fit a box
_NEAR = """
WITH RECURSIVE left_of AS (
    SELECT %(start)s::bigint AS at
    UNION
    SELECT d.needs_id FROM left_of l JOIN roadmaps_planning_initiatives_dependency d ON d.initiative_id = l.at
),
right_of AS (
    SELECT %(start)s::bigint AS at
    UNION
    SELECT d.initiative_id FROM right_of r JOIN roadmaps_planning_initiatives_dependency d ON d.needs_id = r.at
)
SELECT d.id, d.initiative_id, d.needs_id, d.note FROM roadmaps_planning_initiatives_dependency d
WHERE (d.initiative_id IN (SELECT at FROM left_of) AND d.needs_id IN (SELECT at FROM left_of))
    OR (d.initiative_id IN (SELECT at FROM right_of) AND d.needs_id IN (SELECT at FROM right_of))
ORDER BY (d.initiative_id = %(start)s OR d.needs_id = %(start)s) DESC, d.id LIMIT 200
"""


@dataclass(frozen=True)
class DrawnBox:
    """A box of the drawing with its initiative; `lines` are its title in pieces that fit."""

    initiative: Initiative
    x: int
    y: int
    lines: tuple[str, ...]
    is_here: bool


@dataclass(frozen=True)
class Needs:
    """What an initiative waits for and what waits for it, directly, and the drawing of all that hangs together.

    n_hidden: of its direct ones, how many are not for the reader.
    """

    needs: list[tuple[int, Initiative, str]]
    needed_by: list[tuple[int, Initiative, str]]
    boxes: tuple[DrawnBox, ...]
    drawing: Drawing
    n_hidden: int

    @property
    def box_width(self) -> int:
        """Return how wide a box is."""
        return WIDTH

    @property
    def box_height(self) -> int:
        """Return how high a box is."""
        return HEIGHT


@dataclass(frozen=True)
class InitiativePage:
    """One initiative with all that its page shows."""

    summary: Any
    objective: Objective | None
    opportunities: list[Opportunity]
    links: list[InitiativeLink]
    needs: Needs
    panels: list[InitiativePanel]
    may_edit: bool
    effort: str
    is_late: bool


def build_page(initiative: Initiative, user: Any, *, today: dt.date) -> InitiativePage:
    """Return what the page of an initiative shows to a reader."""
    goal = initiative.objective
    due = initiative.promised_on or initiative.ends_on
    return InitiativePage(
        summary=render_markdown(initiative.summary) if initiative.summary else "",
        objective=goal if goal is not None and can_see(user, goal) else None,
        opportunities=list(Opportunity.objects.visible_to(user).filter(initiatives=initiative).order_by("title", "pk")),
        links=list(initiative.links.all()),
        needs=read_needs(initiative, user),
        panels=registry.all(InitiativePanel),
        may_edit=can(user, "initiatives.edit", initiative),
        effort=say_effort(initiative),
        is_late=bool(due and due < today and initiative.stage in (Stage.DISCOVERY, Stage.PROTOTYPING, Stage.BUILDING)),
    )


def say_effort(initiative: Initiative) -> str:
    """Return the work in words: the likely number, with its range where one is given.

    >>> say_effort(Initiative(effort_months=3, effort_low=2, effort_high=5))
    '3 person-months (2 to 5)'
    """
    low, likely, high = initiative.effort_low, initiative.effort_months, initiative.effort_high
    spread = f"{_plain(low)} to {_plain(high)}" if low is not None and high is not None else ""
    if likely is None:
        return f"{spread} person-months" if spread else ""
    noun = "person-month" if likely == 1 else "person-months"
    return f"{_plain(likely)} {noun}{f' ({spread})' if spread else ''}"


def _plain(months: float | None) -> str:
    return "" if months is None else f"{months:g}"


def read_needs(initiative: Initiative, user: Any) -> Needs:
    """Return what an initiative waits for and what waits for it, as far as the reader may see it; two statements."""
    with connection.cursor() as cursor:
        cursor.execute(_NEAR, {"start": initiative.pk})
        rows = cursor.fetchall()
    here = initiative.pk
    numbers = {number for _, one, other, _ in rows for number in (one, other)} - {here}
    seen: dict[int, Initiative] = {}
    if numbers:
        seen = {one.pk: one for one in Initiative.objects.visible_to(user).filter(pk__in=numbers)}
    near = [row for row in rows if here in row[1:3]]
    needs = [(pk, seen[other], note) for pk, one, other, note in near if one == here and other in seen]
    needed_by = [(pk, seen[one], note) for pk, one, other, note in near if other == here and one in seen]
    known = {here: initiative, **seen}
    pairs = [(one, other) for _, one, other, _ in rows if one in known and other in known]
    drawn = _reachable(here, pairs)
    drawing = draw({key: known[key].title for key in drawn}, [pair for pair in pairs if set(pair) <= set(drawn)])
    boxes = tuple(
        DrawnBox(known[box.key], box.x, box.y, _lines(known[box.key].title), box.key == here) for box in drawing.boxes
    )
    return Needs(needs, needed_by, boxes, drawing, len(near) - len(needs) - len(needed_by))


def _reachable(start: int, pairs: Sequence[tuple[int, int]]) -> list[int]:
    """Return what hangs together with one over visible pairs, the nearest first, as many as a drawing can show."""
    beside: dict[int, list[int]] = {}
    for one, other in pairs:
        beside.setdefault(one, []).append(other)
        beside.setdefault(other, []).append(one)
    found = [start]
    for at in found:
        found.extend(one for one in dict.fromkeys(beside.get(at, ())) if one not in found)
        if len(found) >= MOST_DRAWN:
            break
    return found[:MOST_DRAWN]


def _lines(title: str) -> tuple[str, ...]:
    """Return a title in at most two pieces that fit a box, cut at a blank where there is one.

    >>> _lines("Guide new teams through inviting their colleagues tomorrow")
    ('Guide new teams through', 'inviting their colleagues…')
    """
    if len(title) <= _LETTERS:
        return (title,)
    cut = title.rfind(" ", 0, _LETTERS + 1)
    cut = cut if cut > _LETTERS // 2 else _LETTERS
    rest = title[cut:].strip()
    if len(rest) > _LETTERS:
        kept = rest[: _LETTERS - 1]
        blank = kept.rfind(" ")
        kept = kept[:blank] if blank > _LETTERS // 2 and not rest[len(kept)].isspace() else kept
        rest = f"{kept.rstrip()}…"
    return title[:cut].strip(), rest


@dataclass(frozen=True)
class Move:
    """One change of an initiative in words: when, who, why, and what was changed from what to what."""

    at: dt.datetime
    by: Any
    why: str
    changes: tuple[tuple[str, str, str], ...]
    is_first: bool


_LABELS = {
    "title": "Title",
    "stage": "Stage",
    "sent_stage": "Stage in the file",
    "horizon": "Horizon",
    "objective_id": "Goal",
    "team_id": "Team",
    "product_id": "Product",
    "owner_id": "Owner",
    "visibility": "Who may read it",
    "starts_on": "Begins on",
    "ends_on": "Ends on",
    "promised_on": "Promised by",
    "position": "Place in the order",
    "effort_months": "Effort",
}


def read_moves(initiative: Initiative, user: Any, most: int = 100) -> list[Move]:
    """Return how an initiative came to be as it is, the newest first; goals that are not shared are not named."""
    rows = InitiativeVersion.objects.filter(initiative=initiative).select_related("by").of_rows()
    versions = list(rows.order_by("-valid_from")[: most + 1])
    moves = []
    for at, version in enumerate(versions[:most]):
        before = versions[at + 1] if at + 1 < len(versions) else None
        changes = [] if before is None else _changes(before, version, user)
        moves.append(Move(version.valid_from, version.by, version.why, tuple(changes), before is None))
    return moves


def _changes(before: InitiativeVersion, after: InitiativeVersion, user: Any) -> list[tuple[str, str, str]]:
    return [
        (_LABELS[name], _say(before, name, user), _say(after, name, user))
        for name in KEPT
        if getattr(before, name) != getattr(after, name)
    ]


def _say(version: InitiativeVersion, name: str, user: Any) -> str:
    if name == "stage":
        return str(Stage(version.stage).label)
    if name == "horizon":
        return str(Horizon(version.horizon).label)
    if name == "visibility":
        return "the team" if version.visibility == "team" else "everybody in the company"
    if name == "objective_id":
        goal = version.objective
        if goal is None:
            return "none"
        return str(goal) if can_see(user, goal) else "a goal that is not shared with you"
    if name.endswith("_id"):
        return str(getattr(version, name.removesuffix("_id")) or "nobody")
    value = getattr(version, name)
    if isinstance(value, dt.date):
        return f"{value:%-d %b %Y}"
    return "none" if value in (None, "") else f"{value:g}" if isinstance(value, float) else str(value)
