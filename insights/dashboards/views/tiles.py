"""Tiles: shown large, added, changed, arranged, moved, deleted and brought back."""

import json

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from insights.dashboards import actions, refreshing
from insights.dashboards.access import get_dashboard, get_tile
from insights.dashboards.forms import MoveTileForm, QuestionTileForm, TextTileForm
from insights.dashboards.models import Annotation, Tile
from insights.dashboards.queries import TileView, explore_page, show_tiles
from insights.dashboards.scope_form import read_scope
from insights.dashboards.views.parts import ROOM, go_back, offer_undo, trail_of
from insights.explore.public import Insight, chart_file, get_insight
from insights.metrics.public import Metric, get_metric
from insights.questions.public import parse_question, say_question, title_question
from portal.people.public import can
from portal.shell.public import BadInput, Conflict, NotFound, render_page, words_in

_IN_HAND = "dashboards_tile_in_hand"


def _view_of(request: HttpRequest, tile: Tile, size: str = "") -> tuple[TileView, object]:
    scope = read_scope(request.GET, tile.dashboard)
    annotations = list(Annotation.objects.shown_on(tile.dashboard))
    views = show_tiles([tile], scope, annotations, user=request.user, now=timezone.now(), size=size)
    return views[0], scope


@require_GET
def tile_page(request: HttpRequest, tile_id: int) -> HttpResponse:
    """Show one tile in full: chart, table and why this number."""
    tile = get_tile(request.user, tile_id)
    view, scope = _view_of(request, tile, size="large")
    if view.is_pending:
        refreshing.watch_dashboard(tile.dashboard, scope.scope)
    context = {
        "view": view,
        "tile": tile,
        "dashboard": tile.dashboard,
        "scope": scope,
        "trail": trail_of(tile.dashboard),
        "can_edit": can(request.user, "dashboards.edit", tile),
    }
    return render_page(request, "insights/dashboards/tile_page.html", context, fragment="tile")


@require_GET
def tile_csv(request: HttpRequest, tile_id: int) -> HttpResponse:
    """Return the numbers that a tile shows, as CSV; with `format=xlsx` as XLSX."""
    tile = get_tile(request.user, tile_id)
    view, _ = _view_of(request, tile)
    if view.chart is None:
        raise NotFound("This tile has no numbers yet. Open the dashboard and wait until they are computed.")
    return chart_file(request, view.chart)


@require_http_methods(["GET", "POST"])
def tile_add(request: HttpRequest, slug: str) -> HttpResponse:
    """Choose what to put on a dashboard: a saved insight, a new question, or a text."""
    dashboard = get_dashboard(request.user, slug, write=True)
    form = TextTileForm(request.POST or None)
    if request.method == "POST" and "insight" in request.POST:
        return _add_insight(request, dashboard)
    if request.method == "POST" and "metric" in request.POST:
        return _add_metric(request, dashboard)
    if request.method == "POST" and form.is_valid():
        tile = actions.add_tile(dashboard, actor=request.user, kind=Tile.Kind.TEXT, **form.values())
        return redirect(f"{dashboard.get_absolute_url()}#tile-{tile.pk}")
    words = request.GET.get("q", "").strip()[:100]
    insights = Insight.objects.visible_to(request.user).filter(words_in(words, "title")).select_related("product")
    metrics = Metric.objects.visible_to(request.user).live().matching(words).select_related("product")
    context = {
        "form": form,
        "q": words,
        "metrics": metrics.order_by("-is_certified", "name")[:50],
        "insights": insights.order_by("-updated_at")[:50],
        "explore_url": f"{explore_page()}?dashboard={dashboard.slug}",
        "dashboard": dashboard,
        "trail": trail_of(dashboard),
    }
    return render_page(request, "insights/dashboards/tile_add.html", context, status=422 if form.is_bound else 200)


def _add_insight(request: HttpRequest, dashboard) -> HttpResponse:
    insight = get_insight(request.user, _number(request.POST["insight"]))
    try:
        tile = actions.add_tile(dashboard, actor=request.user, insight=insight)
    except BadInput as error:
        messages.error(request, f"“{insight}” was not added. {_said(error)}")
        return redirect("dashboards:tile-add", slug=dashboard.slug)
    messages.success(request, f"“{insight}” is on the dashboard.")
    return redirect(f"{dashboard.get_absolute_url()}#tile-{tile.pk}")


def _add_metric(request: HttpRequest, dashboard) -> HttpResponse:
    metric = get_metric(request.user, _number(request.POST["metric"]))
    chart = request.POST.get("chart", "number")
    tile = actions.add_tile(dashboard, actor=request.user, kind=Tile.Kind.METRIC, metric=metric, chart=chart[:20])
    messages.success(request, f"“{metric}” is on the dashboard.")
    return redirect(f"{dashboard.get_absolute_url()}#tile-{tile.pk}")


def _said(error: BadInput) -> str:
    return " ".join(error.sentences)


def _number(text: str) -> int:
    if not text.isdecimal():
        raise BadInput("This address or form was cut off. Go back and try again.")
    return int(text)


@require_http_methods(["GET", "POST"])
def tile_create(request: HttpRequest) -> HttpResponse:
    """Put a question from Explore on a dashboard: choose which, and how it is called there."""
    sent = request.POST or request.GET
    question = _read_question(sent.get("q", ""))
    editing = _tile_in_hand(request)
    form = MoveTileForm(request.POST or None, user=request.user, initial={"dashboard": _wanted(request)})
    if request.method == "POST" and form.is_valid():
        dashboard = form.cleaned_data["dashboard"]
        fields = {
            "title": sent.get("title", "").strip()[:120],
            "question": question,
            "chart": sent.get("chart", "")[:20],
        }
        try:
            tile = actions.add_tile(dashboard, actor=request.user, **fields)
            return redirect(f"{dashboard.get_absolute_url()}#tile-{tile.pk}")
        except BadInput as error:
            form.add_error(None, _said(error))
    words = {"words": say_question(question), "title": sent.get("title") or title_question(question)}
    context = {"form": form, "sent": sent, "trail": ROOM, "editing": editing, **words}
    return render_page(request, "insights/dashboards/tile_create.html", context, status=422 if form.is_bound else 200)


def _tile_in_hand(request: HttpRequest) -> Tile | None:
    """Return the tile whose question the person went to Explore to change, if it is still theirs to change."""
    tile_id = request.session.get(_IN_HAND)
    tiles = Tile.objects.live().visible_to(request.user).select_related("dashboard", "insight")
    tile = tiles.filter(pk=tile_id).first() if tile_id else None
    return tile if tile and can(request.user, "dashboards.edit", tile) else None


@require_GET
def tile_explore(request: HttpRequest, tile_id: int) -> HttpResponse:
    """Open a tile's question in Explore, and remember which tile to offer when it comes back."""
    tile = get_tile(request.user, tile_id, write=True)
    view, _ = _view_of(request, tile)
    if "explore" not in view.links:
        raise NotFound("A text tile has no question.")
    request.session[_IN_HAND] = tile.pk
    return redirect(f"{view.links['explore']}&dashboard={tile.dashboard.slug}")


def _wanted(request: HttpRequest):
    slug = request.GET.get("dashboard", "")
    return get_dashboard(request.user, slug).pk if slug else None


def _read_question(text: str) -> dict:
    try:
        value = json.loads(text)
    except ValueError:
        raise BadInput("There is no question in this address. Build one in Explore first.") from None
    if not isinstance(value, dict):
        raise BadInput("There is no question in this address. Build one in Explore first.")
    parse_question(value, now=timezone.now(), default_zone=settings.WORKSPACE_TIME_ZONE)
    return value


@require_http_methods(["GET", "POST"])
def tile_edit(request: HttpRequest, tile_id: int) -> HttpResponse:
    """Change a tile's title, chart or text; a second editor keeps what they typed."""
    tile = get_tile(request.user, tile_id, write=True)
    kind = TextTileForm if tile.kind == Tile.Kind.TEXT else QuestionTileForm
    form = kind(request.POST or None, instance=get_tile(request.user, tile_id))
    conflict = ""
    if request.method == "POST" and form.is_valid():
        try:
            revision = form.cleaned_data["revision"] or 0
            actions.update_tile(tile, actor=request.user, revision=revision, **form.values())
            return redirect(f"{tile.dashboard.get_absolute_url()}#tile-{tile.pk}")
        except Conflict as error:
            conflict = error.message
            form.data = {**form.data.dict(), "revision": tile.revision}
    view, _ = _view_of(request, tile)
    context = {
        "form": form,
        "conflict": conflict,
        "theirs": tile,
        "tile": tile,
        "explore": "" if tile.metric_id else view.links.get("explore", ""),
        "words": "" if view.is_hidden or tile.metric_id else say_question(tile.asks or {}),
        "dashboard": tile.dashboard,
        "trail": trail_of(tile.dashboard),
    }
    status = 409 if conflict else 422 if form.is_bound else 200
    return render_page(request, "insights/dashboards/tile_form.html", context, status=status)


@require_POST
def tile_question(request: HttpRequest, tile_id: int) -> HttpResponse:
    """Replace a tile's question by one that was built in Explore."""
    tile = get_tile(request.user, tile_id, write=True)
    question = _read_question(request.POST.get("q", ""))
    revision = _number(request.POST.get("revision", str(tile.revision)))
    fields = {"question": question, "chart": request.POST.get("chart", tile.chart)[:20]}
    try:
        actions.update_tile(tile, actor=request.user, revision=revision, **fields)
    except BadInput as error:
        messages.error(request, f"“{tile}” was not changed. {_said(error)}")
    request.session.pop(_IN_HAND, None)
    return redirect(f"{tile.dashboard.get_absolute_url()}#tile-{tile.pk}")


@require_http_methods(["GET", "POST"])
def tile_move(request: HttpRequest, tile_id: int) -> HttpResponse:
    """Move a tile to another dashboard."""
    tile = get_tile(request.user, tile_id, write=True)
    form = MoveTileForm(request.POST or None, user=request.user, leaving=tile.dashboard)
    if request.method == "POST" and form.is_valid():
        actions.move_tile(tile, form.cleaned_data["dashboard"], actor=request.user)
        messages.success(request, f"“{tile}” is now on “{form.cleaned_data['dashboard']}”.")
        return redirect(f"{form.cleaned_data['dashboard'].get_absolute_url()}#tile-{tile.pk}")
    context = {"form": form, "tile": tile, "dashboard": tile.dashboard, "trail": trail_of(tile.dashboard)}
    return render_page(request, "insights/dashboards/tile_move.html", context, status=422 if form.is_bound else 200)


@require_POST
def tile_step(request: HttpRequest, tile_id: int) -> HttpResponse:
    """Move or resize a tile by one step."""
    tile = get_tile(request.user, tile_id, write=True)
    actions.step_tile(tile, actor=request.user, direction=request.POST.get("direction", ""))
    return go_back(request, tile.dashboard, f"#tile-{tile.pk}")


@require_POST
def tile_duplicate(request: HttpRequest, tile_id: int) -> HttpResponse:
    """Put a copy of a tile beside it."""
    tile = get_tile(request.user, tile_id, write=True)
    copy = actions.duplicate_tile(tile, actor=request.user)
    return go_back(request, tile.dashboard, f"#tile-{copy.pk}")


@require_POST
def tile_delete(request: HttpRequest, tile_id: int) -> HttpResponse:
    """Take a tile off its dashboard, with a way back."""
    tile = get_tile(request.user, tile_id, write=True)
    actions.delete_tile(tile, actor=request.user)
    undo = reverse("dashboards:tile-restore", args=[tile.pk])
    offer_undo(request, f"“{tile}” is deleted.", undo, request.POST.get("next") or tile.dashboard.get_absolute_url())
    return go_back(request, tile.dashboard)


@require_POST
def tile_restore(request: HttpRequest, tile_id: int) -> HttpResponse:
    """Put a deleted tile back."""
    tile = get_tile(request.user, tile_id, write=True, with_deleted=True)
    actions.restore_tile(tile, actor=request.user)
    return go_back(request, tile.dashboard, f"#tile-{tile.pk}")


@require_POST
def tile_refresh(request: HttpRequest, tile_id: int) -> HttpResponse:
    """Compute a tile again."""
    tile = get_tile(request.user, tile_id)
    scope = read_scope(request.GET, tile.dashboard)
    refreshing.refresh_now(tile.dashboard, scope.scope, actor=request.user, tile=tile)
    return go_back(request, tile.dashboard, f"#tile-{tile.pk}")
