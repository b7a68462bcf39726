"""What the pages show: a dashboard with its tiles and their stored answers, as values ready to be rendered."""

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from functools import reduce
from operator import or_
from typing import Any
from urllib.parse import urlencode

from django.db.models import Q
from django.urls import reverse

from insights.dashboards.answers import looks_current, may_try_again, stored_answers, tile_questions
from insights.dashboards.contracts import Freshness
from insights.dashboards.models import Annotation, Dashboard, Tile, TileAnswer
from insights.dashboards.scope import answer_key
from insights.dashboards.scope_form import ScopeView
from insights.dashboards.texts import render_text
from insights.events.public import Source, data_version
from insights.explore.public import ChartView, Note, build_chart_view, people_link_of_answer
from insights.questions.public import named_insights, reads_personal
from portal.people.public import Product, can_see
from portal.shell.public import Offer, offers_for

_UNSEEN = "This tile's numbers come from a product that is not shared with you. Ask the dashboard's owner."

_PERSONAL = "This tile reads personal data of a product, or a cohort, which is for its team and for ops."


@dataclass(frozen=True)
class TileView:
    """One tile as the page shows it; `stamp` changes whenever what is shown of its answer does."""

    tile: Tile
    stamp: str
    freshness: Freshness | None = None
    chart: ChartView | None = None
    html: str = ""
    links: dict[str, str] = field(default_factory=dict)
    is_hidden: bool = False
    offers: tuple[Offer, ...] = ()

    @property
    def is_pending(self) -> bool:
        """Say whether a newer answer may be on its way."""
        return self.freshness is not None and self.freshness.state in {"stale", "pending"}


@dataclass(frozen=True)
class DashboardView:
    """A dashboard as its page shows it."""

    dashboard: Dashboard
    tiles: list[TileView]
    annotations: list[tuple[int, Annotation]]
    data_until: datetime | None
    computed_at: datetime | None

    @property
    def drawn_annotations(self) -> list[tuple[int, Annotation]]:
        """Return the annotations that a chart on this page carries, by the numbers there."""
        return drawn_on(self.tiles, self.annotations)

    @property
    def n_pending(self) -> int:
        """Return how many tiles wait for a newer answer."""
        return sum(view.is_pending for view in self.tiles)

    @property
    def n_failed(self) -> int:
        """Return how many tiles could not be computed the last time."""
        return sum(view.freshness is not None and view.freshness.state == "failed" for view in self.tiles)


def freshness_of(answer: TileAnswer | None, version: int, now: datetime) -> Freshness:
    """Return what a tile says about its age.

    An answer that is not known to be current counts as stale until somebody has looked closely; one whose last try
    failed counts as failed, until another try is due.
    """
    if answer is None:
        return Freshness("pending", "This is computed for the first time.")
    shown = {
        "computed_at": answer.computed_at,
        "data_until": answer.data_until,
        "failure": answer.failure,
        "has_answer": answer.answer is not None,
    }
    if answer.state == TileAnswer.State.FAILED and not may_try_again(answer, now):
        return Freshness("failed", answer.failure, **shown)
    if looks_current(answer, version, now):
        return Freshness("fresh", "", **shown)
    if answer.answer is None:
        return Freshness("pending", "This is computed for the first time.", **shown)
    return Freshness("stale", "A newer answer is being computed.", **shown)


def _stamp(answer: TileAnswer | None, freshness: Freshness) -> str:
    at = answer.computed_at.timestamp() if answer and answer.computed_at else 0
    return f"{freshness.state[0]}{at:.0f}{'x' if freshness.failure else ''}"


def notes_of(annotations: Iterable[Annotation]) -> list[Note]:
    """Return annotations as notes for charts, by the numbers that the dashboard's list has."""
    return [
        Note(one.starts_on.isoformat(), one.text, one.ends_on.isoformat() if one.ends_on else "", number=number)
        for number, one in enumerate(sorted(annotations, key=_by_day), start=1)
    ]


def _by_day(annotation: Annotation) -> tuple[Any, int]:
    return annotation.starts_on, annotation.pk


def number_annotations(annotations: Iterable[Annotation]) -> list[tuple[int, Annotation]]:
    """Return annotations newest first, each with its number on charts, which rises along the time axis."""
    return list(enumerate(sorted(annotations, key=_by_day), start=1))[::-1]


def drawn_on(views: Iterable[TileView], numbered: list[tuple[int, Annotation]]) -> list[tuple[int, Annotation]]:
    """Return those of the numbered annotations that lie in the range of a chart among the tiles."""
    drawn = {note.number for view in views if view.chart for note in view.chart.notes}
    return [(number, one) for number, one in numbered if number in drawn]


def visible_slugs(
    user: Any, questions: Iterable[dict[str, Any]], known: Iterable[Product] = ()
) -> tuple[set[str], set[str]]:
    """Return the products and the sources among those that questions name which this user may read; ≤ 2 queries.

    `known` products are at hand already and need no query.
    """
    questions = list(questions)
    loaded = {product.slug: product for product in known}
    products = {slug for question in questions for slug in question.get("products") or []} - loaded.keys()
    sources = {slug for question in questions for slug in question.get("sources") or []}
    seen_products = Product.objects.visible_to(user).filter(slug__in=products) if products else []
    seen_sources = Source.objects.visible_to(user).filter(slug__in=sources) if sources else []
    readable = {slug for slug, product in loaded.items() if can_see(user, product)}
    return readable | {one.slug for one in seen_products}, {one.slug for one in seen_sources}


def may_read(question: dict[str, Any], products: set[str], sources: set[str]) -> bool:
    """Say whether all that a question names is among the products and sources that somebody may read."""
    # A slug that does not exist is a fault of the question, told by its failure, not a secret.
    return set(question.get("products") or []) <= products and set(question.get("sources") or []) <= sources


def sees_metric(user: Any, tile: Tile) -> bool:
    """Say whether a user may read the metric of a tile; of other tiles, yes."""
    return not tile.metric_id or can_see(user, tile.metric)


def _links(tile: Tile, question: dict[str, Any] | None, scope_query: str) -> dict[str, str]:
    tail = f"?{scope_query}" if scope_query else ""
    links = {"page": reverse("dashboards:tile-page", args=[tile.pk]) + tail}
    if question:
        named = {"series": tile.asks["series"]} if named_insights(tile.asks) else {}  # to be changed, not written out
        asked = urlencode({"q": _compact(question | named), **({"chart": tile.chart} if tile.chart else {})})
        links["csv"] = reverse("dashboards:tile-csv", args=[tile.pk]) + tail
        is_metric = tile.kind == Tile.Kind.METRIC
        links["explore"] = tile.metric.get_absolute_url() if is_metric else f"{explore_page()}?{asked}"
    return links


def explore_page() -> str:
    """Return the address of Explore."""
    return reverse("explore:explore")


def _compact(question: dict[str, Any]) -> str:
    return json.dumps(question, separators=(",", ":"), ensure_ascii=False)


def show_tiles(
    tiles: Iterable[Tile],
    scope: ScopeView,
    annotations: list[Annotation],
    *,
    user: Any,
    now: datetime,
    size: str = "small",
) -> list[TileView]:
    """Return tiles with their stored answers; constant in queries, and none of them a question to the event store."""
    tiles = list(tiles)
    questions = tile_questions(tiles, scope.scope, now)
    answers = stored_answers(questions.values())
    version = data_version() if questions else 0
    known = {tile.owner_of_question.product for tile in tiles}
    products, sources = visible_slugs(user, questions.values(), known)
    personal = dict(zip(questions, reads_personal(list(questions.values()), user), strict=True))
    notes = notes_of(annotations)
    views = []
    for tile in tiles:
        question = questions.get(tile.pk)
        links = _links(tile, question, scope.query)
        if question is None:
            views.append(TileView(tile, "t", html=render_text(tile.text), links=links))
        elif personal[tile.pk] or not may_read(question, products, sources) or not sees_metric(user, tile):
            views.append(_hidden(tile, links, _PERSONAL if personal[tile.pk] else _UNSEEN))
        else:
            answer = answers.get(answer_key(question))
            freshness = freshness_of(answer, version, now)
            chart = _chart(tile, answer, notes, links, size, user) if freshness.has_answer else None
            offers = tuple(offers_for(tile, user))
            views.append(TileView(tile, _stamp(answer, freshness), freshness, chart, links=links, offers=offers))
    return views


def _hidden(tile: Tile, links: dict[str, str], sentence: str) -> TileView:
    # Neither the question nor the title of an insight is told: both may say what is not shared.
    tile.title = tile.title or "Not shared with you"
    page = {"page": links["page"]}
    return TileView(tile, "h", freshness=Freshness("hidden", sentence), links=page, is_hidden=True)


def _chart(tile: Tile, answer: TileAnswer, notes: list[Note], links: dict[str, str], size: str, user: Any) -> ChartView:
    labels = answer.answer.get("labels") or [""]
    first = str(labels[0])[:10]
    last = str((answer.answer.get("facts") or {}).get("date_to") or answer.computed_at.date())[:10]
    in_range = [note for note in notes if (note.ends_on or note.starts_on) >= first and note.starts_on <= last]
    return build_chart_view(
        answer.answer,
        tile.chart,
        key=f"tile-{tile.pk}",
        title=str(tile),
        notes=in_range,
        csv_url=links["csv"],
        open_url=links["explore"],
        people_url=people_link_of_answer(answer.answer, user) if size == "large" else None,
        size=size,
        heading_level=2,
    )


def show_dashboard(dashboard: Dashboard, scope: ScopeView, *, user: Any, now: datetime) -> DashboardView:
    """Return all that a dashboard's page shows."""
    annotations = list(Annotation.objects.shown_on(dashboard))
    views = show_tiles(dashboard.tiles.live().with_questions(), scope, annotations, user=user, now=now)
    ages = [view.freshness for view in views if view.freshness]
    return DashboardView(
        dashboard=dashboard,
        tiles=views,
        annotations=number_annotations(annotations),
        data_until=min((age.data_until for age in ages if age.data_until), default=None),
        computed_at=min((age.computed_at for age in ages if age.computed_at), default=None),
    )


def about_board(board: DashboardView, scope: ScopeView) -> list[tuple[str, str]]:
    """Return what a file of a dashboard says of itself: range, filters, and what became of each tile."""
    filters = "; ".join(line["text"] for line in scope.filter_lines) or "none but each tile's own"
    said = [("Dashboard", board.dashboard.title), ("Product", str(board.dashboard.product))]
    said += [("Range", scope.label), ("Filters", filters)]
    for view in board.tiles:
        if view.tile.kind == Tile.Kind.TEXT:
            said.append((f"Text: {view.tile.title}".rstrip(": "), view.tile.text))
        elif view.chart is None:
            said.append((f"Tile: {view.tile}", f"not here. {view.freshness.sentence}"))
        elif view.freshness.state != "fresh":
            words = "the last try failed" if view.freshness.state == "failed" else "a newer answer is being computed"
            said.append((f"Tile: {view.tile}", f"its numbers may be old: {words}."))
    return said


def recent_dashboards(user: Any, limit: int = 6) -> list[Dashboard]:
    """Return what a user looked at last, newest first."""
    boards = Dashboard.objects.visible_to(user).live().with_marks(user).select_related("product")
    return list(boards.filter(viewed_at__isnull=False).order_by("-viewed_at")[:limit])


def dashboards_for_home(user: Any, limit: int = 6) -> list[Dashboard]:
    """Return, in one read, all that Home picks from: the user's home, and what is starred, seen or changed last."""
    boards = Dashboard.objects.visible_to(user).live().with_marks(user).select_related("product", "owner")
    picks = [
        boards.filter(is_home=True),
        boards.filter(is_starred=True).order_by("title"),
        boards.filter(viewed_at__isnull=False).order_by("-viewed_at"),
        boards.order_by("-updated_at"),
    ]
    return list(boards.filter(reduce(or_, [Q(pk__in=pick.values("pk")[:limit]) for pick in picks])))
