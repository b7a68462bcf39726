"""Pages of flow and of items."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_GET, require_POST

from portal.audit.public import history_of
from portal.people.public import can, can_see
from portal.shell.public import answer_list, file_answer, render_page, wants_file
from roadmaps.delivery.work import actions
from roadmaps.delivery.work.access import get_item
from roadmaps.delivery.work.filters import ItemListFilter
from roadmaps.delivery.work.flow_page import COLUMNS as WEEK_COLUMNS
from roadmaps.delivery.work.flow_page import read_flow_page
from roadmaps.delivery.work.forms import PlaceForm
from roadmaps.delivery.work.models import WorkItem
from roadmaps.delivery.work.queries import local_today, local_zone, open_item

SORTS = {
    "changed": "changed_at",
    "key": "key",
    "title": "title",
    "started": "started_at",
    "finished": "finished_at",
    "estimate": "estimate",
    "status": "status",
}
COLUMNS = {
    "key": lambda item: item.key,
    "title": lambda item: item.title,
    "tracker": lambda item: item.tracker.name,
    "product": lambda item: item.tracker.product.name,
    "type": lambda item: item.kind,
    "status": lambda item: item.status,
    "means": lambda item: item.get_phase_display() or "not said",
    "estimate": lambda item: item.estimate,
    "parent": lambda item: item.parent_key,
    "labels": lambda item: ", ".join(item.labels),
    "version or milestone": lambda item: item.milestone,
    "opened": lambda item: item.opened_at,
    "started": lambda item: item.started_at,
    "finished": lambda item: item.finished_at,
    "given up": lambda item: item.dropped_at,
    "address": lambda item: item.url,
}


@require_GET
def flow(request: HttpRequest) -> HttpResponse:
    """Show how a product's work flows: throughput, cycle times, what is in work, what is larger than usual."""
    page = read_flow_page(request.user, request.GET, request)
    if kind := wants_file(request):
        return file_answer(kind, "weeks", WEEK_COLUMNS, page.weeks, [])
    return render_page(request, "roadmaps/delivery/work/flow_page.html", {"page": page}, fragment="body")


@require_GET
def item_list(request: HttpRequest) -> HttpResponse:
    """List the items that the user may read."""
    found = ItemListFilter(request.GET, WorkItem.objects.visible_to(request.user).of_rows(), user=request.user)
    dress = _hide_unseen(request.user)
    return answer_list(request, "roadmaps/delivery/work/item_list.html", found, COLUMNS, SORTS, "-changed", dress=dress)


def _hide_unseen(user: Any) -> Any:
    """Return what takes initiatives away that the reader may not see."""

    def dress(items: list[WorkItem]) -> None:
        for item in items:
            item.place = item.initiative if item.initiative and can_see(user, item.initiative) else None

    return dress


@require_GET
def item_page(request: HttpRequest, pk: int) -> HttpResponse:
    """Show an item: where it stands, its history, and to what it belongs."""
    item = get_item(request.user, pk)
    _hide_unseen(request.user)([item])
    may_edit = can(request.user, "trackers.edit", item.tracker)
    form = None
    if may_edit:
        chosen = item.initiative_id if item.placed_by == WorkItem.PlacedBy.HAND else None
        start = {"initiative": chosen}
        form = PlaceForm(initial=start, tracker=item.tracker, user=request.user, chosen=item.initiative_id)
    context = {
        "item": item,
        "open": open_item(item, None, local_today(), local_zone()) if item.phase == "doing" else None,
        "changes": list(item.changes.all()[:500]),
        "form": form,
        "history": history_of(item),
        "may_edit": may_edit,
    }
    return render_page(request, "roadmaps/delivery/work/item_page.html", context)


@require_POST
def item_place(request: HttpRequest, pk: int) -> HttpResponse:
    """Put an item into an initiative by hand, or give it back to the rules."""
    item = get_item(request.user, pk, write=True)
    form = PlaceForm(request.POST, tracker=item.tracker, user=request.user, chosen=item.initiative_id)
    if form.is_valid():
        initiative = form.cleaned_data["initiative"]
        actions.place_items([item], initiative, actor=request.user)
        said = f"It belongs to “{initiative}” now." if initiative else "The rules of its tracker say where it belongs."
        messages.success(request, said)
    else:
        messages.error(request, "Choose an initiative of the tracker's product.")
    return redirect(item)
