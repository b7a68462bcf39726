"""The list of scenarios, making one, and the page on which it is compared."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from portal.people.public import Product, can, get_current_product
from portal.shell.public import BadInput, NotAllowed, NotFound, answer_form, answer_list, render_markdown, render_page
from roadmaps.plan.board.page import parse
from roadmaps.plan.scenarios import actions
from roadmaps.plan.scenarios.access import get_scenario, places_to_try
from roadmaps.plan.scenarios.filters import ScenarioListFilter
from roadmaps.plan.scenarios.forms import AboutForm, CapacityForm, NewForm, models_that_count, place_key
from roadmaps.plan.scenarios.models import Scenario, Sharing
from roadmaps.plan.scenarios.reading import read_comparison
from roadmaps.plan.scenarios.showing import rows_of

FOLDER = "roadmaps/plan/scenarios"
SORTS = {"newest": "created_at", "name": "name", "state": "state"}
COLUMNS = {
    "id": lambda row: row.pk,
    "name": lambda row: row.name,
    "team": lambda row: row.team.name,
    "product": lambda row: row.product.name if row.product else "",
    "owner": lambda row: str(row.owner or ""),
    "who opens it": lambda row: row.get_sharing_display(),
    "state": lambda row: row.get_state_display(),
    "made at": lambda row: row.created_at,
    "closed at": lambda row: row.closed_at or "",
    "closed by": lambda row: str(row.closed_by or ""),
    "why": lambda row: row.closed_why,
}
_NOBODY = "Scenarios are made by product managers of a product's team. Ask one of them, or an admin."
MOST_OTHERS = 50


@require_GET
def scenario_list(request: HttpRequest) -> HttpResponse:
    """List the scenarios that the reader may open."""
    rows = Scenario.objects.visible_to(request.user).of_rows()
    found = ScenarioListFilter(request.GET, rows, user=request.user)
    more: dict[str, Any] = {"may_make": can(request.user, "scenarios.edit")}
    return answer_list(request, f"{FOLDER}/scenario_list.html", found, COLUMNS, SORTS, "-newest", **more)


@require_http_methods(["GET", "POST"])
def scenario_new(request: HttpRequest) -> HttpResponse:
    """Copy the roadmap that the address asks for into a scenario."""
    user = request.user
    places = places_to_try(user)
    if not places:
        raise NotAllowed(_NOBODY)
    if not models_that_count():
        raise BadInput("No scoring model that makes a number is in use. Ask ops to set one up first.")
    state = parse(request.GET, timezone.localdate())
    if state.day:
        raise BadInput("A past day cannot be tried: take the day away.", fields={"day": ["Try what is there today."]})
    keys = [place_key(one) for one in places]
    current = get_current_product(user)
    asked = f"product:{state.product or (current.slug if current else '')}"
    start = {"of": asked if asked in keys else keys[0], "name": f"What if, {timezone.localdate():%-d %b %Y}"}
    form = NewForm(request.POST or None, initial=start, user=user, places=places)

    def save(*, of: Any, **values: Any) -> Scenario:
        is_product = isinstance(of, Product)
        team, product = (of.team, of) if is_product else (of, None)
        return actions.create_scenario(actor=user, team=team, product=product, state=state, **values)

    is_narrowed = bool(actions.filters_kept(state))
    said = "“{}” is a copy: nothing that you change in it touches the roadmap until you commit it."
    return answer_form(request, f"{FOLDER}/scenario_form.html", form, save, said, is_narrowed=is_narrowed)


@require_http_methods(["GET", "POST"])
def scenario_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Change what a scenario is called, who opens it, and what counts as value."""
    scenario = get_scenario(request.user, pk, write=True)

    def start() -> dict[str, Any]:
        now = get_scenario(request.user, pk)
        names = ("name", "note", "sharing", "version")
        return {**{name: getattr(now, name) for name in names}, "model": now.model.slug}

    form = AboutForm(request.POST or None, initial=start(), user=request.user, scenario=scenario)

    def save(*, version: int | None, **values: Any) -> Scenario:
        return actions.change_scenario(scenario, actor=request.user, version=version or 0, **values)

    template = f"{FOLDER}/scenario_form.html"
    return answer_form(request, template, form, save, "“{}” is saved.", fresh=start, scenario=scenario)


@require_GET
def scenario_page(request: HttpRequest, pk: int) -> HttpResponse:
    """Show a scenario beside the roadmap of today, or beside another one of its team."""
    scenario = get_scenario(request.user, pk)
    if not scenario.is_open:
        return redirect(scenario)
    return answer_page(request, scenario)


def answer_page(request: HttpRequest, scenario: Scenario, *, focus: str = "", said: str = "") -> HttpResponse:
    """Answer with the page of a scenario, or with its comparison alone where htmx asked for a piece."""
    user = request.user
    others = Scenario.objects.visible_to(user).filter(team=scenario.team_id).exclude(pk=scenario.pk)
    open_ones = list(others.filter(state=Scenario.State.OPEN).select_related("model__current")[:MOST_OTHERS])
    other = _other(open_ones, request.GET.get("with", ""))
    compared = read_comparison(scenario, user, other=other)
    found, may_edit = compared.found, can(user, "scenarios.edit", scenario)
    context = {
        "scenario": scenario,
        "note": render_markdown(scenario.note) if scenario.note else "",
        "is_private": scenario.sharing == Sharing.MINE,
        "others": open_ones,
        "compared": compared,
        "rows": rows_of(compared),
        "goals": [(compared.goals[one.goal], one) for one in found.goals if one.goal in compared.goals],
        "n_served": [sum(1 for one in found.goals if n(one)) for n in (lambda g: g.n_before, lambda g: g.n_after)],
        "promises": _promises(compared),
        "capacity": CapacityForm(stretches=compared.stretches, version=scenario.version),
        "may_edit": may_edit,
        "focus": focus,
        "said": said,
        "query": request.GET.urlencode(),
    }
    return render_page(request, f"{FOLDER}/scenario_page.html", context, fragment="compared")


def _other(open_ones: list[Scenario], asked: str) -> Scenario | None:
    if not asked:
        return None
    found = next((one for one in open_ones if str(one.pk) == asked), None)
    if found is None:
        raise NotFound("There is no such scenario of this team, or it is closed.")
    return found


def _promises(compared: Any) -> list[tuple[Any, bool, bool]]:
    """Return each initiative whose promise would break on either side, with whether it breaks on each."""
    before, after = compared.found.broken_before, compared.found.broken_after
    named = [(compared.initiatives[key], key in before, key in after) for key in before | after]
    return sorted(named, key=lambda one: (not one[2], one[0].promised_on, one[0].pk))
