"""The roadmap as a file: every initiative that its filters leave, whatever the view draws of them."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from django.http import HttpRequest

from roadmaps.plan.board.cards import Card, make_cards
from roadmaps.plan.board.rows import dress, rows_of
from roadmaps.plan.board.state import VIEWS, State

_AT_ONCE = 500
COLUMNS = {
    "id": lambda card: card.no,
    "title": lambda card: card.title,
    "stage": lambda card: card.stage_label,
    "horizon": lambda card: card.horizon_label,
    "product": lambda card: card.product.name,
    "team": lambda card: card.team.name,
    "owner": lambda card: str(card.owner or ""),
    "goal": lambda card: card.goal.title if card.goal else "",
    "begins": lambda card: card.starts_on or "",
    "ends": lambda card: card.ends_on or "",
    "promised for": lambda card: card.promised_on or "",
    "effort in person-months": lambda card: "" if card.effort_months is None else card.effort_months,
    "health": lambda card: card.health_label if card.version else "",
    "why": lambda card: " ".join(reason.text for reason in card.health.reasons),
    "blocked by": lambda card: card.blocked_why,
    "since then": lambda card: "; ".join(card.since),
}


def cards_of(state: State, user: Any, today: date) -> Iterator[Card]:
    """Yield every card of a state in the order of the roadmap, some hundred at a time."""
    rows = dress(rows_of(state, user), state).order_by("position", "no")
    some: list[Any] = []
    for row in rows.iterator(chunk_size=_AT_ONCE):
        some.append(row)
        if len(some) == _AT_ONCE:
            yield from make_cards(some, state, user, today)
            some = []
    yield from make_cards(some, state, user, today)


def about(request: HttpRequest, state: State) -> list[tuple[str, str]]:
    """Return what a workbook says of itself: where it stands, and what was asked."""
    said = [("Roadmap", request.build_absolute_uri(request.path)), ("View", VIEWS[state.view])]
    said += [(name.capitalize(), text) for name, text in state.asked().items() if name not in ("view", "saved", "day")]
    return [*said, ("As of", state.day.isoformat())] if state.day else said
