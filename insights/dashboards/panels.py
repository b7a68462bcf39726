"""What of dashboards shows elsewhere: a block of Home, and results of the search."""

from collections.abc import Iterable, Iterator
from typing import Any

from django.db.models import Q
from django.http import HttpRequest
from django.http.request import QueryDict
from django.urls import reverse
from django.utils import timezone

from insights.catalogue.public import CatalogueEvent, CatalogueProperty
from insights.cohorts.public import Cohort
from insights.dashboards import refreshing
from insights.dashboards.actions.starters import starter_title
from insights.dashboards.forms import editable_products
from insights.dashboards.models import Annotation, Dashboard, Tile
from insights.dashboards.queries import dashboards_for_home, drawn_on, number_annotations, show_tiles
from insights.dashboards.scope_form import read_scope
from insights.events.public import Source
from insights.explore.public import Insight
from insights.metrics.public import Metric
from insights.questions.public import does_mention, named_cohorts
from portal.people.public import can
from portal.shell.public import DatedNote, Offer, SearchHit

_TILES_ON_HOME = _MOST_ON_HOME = 6


def build_home(request: HttpRequest) -> dict[str, Any]:
    """Return the first tiles of the user's home dashboard; without one, what they starred and looked at last."""
    boards = dashboards_for_home(request.user)
    dashboard = next((board for board in boards if board.is_home), None)
    if dashboard is None:
        return _choices(boards, request.user)
    scope = read_scope(QueryDict(), dashboard)
    tiles = list(dashboard.tiles.live().with_questions().exclude(kind="text")[:_TILES_ON_HOME])
    top = min((tile.y for tile in tiles), default=0)
    for tile in tiles:
        tile.y -= top  # a text above them stays on the dashboard
    annotations = list(Annotation.objects.shown_on(dashboard))
    views = show_tiles(tiles, scope, annotations, user=request.user, now=timezone.now())
    if any(view.is_pending for view in views):
        refreshing.watch_dashboard(dashboard, scope.scope)
    notes = drawn_on(views, number_annotations(annotations))
    return {"dashboard": dashboard, "views": views, "scope": scope, "annotations": notes}


def _choices(boards: list[Dashboard], user: Any) -> dict[str, Any]:
    starred = sorted((board for board in boards if board.is_starred), key=lambda board: board.title)
    seen = sorted((board for board in boards if board.viewed_at), key=lambda board: board.viewed_at, reverse=True)
    found: dict[str, Any] = {"starred": starred[:_MOST_ON_HOME]}
    found["recent"] = [board for board in seen[:_MOST_ON_HOME] if board not in found["starred"]]
    if not starred and not seen:
        found["others"] = sorted(boards, key=lambda board: board.updated_at, reverse=True)[:_MOST_ON_HOME]
        found["can_create"] = bool(editable_products(user))
    return found


def find_uses(thing: Any, user: Any) -> Iterator[SearchHit]:
    """Yield the dashboards with a tile that shows an insight, or asks about an event or a property."""
    may_see = Q(insight=None) | Q(insight__in=Insight.objects.visible_to(user).order_by())
    if isinstance(thing, Metric):
        yield from _uses_of_metric(thing, user)
        return
    tiles = Tile.objects.visible_to(user).on_duty().filter(may_see)
    if isinstance(thing, Cohort):
        yield from _naming(thing, user, tiles)
        return
    if isinstance(thing, Insight):
        tiles = tiles.filter(insight=thing)
    elif isinstance(thing, (CatalogueEvent, CatalogueProperty)):
        tiles = tiles.filter(dashboard__product=thing.product_id)
    else:
        return
    for tile in tiles.select_related("dashboard", "insight").order_by("dashboard__title", "pk"):
        if isinstance(thing, Insight) or does_mention(tile.asks, thing):
            yield SearchHit("Tile", f"{tile} on {tile.dashboard}", tile.dashboard.get_absolute_url())


def _uses_of_metric(metric: Metric, user: Any) -> Iterator[SearchHit]:
    tiles = Tile.objects.visible_to(user).live().filter(metric=metric, dashboard__archived_at=None)
    for tile in tiles.select_related("dashboard", "metric").order_by("dashboard__title", "pk"):
        yield SearchHit("Tile", f"{tile} on {tile.dashboard}", tile.dashboard.get_absolute_url(), thing=tile.dashboard)


def list_notes(product: Any, user: Any) -> Iterator[DatedNote]:
    """Yield a product's annotations, for charts of other rooms."""
    for one in Annotation.objects.visible_to(user).filter(product=product).order_by("starts_on", "pk"):
        yield DatedNote(one.starts_on, one.text, one.ends_on)


def _naming(cohort: Cohort, user: Any, tiles: Any) -> Iterable[SearchHit]:
    """Yield the tiles whose questions name a cohort, and the dashboards whose filters do."""
    boards: dict[int, Dashboard] = {}
    for tile in tiles.select_related("dashboard", "insight").order_by("dashboard__title", "pk"):
        if cohort.names.intersection(named_cohorts(tile.asks)):
            yield SearchHit("Tile", f"{tile} on {tile.dashboard}", tile.dashboard.get_absolute_url())
        if cohort.names.intersection(named_cohorts(tile.dashboard.filters)):
            boards[tile.dashboard_id] = tile.dashboard
    for board in boards.values():
        yield SearchHit("Dashboard", board.title, board.get_absolute_url())


def offer_starter(thing: Any, user: Any) -> Offer | None:
    """Offer the dashboard of a source: the one that is there, else to make it from what the source's catalogue saw."""
    if not isinstance(thing, Source):
        return None
    boards = Dashboard.objects.visible_to(user).live().filter(product=thing.product, title=starter_title(thing))
    if made := boards.order_by("pk").first():
        return Offer("Open its dashboard", made.get_absolute_url(), detail=made.title)
    if not can(user, "dashboards.create", thing.product):
        return None
    words = "Active people, who comes back, top events and a funnel, from what this source has sent."
    return Offer("Make a starter dashboard", reverse("dashboards:starter-create"), {"source": thing.slug}, words)


def find_dashboards(user: Any, text: str, limit: int) -> list[SearchHit]:
    """Return dashboards whose title, purpose or a tile's title has all the words; titles first."""
    boards = Dashboard.objects.visible_to(user).live().select_related("product")
    by_title = boards
    for word in text.split():
        by_title = by_title.filter(title__icontains=word)
    hits = list(by_title.order_by("title")[:limit])
    if len(hits) < limit:
        others = boards.exclude(pk__in=[board.pk for board in hits])
        by_purpose, tiles = others, others
        for word in text.split():
            by_purpose = by_purpose.filter(purpose__icontains=word)
            tiles = tiles.filter(tiles__title__icontains=word, tiles__deleted_at=None)
        hits += list(
            (by_purpose | others.filter(pk__in=tiles.values("pk"))).order_by("title").distinct()[: limit - len(hits)]
        )
    return [
        SearchHit(
            "Dashboard",
            board.title,
            board.get_absolute_url(),
            " · ".join(filter(None, [str(board.product), board.purpose])),
        )
        for board in hits
    ]
