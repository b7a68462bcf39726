"""The list of dashboards, and making a new one."""

import csv

from django.core.paginator import Paginator
from django.db.models import F, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from insights.dashboards import actions
from insights.dashboards.forms import DashboardForm, editable_products
from insights.dashboards.models import Dashboard
from insights.dashboards.queries import recent_dashboards
from insights.dashboards.views.parts import ROOM
from portal.people.public import Product
from portal.shell.public import NotAllowed, csv_cell, render_page

_PAGE_SIZE = 50
_SORTS = {
    "title": ["title"],
    "-title": ["-title"],
    "updated": ["updated_at"],
    "-updated": ["-updated_at"],
    "viewed": [F("viewed_at").asc(nulls_last=True), "title"],
    "-viewed": [F("viewed_at").desc(nulls_last=True), "title"],
}
_SHOW = {"all", "starred", "recent", "mine", "archived"}


def _filtered(request: HttpRequest):
    """Return the dashboards that the address asks for, and the filters in force."""
    chosen = {
        "q": request.GET.get("q", "").strip()[:100],
        "product": request.GET.get("product", ""),
        "show": request.GET.get("show") if request.GET.get("show") in _SHOW else "all",
        "sort": request.GET.get("sort") if request.GET.get("sort") in _SORTS else "-viewed",
    }
    boards = Dashboard.objects.visible_to(request.user).with_marks(request.user)
    boards = boards.select_related("product", "owner", "team")
    boards = boards.filter(archived_at__isnull=False) if chosen["show"] == "archived" else boards.live()
    if chosen["show"] == "starred":
        boards = boards.filter(is_starred=True)
    elif chosen["show"] == "recent":
        boards = boards.filter(viewed_at__isnull=False)
    elif chosen["show"] == "mine":
        boards = boards.filter(owner=request.user)
    if chosen["product"]:
        boards = boards.filter(product__slug=chosen["product"])
    for word in chosen["q"].split():
        boards = boards.filter(Q(title__icontains=word) | Q(purpose__icontains=word) | Q(product__name__icontains=word))
    return boards.order_by(*_SORTS[chosen["sort"]], "pk"), chosen


@require_GET
def dashboard_list(request: HttpRequest) -> HttpResponse:
    """Show the dashboards that this user may read."""
    boards, chosen = _filtered(request)
    if request.GET.get("format") == "csv":
        return _csv(boards)
    page = Paginator(boards, _PAGE_SIZE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "chosen": chosen,
        "sort": chosen["sort"],
        "is_filtered": bool(chosen["q"] or chosen["product"] or chosen["show"] != "all"),
        "recent": recent_dashboards(request.user, 4) if chosen["show"] == "all" and not chosen["q"] else [],
        "products": Product.objects.visible_to(request.user),
        "shows": [
            ("all", "All"),
            ("starred", "Starred"),
            ("recent", "Recently viewed"),
            ("mine", "Mine"),
            ("archived", "Archived"),
        ],
        "can_create": bool(editable_products(request.user)),
    }
    return render_page(request, "insights/dashboards/dashboard_list.html", context, fragment="results")


def _csv(boards) -> HttpResponse:
    response = HttpResponse(content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="dashboards.csv"'
    writer = csv.writer(response)
    writer.writerow(["title", "purpose", "product", "team", "owner", "visibility", "tiles", "changed_at"])
    for board in boards.iterator(chunk_size=500):
        row = [board.title, board.purpose, board.product, board.team, board.owner or "", board.visibility]
        writer.writerow(
            [*(csv_cell(str(value)) for value in row), board.n_tiles, board.updated_at.isoformat(timespec="seconds")]
        )
    return response


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
