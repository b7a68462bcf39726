"""What the page of a pack shows: per tile then, now and why; from what is stored, never by asking the store."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from insights.dashboards.answers import stored_answers
from insights.dashboards.models import TileAnswer
from insights.dashboards.queries import freshness_of, may_read, visible_slugs
from insights.dashboards.scope import answer_key
from insights.dashboards.texts import render_text
from insights.events.public import data_version
from insights.explore.public import ChartView, Note, Table, build_chart_view, chart_table
from insights.questions.public import reads_personal, say_question
from insights.sharing.comparing import Comparison, Pair, compare_tables
from insights.sharing.models import Pack, PackCheck, PackTile
from insights.sharing.reasons import Reason, say_reasons

_MOST_MARKED = 12
_HIDDEN = "This tile's numbers come from a product that is not shared with you, or are personal data."


@dataclass(frozen=True)
class FrozenTile:
    """A tile of a pack as its page shows it.

    state: text, left_out, hidden, pending (now is still to be computed), failed (it cannot be asked now), same, moved.
    """

    tile: PackTile
    state: str
    html: str = ""
    sentence: str = ""
    chart: ChartView | None = None
    then: Table | None = None
    comparison: Comparison = field(default_factory=Comparison)
    reasons: list[Reason] = field(default_factory=list)
    words: str = ""
    now_at: datetime | None = None
    is_old: bool = False  # now is of before the newest data, and is being computed again


@dataclass(frozen=True)
class PackView:
    """A pack as its page shows it."""

    pack: Pack
    tiles: list[FrozenTile]
    filter_change: str = ""

    @property
    def is_pending(self) -> bool:
        """Say whether something is still to be computed."""
        return any(tile.state == "pending" or tile.is_old for tile in self.tiles)

    def count(self, *states: str) -> int:
        """Return how many tiles are in a state."""
        return sum(tile.state in states for tile in self.tiles)

    @property
    def n_compared(self) -> int:
        """Return how many tiles have a then and a now."""
        return self.count("same", "moved")

    @property
    def n_moved(self) -> int:
        """Return how many tiles have a number that is another now."""
        return self.count("moved")


def show_pack(pack: Pack, *, user: Any, now: datetime) -> PackView:
    """Return a pack with the answers of then and the stored ones of now; constant in queries."""
    tiles = list(pack.tiles.select_related("tile__insight", "tile__metric", "check_since", "pack"))
    asked = [tile.asked for tile in tiles if tile.asked]
    answers, version = stored_answers(asked), data_version()
    shown = _readable(tiles, pack, user)
    return PackView(
        pack,
        [_show(tile, answers, version, now, is_readable=tile.pk in shown) for tile in tiles],
        _say_filter_change(pack),
    )


def _readable(tiles: Iterable[PackTile], pack: Pack, user: Any) -> set[int]:
    """Return the tiles whose products this user sees today, and whose properties are not personal to them today."""
    asking = [tile for tile in tiles if tile.asked]
    questions = [tile.asked for tile in asking]
    products, sources = visible_slugs(user, questions, [pack.product])
    personal = reads_personal(questions, user)
    return {
        tile.pk
        for tile, question, is_personal in zip(asking, questions, personal, strict=True)
        if not is_personal and may_read(question, products, sources)
    }


def _show(
    tile: PackTile, answers: dict[str, TileAnswer], version: int, now: datetime, *, is_readable: bool
) -> FrozenTile:
    if tile.kind == "text":
        return FrozenTile(tile, "text", html=render_text(tile.text))
    if tile.answer is None:
        return FrozenTile(tile, "left_out", sentence=tile.left_out)
    if not is_readable:
        return FrozenTile(tile, "hidden", sentence=_HIDDEN)
    stored = answers.get(answer_key(tile.asked))
    freshness = freshness_of(stored, version, now)
    check: PackCheck | None = getattr(tile, "check_since", None)
    then = chart_table(tile.answer)
    words = say_question(tile.counts)
    if stored is None or stored.answer is None:
        state = "failed" if freshness.state == "failed" else "pending"
        chart = _chart(tile, [])
        return FrozenTile(tile, state, sentence=freshness.sentence, chart=chart, then=then, words=words)
    comparison = compare_tables(then, chart_table(stored.answer))
    n_was_open = len(comparison.moved) - comparison.n_restated
    return FrozenTile(
        tile,
        "moved" if comparison.moved else "same",
        chart=_chart(tile, comparison.moved),
        then=then,
        comparison=comparison,
        reasons=say_reasons(tile, check, n_was_open),
        words=words,
        now_at=stored.computed_at,
        is_old=freshness.state in ("stale", "pending") or check is None,
        sentence=freshness.failure if freshness.state == "failed" else "",
    )


def _chart(tile: PackTile, moved: list[Pair]) -> ChartView:
    """Return the chart as it was, with a mark at each interval whose number is another now."""
    notes = {one.label: one for one in moved if _is_day(one.label)}
    marks = [
        Note(str(label)[:10], f"{one.column}: {_say(one.then)} then, {_say(one.now)} now", number=number)
        for number, (label, one) in enumerate(sorted(notes.items())[:_MOST_MARKED], start=1)
    ]
    return build_chart_view(tile.answer, tile.chart, key=f"pack-tile-{tile.pk}", title=tile.title, notes=marks)


def _say(cell: Any) -> str:
    return cell.text if cell is not None else "no number"


def _is_day(label: Any) -> bool:
    try:
        date.fromisoformat(str(label)[:10])
    except ValueError:
        return False
    return isinstance(label, str)


def _say_filter_change(pack: Pack) -> str:
    board = pack.dashboard
    changed = []
    if board.filters != pack.filters:
        changed.append("filters")
    if (board.date_from, board.date_to) != (pack.date_from, pack.date_to):
        changed.append("range")
    if not changed:
        return ""
    both = " and ".join(reversed(changed))
    return f"The dashboard has another {both} today. All numbers below are of the pack's own."
