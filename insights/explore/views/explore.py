"""The explore page, its answer as CSV, what its fields offer, and the list of people behind a number."""

from dataclasses import asdict

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from insights.catalogue.public import sources_of_products
from insights.explore.builder.drafts import read_json
from insights.explore.onward import has_paths, paths_draft
from insights.explore.page import build_explore
from insights.explore.people import read_cell, read_people, take_people_along
from insights.explore.picking import find_picks
from insights.explore.queries import default_products, draft_view, explore_url, products_of
from insights.explore.state import State, read_state
from insights.explore.table_files import chart_file
from portal.shell.public import (
    MOST_PEOPLE_IN_FILE,
    BadInput,
    Sheet,
    render_page,
    sheet_answer,
    wants_file,
    wants_fragment,
)


def _state(request: HttpRequest) -> State:
    return read_state(request.GET, lambda: default_products(request.user), timezone.localtime())


@require_GET
def explore_page(request: HttpRequest) -> HttpResponse:
    """Build a question and show its answer; the address holds everything, short and ready to send."""
    state = _state(request)
    address = f"{reverse('explore:explore')}?{state.query}"
    is_piece, wants_answer = wants_fragment(request), request.GET.get("answer") == "now"
    if state.is_form and not is_piece:
        return redirect(address + ("&answer=now" if wants_answer else ""))
    page = build_explore(state, user=request.user, now=timezone.now(), may_wait=is_piece or wants_answer)
    if is_piece and wants_answer:
        return render_page(request, "insights/explore/_result.html", {"page": page})
    response = render_page(request, "insights/explore/explore.html", {"page": page}, fragment="workbench")
    if is_piece:
        response["HX-Push-Url"] = address
    return response


@require_GET
def picks(request: HttpRequest) -> JsonResponse:
    """Return the events, properties or values that contain what somebody types."""
    asked = request.GET
    scope = {"products": asked.getlist("products"), "sources": asked.getlist("sources")}
    sources = sources_of_products([product.pk for product in products_of(scope, request.user)])
    about = {"of": asked.get("of", ""), "name": asked.get("property", "").strip()[:200]}
    found = find_picks(sources, asked.get("what", ""), asked.get("text", "").strip()[:200], **about)
    return JsonResponse({"picks": [asdict(pick) for pick in found]})


@require_GET
def answer_csv(request: HttpRequest) -> HttpResponse:
    """Download the numbers of a question, as CSV; with `format=xlsx` as XLSX."""
    state = _state(request)
    return chart_file(request, draft_view(state.draft, state.chart, user=request.user, now=timezone.now()))


@require_POST
def people_paths(request: HttpRequest) -> HttpResponse:
    """Open the paths of exactly those behind a number of a funnel."""
    draft, cell = read_json(request.POST.get("q", "")), read_cell(request.POST.get("cell", ""))
    if draft is None or not has_paths(draft, cell):
        raise BadInput("This names no number of a funnel. Open it from a chart again.")
    found = paths_draft(draft, cell, user=request.user, now=timezone.now())
    return redirect(explore_url(found))


@require_GET
def people_page(request: HttpRequest) -> HttpResponse:
    """List who is behind a number, or hand all of them over as a file."""
    draft, now = _state(request).draft, timezone.now()
    if kind := wants_file(request):
        most = MOST_PEOPLE_IN_FILE
        taken = take_people_along(request.GET, draft, user=request.user, now=now, most=most)
        about = [*(taken.about if kind == "xlsx" else []), *taken.left_out]
        return sheet_answer(kind, taken.units, Sheet(taken.units, taken.head, taken.rows, about))
    people = read_people(request.GET, draft, user=request.user, now=now)
    return render_page(request, "insights/explore/people.html", {"people": people}, fragment="list")
