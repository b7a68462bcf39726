"""What of dashboards shows elsewhere: a block of Home, and results of the search."""

from collections.abc import Iterator
from typing import Any

from django.db.models import Case, Exists, IntegerField, OuterRef, Q, When
from django.db.models.functions import Coalesce
from django.http import HttpRequest
from django.http.request import QueryDict
from django.urls import reverse
from django.utils import timezone

from insights.dashboards import refreshing
from insights.dashboards.actions.starters import starter_title
from insights.dashboards.forms import editable_products
from insights.dashboards.models import Annotation, Dashboard, DashboardQuerySet, Tile, TileQuerySet, title_tile
from insights.dashboards.queries import dashboards_for_home, drawn_on, number_annotations, show_tiles
from insights.dashboards.scope_form import read_scope
from insights.events.public import Source
from insights.explore.public import Insight
from insights.metrics.public import Metric
from insights.questions.public import asks_about
from portal.people.public import can
from portal.shell.public import DatedNote, Offer, SearchHit, words_in

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


def find_tiles(thing: Any, user: Any) -> TileQuerySet | None:
    """Return the tiles that show a metric or an insight, or ask about an insight, an event, a property or a cohort."""
    may_see = Q(insight=None) | Q(insight__in=Insight.objects.visible_to(user).order_by())
    tiles = Tile.objects.visible_to(user).live().filter(may_see, dashboard__archived_at=None)
    if isinstance(thing, Metric):
        return tiles.filter(metric=thing)
    asks = asks_about(thing, Coalesce("insight__question", "question"), product="dashboard__product")
    if isinstance(thing, Insight) and asks is not None:
        return tiles.filter(Q(insight=thing) | asks)
    return None if asks is None else tiles.filter(asks)


def show_tile(tile: dict[str, Any]) -> SearchHit:
    """Return the hit of a tile that uses something."""
    named = title_tile(tile["title"], tile["metric__name"], tile["insight__title"], tile["question"])
    url = reverse("dashboards:dashboard-page", args=[tile["dashboard__slug"]])
    return SearchHit("Tile", f"{named} on {tile['dashboard__title']}", url)


def find_boards(thing: Any, user: Any) -> DashboardQuerySet | None:
    """Return the dashboards whose filters name a property or a cohort."""
    asks = asks_about(thing, "filters")
    return None if asks is None else Dashboard.objects.visible_to(user).live().filter(asks)


def show_board(board: dict[str, Any]) -> SearchHit:
    """Return the hit of a dashboard that uses something."""
    return SearchHit("Dashboard", board["title"], reverse("dashboards:dashboard-page", args=[board["slug"]]))


def list_notes(product: Any, user: Any) -> Iterator[DatedNote]:
    """Yield a product's annotations, for charts of other rooms."""
    for one in Annotation.objects.visible_to(user).filter(product=product).order_by("starts_on", "pk"):
        yield DatedNote(one.starts_on, one.text, one.ends_on)


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


def find_dashboards(user: Any, text: str) -> DashboardQuerySet:
    """Return dashboards whose title, purpose or a tile's title has all the words; titles first."""
    in_title = words_in(text, "title")
    tiles = Tile.objects.live().filter(in_title, dashboard=OuterRef("pk"))
    boards = Dashboard.objects.visible_to(user).live().filter(in_title | words_in(text, "purpose") | Q(Exists(tiles)))
    place = Case(When(in_title, then=0), default=1, output_field=IntegerField())
    return boards.annotate(_place=place).order_by("_place", "title", "pk")


def show_found(board: dict[str, Any]) -> SearchHit:
    """Return a dashboard as the search shows it."""
    about = " · ".join(filter(None, [board["product__name"], board["purpose"]]))
    return SearchHit("Dashboard", board["title"], reverse("dashboards:dashboard-page", args=[board["slug"]]), about)
