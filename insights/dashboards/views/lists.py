"""The list of dashboards, and making a new one."""

from datetime import UTC, datetime

from django.db.models import Value
from django.db.models.functions import Coalesce
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from insights.dashboards import actions
from insights.dashboards.filters import DashboardListFilter
from insights.dashboards.forms import DashboardForm, editable_products
from insights.dashboards.models import Dashboard
from insights.dashboards.queries import recent_dashboards
from insights.dashboards.views.parts import ROOM
from portal.shell.public import NotAllowed, answer_list, render_page

SORTS = {
    "title": "title",
    "product": "product__name",
    "owner": "owner__name",
    "tiles": "n_tiles",
    "viewed": "viewed_or_never",
    "updated": "updated_at",
}
COLUMNS = {
    "title": lambda board: board.title,
    "purpose": lambda board: board.purpose,
    "product": lambda board: board.product.name,
    "team": lambda board: board.team.name,
    "owner": lambda board: str(board.owner or ""),
    "visibility": lambda board: board.visibility,
    "tiles": lambda board: board.n_tiles,
    "changed": lambda board: board.updated_at,
}
_NEVER = datetime(1970, 1, 1, tzinfo=UTC)  # sorts below every look, where nothing would sort above


@require_GET
def dashboard_list(request: HttpRequest) -> HttpResponse:
    """Show the dashboards that this user may read."""
    boards = Dashboard.objects.visible_to(request.user).with_marks(request.user)
    boards = boards.annotate(viewed_or_never=Coalesce("viewed_at", Value(_NEVER)))
    boards = boards.select_related("product", "owner", "team")
    found = DashboardListFilter(request.GET, queryset=boards, user=request.user)
    more = {"recent": recent_dashboards(request.user, 4), "can_create": bool(editable_products(request.user))}
    return answer_list(request, "insights/dashboards/dashboard_list.html", found, COLUMNS, SORTS, "-viewed", **more)


@require_http_methods(["GET", "POST"])
def dashboard_create(request: HttpRequest) -> HttpResponse:
    """Make a dashboard."""
    if not editable_products(request.user):
        raise NotAllowed("You can read dashboards. To make one, you need the role product manager in a product's team.")
    initial = {"owner": request.user, "date_from": "-30d", "title": request.GET.get("title", "")}
    form = DashboardForm(request.POST or None, user=request.user, initial=initial)
    if request.method == "POST" and form.is_valid():
        dashboard = actions.create_dashboard(actor=request.user, **form.values())
        return redirect(dashboard)
    context = {"form": form, "trail": ROOM, "here": "New dashboard", "cancel": reverse("dashboards:dashboard-list")}
    status = 422 if form.is_bound else 200
    return render_page(request, "insights/dashboards/dashboard_form.html", context, status=status)
