"""Packs: the list, freezing a dashboard, and a pack with then, now and why."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from insights.dashboards.access import get_dashboard
from insights.dashboards.queries import show_dashboard
from insights.dashboards.scope_form import read_scope
from insights.dashboards.views.parts import ROOM, trail_of
from insights.sharing import actions
from insights.sharing.access import get_pack
from insights.sharing.checking import watch_pack
from insights.sharing.filters import PackFilter
from insights.sharing.forms import PackForm, ReasonForm
from insights.sharing.models import Pack
from insights.sharing.pack_files import pack_file
from insights.sharing.packs import show_pack
from portal.people.public import can, require
from portal.shell.public import answer_form, answer_list, render_page, wants_file

SORTS = {"name": "name", "dashboard": "dashboard_title", "held": "held_on", "frozen": "frozen_at"}
COLUMNS = {
    "name": lambda pack: pack.name,
    "dashboard": lambda pack: pack.dashboard_title,
    "product": lambda pack: pack.product.name,
    "meeting": lambda pack: pack.held_on,
    "range": lambda pack: pack.range_words,
    "frozen": lambda pack: pack.frozen_at,
    "by": lambda pack: str(pack.frozen_by or "the portal"),
    "note": lambda pack: pack.note,
}


@require_GET
def pack_list(request: HttpRequest) -> HttpResponse:
    """Show the packs of the dashboards that this user may read."""
    packs = Pack.objects.visible_to(request.user).select_related("product", "frozen_by")
    found = PackFilter(request.GET, queryset=packs)
    return answer_list(request, "insights/sharing/pack_list.html", found, COLUMNS, SORTS, "-frozen", here="packs")


@require_http_methods(["GET", "POST"])
def pack_new(request: HttpRequest) -> HttpResponse:
    """Freeze a dashboard, under the range and filters of the address."""
    dashboard = get_dashboard(request.user, request.GET.get("dashboard", ""))
    require(request.user, "packs.freeze", dashboard)
    scope, now = read_scope(request.GET, dashboard), timezone.now()
    board = show_dashboard(dashboard, scope, user=request.user, now=now)
    form = PackForm(request.POST or None, initial={"held_on": timezone.localdate(now)})

    def freeze(**values):
        return actions.freeze_dashboard(dashboard, actor=request.user, scope=scope.scope, **values)

    context = {"dashboard": dashboard, "scope": scope, "board": board, "trail": trail_of(dashboard)}
    said = "“{}” is frozen. Its numbers stay as they are here."
    return answer_form(request, "insights/sharing/pack_new.html", form, freeze, said, **context)


@require_GET
def pack_page(request: HttpRequest, pack_id: int) -> HttpResponse:
    """Show a pack: per tile what the numbers were, what they are now, and why; or the same as a file."""
    pack = get_pack(request.user, pack_id)
    view = show_pack(pack, user=request.user, now=timezone.now())
    if kind := wants_file(request):
        return pack_file(request, view, kind)
    if view.is_pending:
        watch_pack(pack)
    context = {"view": view, "pack": pack, "trail": [*ROOM, ("Packs", "/sharing/packs/")]}
    context["may_remove"] = can(request.user, "packs.remove", pack)
    return render_page(request, "insights/sharing/pack_page.html", context, fragment="tiles")


@require_http_methods(["GET", "POST"])
def pack_remove(request: HttpRequest, pack_id: int) -> HttpResponse:
    """Remove a pack for good, with a reason."""
    pack = get_pack(request.user, pack_id, write=True)
    form = ReasonForm(request.POST or None)
    if form.is_valid():
        actions.remove_pack(pack, actor=request.user, reason=form.cleaned_data["reason"])
        messages.success(request, f"“{pack}” is removed. The audit trail keeps what it was and why it went.")
        return redirect("sharing:pack-list")
    context = {"form": form, "pack": pack, "trail": [*ROOM, (pack.name, pack.get_absolute_url())]}
    status = 422 if form.is_bound else 200
    return render_page(request, "insights/sharing/pack_remove.html", context, status=status)
