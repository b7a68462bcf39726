"""The roadmap as a timeline: bars over months or quarters, promises and forecasts as marks, releases as lines."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Case, F, Q, Value, When

from roadmaps.delivery.forecasts.public import newest_forecasts
from roadmaps.plan.board.cards import Card, make_cards
from roadmaps.plan.board.columns import PAGE
from roadmaps.plan.board.rows import LANE_COLUMNS, STAGES, dated, dress, rows_of
from roadmaps.plan.board.spans import Column, Span, Window, window_of
from roadmaps.plan.board.state import State
from roadmaps.planning.releases.public import Release

_LANE_ORDER = {
    "goal": "objective__title",
    "team": "team__name",
    "product": "product__name",
    "owner": "owner__name",
    "stage": "stage",
}
_MOST_RELEASES = 60


@dataclass(frozen=True)
class Bar:
    """One line of a timeline: its card, where its bar lies, and marks as shares of the width in percent."""

    card: Card
    lane: str
    is_first_of_lane: bool
    span: Span | None
    promised: float | None
    likely: float | None
    safe: float | None
    safe_on: date | None


@dataclass(frozen=True)
class ReleaseLine:
    """A release as a line through a timeline."""

    release: Release
    x: float


@dataclass(frozen=True)
class Timeline:
    """A timeline: its days, columns and bars, what is left to draw, and what has no day at all."""

    window: Window
    columns: list[Column]
    bars: list[Bar]
    releases: list[ReleaseLine]
    today: float | None
    n: int
    n_undated: int
    next_from: int

    @property
    def n_more(self) -> int:
        """Return how many bars are not drawn."""
        return max(0, self.n - self.next_from)


def window_for(state: State, today: date) -> Window:
    """Return the days that a state's timeline shows; without a first day it begins with the one before today's."""
    if state.start is not None:
        return window_of(state.zoom, state.start)
    return window_of(state.zoom, window_of(state.zoom, today).moved(-1))


def read_timeline(
    state: State,
    user: Any,
    today: date,
    *,
    after: int = 0,
) -> Timeline:
    """Return the timeline of a state: constant in queries, PAGE bars at once."""
    window, kind = window_for(state, today), state.grouped_by
    everything = rows_of(state, user)
    rows = dated(everything, window.first, window.end)
    n = rows.count()
    column = LANE_COLUMNS.get(kind)
    found = list(dress(rows, state).order_by(*_order(kind, column))[after : after + PAGE])
    cards = make_cards(found, state, user, today)
    known = {} if state.day else newest_forecasts([card.no for card in cards])
    bars, before = [], None
    for row, card in zip(found, cards, strict=True):
        lane = _lane_label(kind, card) if column else ""
        key = getattr(row, column) if column else None
        said = known.get(card.no)
        likely_on, safe_on = (said.p50, said.p85) if said else (None, None)
        bars.append(
            Bar(
                card,
                lane,
                bool(column) and (not bars or key != before),
                window.span(card.starts_on, card.ends_on),
                window.at(card.promised_on) if card.promised_on else None,
                window.at(likely_on) if likely_on else None,
                window.at(safe_on) if safe_on else None,
                safe_on,
            )
        )
        before = key
    return Timeline(
        window=window,
        columns=window.columns(today),
        bars=bars,
        releases=_releases(state, user, window),
        today=window.at(state.day or today),
        n=n,
        n_undated=everything.filter(starts_on=None, ends_on=None).count(),
        next_from=after + len(bars),
    )


def _order(kind: str, column: str | None) -> list[Any]:
    by_day = ["begins", "position", "no"]
    if column is None:
        return by_day
    has_none = Case(When(**{f"{column}__isnull": True}, then=Value(1)), default=Value(0))
    if kind == "stage":
        rank = Case(*(When(stage=stage, then=Value(at)) for at, stage in enumerate(STAGES)), default=Value(99))
        return [rank, *by_day]
    return [has_none, _LANE_ORDER[kind], F(column).asc(nulls_last=True), *by_day]


def _lane_label(kind: str, card: Card) -> str:
    if kind == "stage":
        return card.stage_label
    thing = getattr(card, kind)
    return str(thing) if thing is not None else f"No {kind}"


def _releases(state: State, user: Any, window: Window) -> list[ReleaseLine]:
    """Return the releases of the days that are shown; on a past day none, for what was planned then is not kept."""
    if state.day is not None:
        return []
    found = Release.objects.visible_to(user).exclude(state=Release.State.CANCELLED)
    found = found.filter(product__slug=state.product) if state.product else found
    found = found.filter(team__slug=state.team) if state.team else found
    near = Q(planned_on__gte=window.first, planned_on__lt=window.end) | Q(released_at__isnull=False)
    lines = [ReleaseLine(one, window.at(one.on)) for one in found.filter(near).order_by("planned_on", "pk")[:500]]
    return [line for line in lines if line.x is not None][:_MOST_RELEASES]
