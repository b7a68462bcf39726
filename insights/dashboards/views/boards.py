"""The page of a dashboard, and what is done to it as a whole."""

import json

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from insights.dashboards import actions, refreshing
from insights.dashboards.access import get_dashboard
from insights.dashboards.actions.marks import note_view
from insights.dashboards.forms import DashboardForm
from insights.dashboards.layout import Box
from insights.dashboards.models import Dashboard
from insights.dashboards.queries import DashboardView, about_board, show_dashboard
from insights.dashboards.scope_form import OFS, OPS, PRESETS, ScopeView, read_scope
from insights.dashboards.views.parts import ROOM, go_back, offer_undo, trail_of
from insights.explore.public import charts_file, cohort_choices, picks_url
from portal.people.public import can
from portal.shell.public import BadInput, Conflict, OfferProvider, registry, render_page

STEPS = [
    ("left", "←"),
    ("right", "→"),
    ("up", "↑"),
    ("down", "↓"),
    ("wider", "⇥"),
    ("narrower", "⇤"),
    ("taller", "⤓"),
    ("shorter", "⤒"),
]


@require_GET
def dashboard_page(request: HttpRequest, slug: str) -> HttpResponse:
    """Show a dashboard with the answers that are stored, and have old ones looked at."""
    dashboard = get_dashboard(request.user, slug)
    scope = read_scope(request.GET, dashboard)
    if request.GET.get("property"):  # from the form that adds a filter: to the short address of the same state
        return redirect(f"{dashboard.get_absolute_url()}?{scope.query}")
    board = show_dashboard(dashboard, scope, user=request.user, now=timezone.now())
    if board.n_pending:
        refreshing.watch_dashboard(dashboard, scope.scope)
    note_view(dashboard, request.user)
    context = _page_context(request, dashboard, scope, board)
    return render_page(request, "insights/dashboards/dashboard_page.html", context)


@require_GET
def dashboard_xlsx(request: HttpRequest, slug: str) -> HttpResponse:
    """Return what a dashboard shows as one XLSX file: a sheet a tile, and first what they are and how fresh."""
    dashboard = get_dashboard(request.user, slug)
    scope = read_scope(request.GET, dashboard)
    board = show_dashboard(dashboard, scope, user=request.user, now=timezone.now())
    address = request.build_absolute_uri(f"{dashboard.get_absolute_url()}?{scope.query}".rstrip("?"))
    views = [view.chart for view in board.tiles if view.chart]
    return charts_file(request, dashboard.title, views, [*about_board(board, scope), ("Open it at", address)])


def _page_context(request: HttpRequest, dashboard: Dashboard, scope: ScopeView, board: DashboardView) -> dict:
    can_edit = can(request.user, "dashboards.edit", dashboard)
    return {
        "board": board,
        "dashboard": dashboard,
        "scope": scope,
        "presets": PRESETS,
        "ofs": OFS,
        "picks": {what: picks_url({"products": [dashboard.product.slug]}, what) for what in ("properties", "values")},
        "ops": OPS,
        "cohorts": cohort_choices({}, [dashboard.product_id], request.user),
        "pulse_query": _pulse_query(scope, board),
        "can_edit": can_edit and not dashboard.is_archived,
        "can_restore": can_edit and dashboard.is_archived,
        "is_arranging": can_edit and not dashboard.is_archived and "arrange" in request.GET,
        "is_starred": dashboard.is_starred,
        "is_home": dashboard.is_home,
        "trail": ROOM,
        "steps": STEPS,
        "offers": [offer for one in registry.all(OfferProvider) if (offer := one.offer(dashboard, request.user))],
    }


def _pulse_query(scope: ScopeView, board: DashboardView, beat: int = 0) -> str:
    known = ".".join(f"{view.tile.pk}-{view.stamp}" for view in board.tiles)
    return "&".join(filter(None, [scope.query, f"known={known}", f"beat={beat + 1}"]))


@require_GET
def dashboard_pulse(request: HttpRequest, slug: str) -> HttpResponse:
    """Return the tiles whose answers changed since the page (or the last pulse) showed them."""
    dashboard = get_dashboard(request.user, slug)
    scope = read_scope(request.GET, dashboard)
    known = dict(pair.split("-", 1) for pair in request.GET.get("known", "").split(".") if "-" in pair)
    beat = int(request.GET.get("beat", "0")) if request.GET.get("beat", "").isdigit() else 0
    board = show_dashboard(dashboard, scope, user=request.user, now=timezone.now())
    if board.n_pending:
        refreshing.watch_dashboard(dashboard, scope.scope)
    context = {
        "board": board,
        "dashboard": dashboard,
        "scope": scope,
        "changed": [view for view in board.tiles if known.get(str(view.tile.pk)) != view.stamp],
        "pulse_query": _pulse_query(scope, board, beat),
        "beat": beat,
        "can_edit": can(request.user, "dashboards.edit", dashboard),
    }
    return render_page(request, "insights/dashboards/_pulse.html", context)


@require_http_methods(["GET", "POST"])
def dashboard_edit(request: HttpRequest, slug: str) -> HttpResponse:
    """Change what a dashboard says of itself; a second editor sees what was changed and keeps what they typed."""
    dashboard = get_dashboard(request.user, slug, write=True)
    form = DashboardForm(request.POST or None, user=request.user, instance=get_dashboard(request.user, slug))
    conflict = ""
    if request.method == "POST" and form.is_valid():
        try:
            revision = form.cleaned_data["revision"] or 0
            saved = actions.update_dashboard(dashboard, actor=request.user, revision=revision, **form.values())
            messages.success(request, "Saved.")
            return redirect(saved)
        except Conflict as error:
            conflict = error.message
            form.data = {**form.data.dict(), "revision": dashboard.revision}
    context = {
        "form": form,
        "conflict": conflict,
        "theirs": dashboard,
        "dashboard": dashboard,
        "trail": trail_of(dashboard),
        "here": "Settings",
        "cancel": dashboard.get_absolute_url(),
    }
    status = 409 if conflict else 422 if form.is_bound else 200
    return render_page(request, "insights/dashboards/dashboard_form.html", context, status=status)


@require_POST
def dashboard_keep(request: HttpRequest, slug: str) -> HttpResponse:
    """Make the dates and filters of the address the dashboard's own, for everybody."""
    dashboard = get_dashboard(request.user, slug, write=True)
    view = read_scope(request.GET, dashboard)
    if view.problems:
        raise BadInput(" ".join(view.problems))
    sent = request.POST.get("revision", "")
    actions.update_dashboard(
        dashboard,
        actor=request.user,
        revision=int(sent) if sent.isdecimal() else 0,
        date_from=view.scope.date_from,
        date_to=view.scope.date_to,
        filters=list(view.scope.filters),
    )
    messages.success(request, "These dates and filters are now the dashboard's own, for everybody.")
    return redirect(dashboard)


@require_POST
def dashboard_archive(request: HttpRequest, slug: str) -> HttpResponse:
    """Put a dashboard away."""
    dashboard = get_dashboard(request.user, slug, write=True)
    actions.archive_dashboard(dashboard, actor=request.user)
    undo = reverse("dashboards:dashboard-restore", args=[slug])
    offer_undo(request, f"“{dashboard}” is archived.", undo, dashboard.get_absolute_url())
    return redirect("dashboards:dashboard-list")


@require_POST
def dashboard_restore(request: HttpRequest, slug: str) -> HttpResponse:
    """Bring an archived dashboard back."""
    dashboard = get_dashboard(request.user, slug, write=True)
    actions.restore_dashboard(dashboard, actor=request.user)
    messages.success(request, f"“{dashboard}” is restored.")
    return redirect(dashboard)


@require_POST
def dashboard_star(request: HttpRequest, slug: str) -> HttpResponse:
    """Star a dashboard, or take the star away."""
    dashboard = get_dashboard(request.user, slug)
    actions.set_star(dashboard, actor=request.user, is_starred=request.POST.get("star") == "on")
    return go_back(request, dashboard)


@require_POST
def dashboard_home(request: HttpRequest, slug: str) -> HttpResponse:
    """Show a dashboard on one's Home, or take it off."""
    dashboard = get_dashboard(request.user, slug)
    if request.POST.get("home") == "on":
        actions.set_home(dashboard, actor=request.user)
        messages.success(request, f"“{dashboard}” is now on your Home.")
    else:
        actions.clear_home(dashboard, actor=request.user)
    return go_back(request, dashboard)


@require_POST
def dashboard_refresh(request: HttpRequest, slug: str) -> HttpResponse:
    """Compute all tiles again, whether they are old or not."""
    dashboard = get_dashboard(request.user, slug)
    scope = read_scope(request.GET, dashboard)
    refreshing.refresh_now(dashboard, scope.scope, actor=request.user)
    return go_back(request, dashboard)


@require_POST
def dashboard_layout(request: HttpRequest, slug: str) -> HttpResponse:
    """Store where tiles were dragged to; JSON in and out, a second editor is told."""
    dashboard = get_dashboard(request.user, slug, write=True)
    try:
        sent = json.loads(request.body)
        places = [Box(*(int(one[name]) for name in ("id", "x", "y", "w", "h"))) for one in sent["tiles"]]
        revision = int(sent["revision"])
    except (ValueError, TypeError, KeyError):
        raise BadInput("Send {revision, tiles: [{id, x, y, w, h}]}.") from None
    try:
        saved = actions.arrange_tiles(dashboard, actor=request.user, revision=revision, places=places)
    except Conflict as error:
        fresh = get_dashboard(request.user, slug)
        return JsonResponse({"message": error.message, "revision": fresh.layout_revision}, status=409)
    tiles = list(saved.tiles.live().values("id", "x", "y", "w", "h"))
    return JsonResponse({"revision": saved.layout_revision, "tiles": tiles})
