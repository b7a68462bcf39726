"""What people asked for: the list of statuses, everybody behind one thing, and setting a status."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from insights.voice.closing.access import get_change, get_kind, get_thing
from insights.voice.closing.actions import draft_missing, set_status, take_back_status
from insights.voice.closing.contracts import TELL_WITHIN_DAYS
from insights.voice.closing.drafting import LETTER
from insights.voice.closing.filters import StatusListFilter
from insights.voice.closing.forms import StatusForm
from insights.voice.closing.models import StatusChange
from insights.voice.closing.queries import (
    STATES,
    ThingPage,
    name_behind,
    quote_behind,
    read_share,
    read_thing,
    waiting_to_hear,
)
from insights.voice.closing.showing import BEHIND_COLUMNS, COLUMNS, SORTS
from insights.voice.closing.telling import ask_to_send_all
from portal.audit.public import history_of
from portal.people.public import can, is_insider
from portal.shell.public import answer_form, answer_list, file_answer, render_page, wants_file, wants_fragment

_PER_PAGE = 50


@require_GET
def loop_list(request: HttpRequest) -> HttpResponse:
    """List what has a status, and how many heard of it."""
    user, now = request.user, timezone.now()
    changes = StatusChange.objects.visible_to(user).current().dressed().with_shares(now)
    share, rate = read_share(user, now=now)
    more = {"share": share, "rate": rate, "days": TELL_WITHIN_DAYS}
    found = StatusListFilter(request.GET, changes, user=user)
    return answer_list(request, "insights/voice/loop_list.html", found, COLUMNS, SORTS, "-changed", **more)


@require_GET
def thing_page(request: HttpRequest, kind: str, thing_id: int) -> HttpResponse:
    """Show everybody behind a thing: what they asked, and what they heard of its status.

    Who they are stands there as it was noted; the page asks for the names of now once it stands.
    """
    user, thing, state = request.user, get_thing(request.user, kind, thing_id), _state(request)
    page = read_thing(kind, thing, now=timezone.now(), state=state)
    if file_kind := wants_file(request):
        quote_behind(page.rows, kind, thing, user)
        name_behind(page.rows, thing)
        about = [] if file_kind == "csv" else [(get_kind(kind).label, str(thing)), ("Told", dict(STATES)[state])]
        return file_answer(file_kind, "who-asked", BEHIND_COLUMNS, page.rows, about)
    context = _behind(request, kind, thing, page, state)
    return render_page(request, "insights/voice/loop_page.html", context, fragment="rows")


@require_GET
def thing_people(request: HttpRequest, kind: str, thing_id: int) -> HttpResponse:
    """Show everybody behind a thing as they are known now, and who may be written to, as a piece of its page."""
    thing, state = get_thing(request.user, kind, thing_id), _state(request)
    if not wants_fragment(request):
        return redirect("closing:thing-page", kind, thing_id)
    context = _behind(request, kind, thing, read_thing(kind, thing, now=timezone.now(), state=state), state)
    name_behind(context["rows"].object_list, thing)
    return render(request, "insights/voice/loop_page.html#people", context)


def _state(request: HttpRequest) -> str:
    state = request.GET.get("state", "")
    return state if state in dict(STATES) else ""


def _behind(request: HttpRequest, kind: str, thing: Any, page: ThingPage, state: str) -> dict[str, Any]:
    """Return what the page of a thing shows, with the words of the rows of a page."""
    rows = Paginator(page.rows, _PER_PAGE).get_page(request.GET.get("page"))
    rows.object_list = list(rows.object_list)
    quote_behind(rows.object_list, kind, thing, request.user)
    return {
        "kind": get_kind(kind),
        "thing": thing,
        "page": page,
        "rows": rows,
        "state": state,
        "states": STATES,
        "days": TELL_WITHIN_DAYS,
        "may_tell": can(request.user, "closing.tell", thing),
    }


@require_GET
def thing_status(request: HttpRequest, kind: str, thing_id: int) -> HttpResponse:
    """Show the status of a thing and how many heard of it, as a piece of the thing's own page."""
    user, thing = request.user, get_kind(kind).get(request.user, thing_id, False)
    changes = StatusChange.objects.filter(kind=kind, thing_id=thing.pk).current().dressed()
    inside = is_insider(user, thing.team_id)
    context = {
        "kind": get_kind(kind),
        "thing": thing,
        "change": changes.with_shares(timezone.now()).first(),
        "is_inside": inside,
        "may_tell": inside and can(user, "closing.tell", thing),
    }
    return render_page(request, "insights/voice/loop_status.html", context, fragment="status")


@require_http_methods(["GET", "POST"])
def status_new(request: HttpRequest, kind: str, thing_id: int) -> HttpResponse:
    """Say what becomes of a thing, and draft what those who asked are told."""
    thing = get_thing(request.user, kind, thing_id, write=True)
    page = read_thing(kind, thing, now=timezone.now())
    now = page.change
    start = {
        "status": now.status if now else "planned",
        "is_told": True,
        "subject": now.subject if now else f"About what you told us: {thing}"[:150],
        "letter": (now.letter if now else "") or LETTER,
        "seen": now.pk if now else 0,
    }
    form = StatusForm(request.POST or None, initial=start)

    def save(**values: Any) -> StatusChange:
        return set_status(kind, thing_id, actor=request.user, **values)

    said = "Saved. Read the drafts, then send them."
    if form.is_bound and not form["is_told"].data:
        said = "Saved. Nobody is told."
    context = {"kind": get_kind(kind), "thing": thing, "page": page}
    return answer_form(request, "insights/voice/loop_status_form.html", form, save, said, **context)


@require_http_methods(["GET", "POST"])
def status_take_back(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask, then take a status back of which nobody was told."""
    change = get_change(request.user, pk, write=True)
    if request.method == "POST":
        take_back_status(change, actor=request.user)
        messages.success(request, "Taken back.")
        return redirect(change)
    return render(request, "insights/voice/loop_take_back.html", {"change": change})


@require_POST
def send_all(request: HttpRequest, pk: int) -> HttpResponse:
    """Have every draft of a status sent to whom it may be sent."""
    change = get_change(request.user, pk, write=True)
    ask_to_send_all(change, actor=request.user)
    messages.success(request, "They are being sent. Who may not be written to now stays, with the reason.")
    return redirect(change)


@require_POST
def add_missing(request: HttpRequest, pk: int) -> HttpResponse:
    """Draft letters to those who asked since the status was set."""
    change = get_change(request.user, pk, write=True)
    n_new = draft_missing(change, actor=request.user)
    messages.success(request, f"{n_new} more to tell." if n_new else "Everybody has a draft already.")
    return redirect(change)


@require_GET
def change_history(request: HttpRequest, pk: int) -> HttpResponse:
    """Show what was done about a status, as a piece of its page."""
    change = get_change(request.user, pk)
    context = {"change": change, "history": history_of(change)}
    return render_page(request, "insights/voice/loop_history.html", context, fragment="history")


@require_GET
def my_loops(request: HttpRequest) -> HttpResponse:
    """Show of which of the reader's statuses some wait to hear, as a piece of Home."""
    rows, has_more = waiting_to_hear(request.user, now=timezone.now())
    context = {"rows": rows, "has_more": has_more}
    return render_page(request, "insights/voice/loop_mine.html", context, fragment="mine")
