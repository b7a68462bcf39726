"""The roadmap as columns: now, next, later, with swim lanes; some cards of each place, and how many there are."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, F, Window
from django.db.models.functions import RowNumber

from portal.people.public import Product, Team, User
from roadmaps.goals.public import Objective
from roadmaps.plan.board.cards import Card, make_cards
from roadmaps.plan.board.rows import LANE_COLUMNS, STAGES, dress, rows_of
from roadmaps.plan.board.state import HORIZONS, State

PAGE = 50  # cards of a column that are drawn at once
IN_LANE = 8  # and of a place in a swim lane
MOST_LANES = 12
_NAMED = {"goal": Objective, "team": Team, "product": Product, "owner": User}


@dataclass(frozen=True)
class Cell:
    """One place of the board: a horizon in a lane, the first of its cards, and how many it has."""

    horizon: str
    label: str
    lane: str
    cards: list[Card]
    n: int
    next_from: int

    @property
    def n_more(self) -> int:
        """Return how many cards are not drawn."""
        return max(0, self.n - self.next_from)


@dataclass(frozen=True)
class Lane:
    """A swim lane: "none" for what has no such thing; `key` "" where the board has no lanes."""

    key: str
    label: str
    cells: list[Cell]

    @property
    def n(self) -> int:
        """Return how many cards it has."""
        return sum(cell.n for cell in self.cells)


@dataclass(frozen=True)
class Board:
    """A board: its lanes, how many there are beyond those that are drawn, and how many cards in all."""

    lanes: list[Lane]
    totals: dict[str, int]
    n_lanes_left: int

    @property
    def n(self) -> int:
        """Return how many cards it has, drawn or not."""
        return sum(self.totals.values())

    @property
    def cards(self) -> Iterable[Card]:
        """Return the cards that are drawn."""
        return (card for lane in self.lanes for cell in lane.cells for card in cell.cards)


def read_board(state: State, user: Any, today: date, *, lanes_from: int = 0) -> Board:
    """Return the board of a state: one statement for counts, one for cards, one for what lanes are called."""
    rows, column = rows_of(state, user), LANE_COLUMNS.get(state.grouped_by)
    counts: dict[tuple[Any, str], int] = {}
    by = ("horizon", column) if column else ("horizon",)
    for row in rows.values(*by).annotate(n=Count("pk")):
        counts[(row[column] if column else None, row["horizon"])] = row["n"]
    keys = lane_keys(state, {key for key, _ in counts}, user) if column else [(None, "")]
    shown = keys[lanes_from : lanes_from + MOST_LANES]
    most = IN_LANE if column else PAGE
    cards: dict[tuple[Any, str], list[Card]] = {}
    if counts:
        placed = [column] if column else []
        if column:
            rows = _of_lanes(rows, column, [key for key, _ in shown])
        ranked = rows.annotate(
            place=Window(RowNumber(), partition_by=["horizon", *placed], order_by=["position", F("no").asc()])
        )
        # Which cards first, what they show then: joined with all else, thousands of wide rows would be sorted for 150.
        first = ranked.filter(place__lte=most).values("pk")
        found = list(dress(rows, state).filter(pk__in=first).order_by("position", "no"))
        for row, card in zip(found, make_cards(found, state, user, today), strict=True):
            cards.setdefault((getattr(row, column) if column else None, row.horizon), []).append(card)
    lanes = []
    for key, label in shown:
        name = _key_text(key) if column else ""
        cells = [_cell(one, name, cards.get((key, one), []), counts.get((key, one), 0)) for one in _horizons(state)]
        lanes.append(Lane(name, label, cells))
    totals = dict.fromkeys(_horizons(state), 0)
    for (_, horizon), n in counts.items():
        totals[horizon] = totals.get(horizon, 0) + n
    return Board(lanes, totals, max(0, len(keys) - lanes_from - MOST_LANES))


def read_cell(state: State, user: Any, today: date, *, horizon: str, lane: str, after: int) -> Cell:
    """Return the next cards of one place of the board, after so many that are there."""
    rows, column = rows_of(state, user).filter(horizon=horizon), LANE_COLUMNS.get(state.grouped_by)
    if column and lane:
        key = None if lane == "none" else lane
        rows = _of_lanes(rows, column, [key])
    n = rows.count()
    found = list(dress(rows, state).order_by("position", "no")[after : after + PAGE])
    cards = make_cards(found, state, user, today)
    return Cell(horizon, HORIZONS[horizon], lane, cards, n, after + len(cards))


def _of_lanes(rows: Any, column: str, keys: list[Any]) -> Any:
    named = [key for key in keys if key is not None]
    found = rows.filter(**{f"{column}__in": named})
    if None not in keys:
        return found
    return found | rows.filter(**{f"{column}__isnull": True})


def _cell(horizon: str, lane: str, cards: list[Card], n: int) -> Cell:
    return Cell(horizon, HORIZONS[horizon], lane, cards, n, len(cards))


def _horizons(state: State) -> list[str]:
    return [state.horizon] if state.horizon else list(HORIZONS)


def _key_text(key: Any) -> str:
    return "none" if key is None else str(key)


def lane_keys(state: State, keys: set[Any], user: Any) -> list[tuple[Any, str]]:
    """Return the lanes in order with what they are called; what has none of it comes last."""
    kind = state.grouped_by
    if kind == "stage":
        return [(key, label) for key, label in STAGES.items() if key in keys]
    known = keys - {None}
    things = _NAMED[kind].objects.filter(pk__in=known)
    if kind == "goal":
        things = things.select_related("cycle").order_by("cycle__starts_on", "title", "pk")
        named = [(one.pk, f"{one.title} ({one.cycle.name})") for one in things]
    else:
        named = sorted(((one.pk, str(one)) for one in things), key=lambda pair: (pair[1].lower(), pair[0]))
    return [*named, (None, f"No {kind}")] if None in keys else named
