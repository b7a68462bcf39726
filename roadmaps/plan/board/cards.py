"""Initiatives as cards: what a view draws of one, the same for today and for a past day."""

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from roadmaps.plan.board.health import Health
from roadmaps.plan.board.models import InitiativeHealth
from roadmaps.plan.board.rows import STAGES
from roadmaps.plan.board.state import HEALTHS, HORIZONS, State
from roadmaps.plan.board.telling import say_day

_STAGE_HUES = {name: number for number, name in enumerate(STAGES, start=1)}
N_HUES = 8


@dataclass(frozen=True)
class Card:
    """An initiative on the roadmap.

    version — what a change names, 0 on a past day, which nobody changes. goal — None where it has none or its reader
    may not see it. hue — "" or a class of colour; hue_label — what it stands for, in words. since — of a past day: what
    is otherwise today, in words. may_move — whether its reader may change it.
    """

    no: int
    title: str
    url: str
    version: int
    stage: str
    horizon: str
    product: Any
    team: Any
    owner: Any
    goal: Any
    starts_on: date | None
    ends_on: date | None
    promised_on: date | None
    effort_months: float | None
    position: int
    blocked_why: str = ""
    is_team_only: bool = False
    health: Health = field(default_factory=lambda: Health("unknown"))
    hue: str = ""
    hue_label: str = ""
    since: tuple[str, ...] = ()
    may_move: bool = False

    @property
    def stage_label(self) -> str:
        """Return the stage in words."""
        return STAGES.get(self.stage, self.stage)

    @property
    def horizon_label(self) -> str:
        """Return the horizon in words."""
        return HORIZONS.get(self.horizon, self.horizon)

    @property
    def health_label(self) -> str:
        """Return how it does in words."""
        return HEALTHS[self.health.tone]

    @property
    def dates(self) -> str:
        """Return its days in words, "" where it has none."""
        if self.starts_on and self.ends_on:
            return f"{say_day(self.starts_on)} to {say_day(self.ends_on)}"
        if self.ends_on:
            return f"until {say_day(self.ends_on)}"
        return f"from {say_day(self.starts_on)}" if self.starts_on else ""


def make_cards(rows: Any, state: State, user: Any, today: date) -> list[Card]:
    """Return rows (dressed) as cards; reads nothing more."""
    return [_card(row, state, user, today) for row in rows]


def _card(row: Any, state: State, user: Any, today: date) -> Card:
    now = row.initiative if state.day else row
    goal = row.objective if row.goal_no is not None else None
    health = _health_of(row, today) if not state.day else Health("unknown")
    hue, label = _hue(row, state.colour, goal, health)
    is_gone = state.day is not None and now is None
    return Card(
        no=row.no,
        title=row.title,
        url="" if is_gone else now.get_absolute_url(),
        version=0 if state.day else row.version,
        stage=row.stage,
        horizon=row.horizon,
        product=row.product,
        team=row.team,
        owner=row.owner,
        goal=goal,
        starts_on=row.starts_on,
        ends_on=row.ends_on,
        promised_on=row.promised_on,
        effort_months=row.effort_months,
        position=row.position,
        blocked_why="" if state.day else row.blocked_why,
        is_team_only=row.visibility == "team",
        health=health,
        hue=hue,
        hue_label=label,
        since=_since(row, now) if state.day else (),
        may_move=not state.day and may_move(user, row),
    )


def may_move(user: Any, row: Any) -> bool:
    """Say whether a user may change an initiative: the rule of its own door, without asking the database again."""
    return bool(user.is_ops or (user.role == "product_manager" and row.team_id in user.team_ids))


def _health_of(row: Any, today: date) -> Health:
    try:
        return row.health.shown(today)
    except InitiativeHealth.DoesNotExist:
        return Health("unknown")


def _hue(row: Any, colour: str, goal: Any, health: Health) -> tuple[str, str]:
    if colour == "stage":
        return f"hue--{_STAGE_HUES.get(row.stage, N_HUES)}", STAGES.get(row.stage, row.stage)
    if colour == "health":
        return f"hue--{health.tone}", HEALTHS[health.tone]
    thing = {"goal": goal, "team": row.team, "product": row.product, "owner": row.owner}.get(colour)
    if not colour:
        return "", ""
    if thing is None:
        return "hue--none", f"no {colour}"
    return f"hue--{thing.pk % N_HUES + 1}", str(thing)


def _since(row: Any, now: Any) -> tuple[str, ...]:
    """Return what became of a row of a past day until today."""
    if now is None:
        return ("deleted since",)
    found = []
    if now.horizon != row.horizon:
        found.append(f"now {HORIZONS[now.horizon]}")
    if now.stage != row.stage:
        found.append(f"now {STAGES[now.stage].lower()}")
    if now.ends_on != row.ends_on:
        found.append(f"ends {say_day(now.ends_on)} now" if now.ends_on else "has no end now")
    if now.title != row.title:
        found.append(f"now “{now.title}”")
    return tuple(found)
