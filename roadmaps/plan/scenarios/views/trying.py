"""What is tried in a scenario: its capacity, one initiative in its row, several at once, and more put in."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from portal.shell.public import (
    BadInput,
    Conflict,
    NotFound,
    answer_form,
    chosen_numbers,
    render_page,
    show_faults,
    wants_fragment,
)
from roadmaps.plan.scenarios import actions
from roadmaps.plan.scenarios.access import get_item, get_scenario
from roadmaps.plan.scenarios.forms import CapacityForm, ItemForm, PutInForm
from roadmaps.plan.scenarios.models import Scenario
from roadmaps.plan.scenarios.trying import Tried, read_tried
from roadmaps.plan.scenarios.views.scenarios import FOLDER, answer_page

_STEPS = {"up": -1, "down": 1}


def _back(request: HttpRequest, scenario: Scenario) -> str:
    asked = request.GET.urlencode()
    return f"{reverse('scenarios:scenario-page', args=[scenario.pk])}{'?' if asked else ''}{asked}"


def _refreshed(request: HttpRequest, scenario: Scenario, *, focus: str, said: str) -> HttpResponse:
    """Answer a piece of the page with the whole comparison: one change may move every row."""
    if not wants_fragment(request):
        messages.success(request, said)
        return redirect(_back(request, scenario))
    fresh = get_scenario(request.user, scenario.pk)
    answer = answer_page(request, fresh, focus=focus, said=said)
    answer["HX-Retarget"], answer["HX-Reswap"] = "#compared", "innerHTML"
    return answer


@require_POST
def capacity(request: HttpRequest, pk: int) -> HttpResponse:
    """Take the person-months of each stretch."""
    scenario = get_scenario(request.user, pk, write=True)
    form = CapacityForm(request.POST, stretches=list(scenario.stretches.all()), version=scenario.version)
    if not form.is_valid():
        raise BadInput(fields={name: [str(one) for one in several] for name, several in form.errors.items()})
    actions.set_capacity(scenario, actor=request.user, version=form.cleaned_data["version"], months=form.said())
    return _refreshed(request, scenario, focus="capacity", said="The capacity is set.")


@require_http_methods(["GET", "POST"])
def item(request: HttpRequest, pk: int, item_pk: int) -> HttpResponse:
    """Change an initiative within the scenario in its row; without a script, on a page of its own."""
    user = request.user
    scenario = get_scenario(user, pk, write=True)
    chosen = get_item(user, scenario, item_pk)
    found = read_tried(scenario, user)
    tried = next(one for one in found if one.item.pk == chosen.pk)
    place = next((n for n, one in enumerate((one for one in found if one.counts), 1) if one is tried), None)
    if request.method == "POST" and (step := _STEPS.get(request.POST.get("do", ""))):
        return _step(request, scenario, tried, place, step)
    form = ItemForm(request.POST or None, user=user, tried=tried, place=place)
    if request.method == "POST" and form.is_valid():
        changes, wanted = form.said()
        try:
            version = form.cleaned_data["version"]
            actions.change_item(chosen, actor=user, version=version, changes=changes, place=wanted)
        except BadInput as fault:
            show_faults(form, fault)
        except Conflict as conflict:
            form.add_error(None, conflict.message)
        else:
            said = f"“{tried.initiative}” is changed in the scenario."
            return _refreshed(request, scenario, focus=f"edit-{item_pk}", said=said)
    context = {"form": form, "scenario": scenario, "tried": tried, "query": request.GET.urlencode()}
    status = 422 if form.errors else 200
    return render_page(request, f"{FOLDER}/item_form.html", context, fragment="row", status=status)


def _step(request: HttpRequest, scenario: Scenario, tried: Tried, place: int | None, step: int) -> HttpResponse:
    """Move an initiative one place up or down."""
    if place is None:
        raise NotFound("It has no place in this scenario.")
    wanted, do = max(1, place + step), request.POST["do"]
    tried.item.scenario = scenario
    actions.change_item(tried.item, actor=request.user, version=tried.item.version, changes={}, place=wanted)
    said = f"“{tried.initiative}” moved {do}."
    return _refreshed(request, scenario, focus=f"{do}-{tried.item.pk}", said=said)


@require_POST
def bulk(request: HttpRequest, pk: int) -> HttpResponse:
    """Leave the chosen initiatives out, or put them back in."""
    scenario = get_scenario(request.user, pk, write=True)
    is_in = request.POST.get("act") == "in"
    numbers = chosen_numbers(request)
    if not numbers:
        messages.error(request, "Choose initiatives by the boxes in the first column. Nothing was changed.")
        return redirect(_back(request, scenario))
    n = actions.set_scope(scenario, numbers, actor=request.user, is_in=is_in)
    noun = "initiative" if n == 1 else "initiatives"
    messages.success(request, f"{n} {noun} {'put in' if is_in else 'left out'}.")
    return redirect(_back(request, scenario))


@require_http_methods(["GET", "POST"])
def put_in(request: HttpRequest, pk: int) -> HttpResponse:
    """Put more initiatives of the team into a scenario."""
    scenario = get_scenario(request.user, pk, write=True)
    if not scenario.is_open:
        return redirect(scenario)
    form = PutInForm(request.POST or None, user=request.user, scenario=scenario)

    def save(*, initiatives: list[Any]) -> Scenario:
        actions.put_in(scenario, initiatives, actor=request.user)
        return scenario

    if not form.found:
        return render(request, f"{FOLDER}/put_in_none.html", {"scenario": scenario})
    return answer_form(request, f"{FOLDER}/put_in.html", form, save, "They are in “{}”.", scenario=scenario)
