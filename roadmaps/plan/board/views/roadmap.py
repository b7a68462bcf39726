"""The roadmap's page in all its views, and the pieces of it that are fetched while one scrolls."""

from datetime import timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_GET

from portal.people.public import can
from portal.shell.public import BadInput, file_answer, render_page, wants_file
from roadmaps.plan.board.columns import read_cell
from roadmaps.plan.board.files import COLUMNS, about, cards_of
from roadmaps.plan.board.forms import ViewForm
from roadmaps.plan.board.page import parse, read_roadmap
from roadmaps.plan.board.state import HORIZONS, State
from roadmaps.plan.board.timeline import Timeline, read_timeline

PAGE = "roadmaps/plan/board/roadmap.html"


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 7 else 0


@require_GET
def board(request: HttpRequest) -> HttpResponse:
    """Show the roadmap as the address asks: a view, filters, lanes, colours, a past day."""
    user, today = request.user, timezone.localdate()
    state = parse(request.GET, today)
    if kind := wants_file(request):
        said = [] if kind == "csv" else about(request, state)
        return file_answer(kind, "roadmap", COLUMNS, cards_of(state, user, today), said)
    lanes_from = _number(request.GET.get("lanes_from", ""))
    page = read_roadmap(state, user, today, page=request.GET.get("page", "1"), lanes_from=lanes_from)
    context = {
        "roadmap": page,
        "state": state,
        "query": state.address(),
        "to_today": state.address(day=None),
        "lanes_from": lanes_from,
        "may_make": _may_make(user),
        "may_move": user.is_ops or user.role == "product_manager",
        "view_form": ViewForm(user=user, initial={"name": page.saved.name if page.saved else ""}, auto_id="view_%s"),
        **_walk(page.timeline, state),
    }
    return render_page(request, PAGE, context, fragment="view")


def _walk(timeline: Timeline | None, state: State) -> dict[str, Any]:
    """Return the addresses around a timeline: the months before and after it, and what has no day."""
    if timeline is None:
        return {}
    window = timeline.window
    return {
        "earlier": state.address(start=window.moved(-2)),
        "later": state.address(start=window.moved(2)),
        "undated": state.address(view="list"),
        "timeline_last": window.end - timedelta(days=1),
        "has_forecasts": any(bar.likely is not None or bar.safe is not None for bar in timeline.bars),
    }


def _may_make(user: Any) -> bool:
    return any(can(user, "initiatives.create", one) for one in user.visible_products)


@require_GET
def cell(request: HttpRequest) -> HttpResponse:
    """Show the next cards of one place of the board."""
    user, today = request.user, timezone.localdate()
    state = parse(request.GET, today)
    column, lane = request.GET.get("column", ""), request.GET.get("lane", "")
    is_lane = not lane or lane == "none" or state.grouped_by == "stage" or (lane.isascii() and lane.isdigit())
    if column not in HORIZONS or not is_lane or len(lane) > 18:
        raise BadInput("There is no such place on the board.")
    found = read_cell(state, user, today, horizon=column, lane=lane, after=_number(request.GET.get("after", "")))
    context = {"cell": found, "state": state, "query": state.address()}
    return render_page(request, "roadmaps/plan/board/cell.html", context, fragment="cards")


@require_GET
def lines(request: HttpRequest) -> HttpResponse:
    """Show the next lines of the timeline."""
    today = timezone.localdate()
    state = parse({**request.GET.dict(), "view": "timeline"}, today)
    found = read_timeline(state, request.user, today, after=_number(request.GET.get("after", "")))
    context = {"timeline": found, "state": state, "query": state.address()}
    return render_page(request, "roadmaps/plan/board/lines.html", context, fragment="lines")
