"""The roadmap's page in one read: what the address asks for, the view, its filters, legend and saved views."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import CharField, Value
from django.db.models.functions import Cast

from portal.people.public import Team, User
from portal.shell.public import BadInput
from roadmaps.goals.public import Objective
from roadmaps.plan.board.cards import Card, make_cards
from roadmaps.plan.board.columns import PAGE, Board, read_board
from roadmaps.plan.board.models import SavedView
from roadmaps.plan.board.rows import STAGES, dress, refuse_in_past, rows_of
from roadmaps.plan.board.spans import add_months
from roadmaps.plan.board.state import COLOURS, HEALTHS, HORIZONS, LANES, VIEWS, ZOOMS, State, read_state
from roadmaps.plan.board.timeline import Timeline, read_timeline
from roadmaps.planning.initiatives.public import Initiative
from roadmaps.planning.releases.public import Release, read_calendar


@dataclass(frozen=True)
class Choice:
    """One choice of a filter: its value in the address, what it is called, whether it is in force."""

    value: str
    label: str
    is_chosen: bool


@dataclass(frozen=True)
class Filter:
    """One filter of the toolbar."""

    name: str
    label: str
    choices: list[Choice]


@dataclass(frozen=True)
class Tab:
    """One of the views: its name and its address, which keeps the filters."""

    label: str
    address: str
    is_current: bool


@dataclass(frozen=True)
class RoadmapPage:
    """All that the page shows; one of board, timeline, page (of a list) and months is there."""

    state: State
    tabs: list[Tab]
    filters: list[Filter]
    views: list[SavedView]
    saved: SavedView | None
    today: date
    board: Board | None = None
    timeline: Timeline | None = None
    rows: Page | None = None
    cards: list[Card] | None = None
    months: list[Any] | None = None
    legend: list[tuple[str, str]] | None = None
    has_any: bool = True

    @property
    def n(self) -> int:
        """Return how many initiatives the view has, drawn or not."""
        if self.board is not None:
            return self.board.n
        if self.timeline is not None:
            return self.timeline.n + self.timeline.n_undated
        return (
            self.rows.paginator.count if self.rows is not None else sum(len(one.releases) for one in self.months or [])
        )


def parse(asked: Mapping[str, str], today: date) -> State:
    """Return the state that an address asks for; what means nothing is refused by its name."""
    state, faults = read_state(asked, stages=STAGES, today=today)
    faults |= refuse_in_past(state)
    if faults:
        raise BadInput(" ".join(faults.values()), fields={name: [words] for name, words in faults.items()})
    return state


def read_roadmap(state: State, user: Any, today: date, *, page: str = "1", lanes_from: int = 0) -> RoadmapPage:
    """Return the page of a state; constant in queries."""
    views = list(SavedView.objects.visible_to(user).select_related("owner")[:100])
    shown: dict[str, Any] = {}
    if state.view in ("board", "goals", "teams"):
        shown["board"] = read_board(state, user, today, lanes_from=lanes_from)
        cards = list(shown["board"].cards)
    elif state.view == "timeline":
        shown["timeline"] = read_timeline(state, user, today)
        cards = [bar.card for bar in shown["timeline"].bars]
    elif state.view == "list":
        pages = Paginator(dress(rows_of(state, user), state).order_by("position", "no"), PAGE)
        shown["rows"] = pages.get_page(page)
        shown["cards"] = cards = make_cards(shown["rows"].object_list, state, user, today)
    else:
        shown["months"], cards = _months(state, user, today), []
    return RoadmapPage(
        state=state,
        tabs=[Tab(label, _address(state, name), name == state.view) for name, label in VIEWS.items()],
        filters=_filters(state, user),
        views=views,
        saved=next((one for one in views if str(one.pk) == state.saved), None),
        today=today,
        legend=_legend(cards),
        has_any=bool(cards) or state.is_filtered or Initiative.objects.visible_to(user).exists(),
        **shown,
    )


def _address(state: State, view: str) -> str:
    """Return the address of another view with the filters that it has: releases have few of them, and no past."""
    if view != "calendar":
        return state.address(view=view)
    return State(view=view, q=state.q, product=state.product, team=state.team).address()


def _months(state: State, user: Any, today: date) -> list[Any]:
    first = (state.start or today).replace(day=1)
    first = add_months(first, 0 if state.start else -1)
    found = Release.objects.visible_to(user)
    found = found.filter(product__slug=state.product) if state.product else found
    found = found.filter(team__slug=state.team) if state.team else found
    found = found.matching(state.q) if state.q else found
    return read_calendar(found, user, first, add_months(first, 12))


def _legend(cards: list[Card]) -> list[tuple[str, str]]:
    return sorted({(card.hue_label, card.hue) for card in cards if card.hue})


def _filters(state: State, user: Any) -> list[Filter]:
    """Return the filters of the toolbar with what may be chosen; one statement for all that is in use."""
    products = [(one.slug, one.name) for one in user.visible_products]
    used = _in_use(user)
    chosen = _chosen(state, products, used)
    return [
        Filter(name, label, [Choice(value, words, value == getattr(state, name)) for value, words in choices])
        for name, label, choices in chosen
    ]


def _chosen(
    state: State, products: list[tuple[str, str]], used: dict[str, list[tuple[str, str]]]
) -> list[tuple[str, str, list[tuple[str, str]]]]:
    """Return the filters that a view has: name, label, and what may be chosen."""
    if state.view == "calendar":
        return [("product", "Product", products), ("team", "Team", used["team"])]
    filters = [
        ("product", "Product", products),
        ("team", "Team", used["team"]),
        ("goal", "Goal", [("none", "No goal"), *used["goal"]]),
        ("stage", "Stage", [("all", "All, also done and dropped"), *STAGES.items()]),
        ("owner", "Owner", [("none", "Nobody"), *used["owner"]]),
        ("horizon", "Horizon", list(HORIZONS.items())),
    ]
    if state.day is None:
        filters.append(("health", "Health", list(HEALTHS.items())))
    if state.view in ("board", "timeline"):
        filters.append(("lanes", "Swim lanes", [pair for pair in LANES.items() if pair[0]]))
    filters.append(("colour", "Colour by", [pair for pair in COLOURS.items() if pair[0]]))
    if state.view == "timeline":
        filters.append(("zoom", "Scale", list(ZOOMS.items())))
    return filters


def _in_use(user: Any) -> dict[str, list[tuple[str, str]]]:
    """Return the teams, goals and owners of what a reader sees, by name."""
    seen = Initiative.objects.visible_to(user).order_by()
    teams = Team.objects.filter(pk__in=seen.values("team")).values_list(Value("team"), "slug", "name")
    goals = Objective.objects.visible_to(user).filter(pk__in=seen.values("objective"))
    goals = goals.values_list(Value("goal"), Cast("pk", CharField()), "title")
    owners = User.objects.filter(pk__in=seen.values("owner")).values_list(
        Value("owner"), Cast("pk", CharField()), "name"
    )
    found: dict[str, list[tuple[str, str]]] = {"team": [], "goal": [], "owner": []}
    for kind, value, label in teams.order_by().union(goals.order_by(), owners.order_by(), all=True):
        found[kind].append((value, label))
    return {kind: sorted(pairs, key=lambda pair: (pair[1].lower(), pair[0])) for kind, pairs in found.items()}
