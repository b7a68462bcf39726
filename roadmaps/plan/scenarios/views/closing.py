"""The end of a scenario: its changes reviewed and committed, what became of them, or thrown away."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_GET, require_http_methods

from portal.audit.public import history_of
from portal.shell.public import BadInput, Conflict, answer_form, render_page
from roadmaps.plan.scenarios import actions
from roadmaps.plan.scenarios.access import get_scenario
from roadmaps.plan.scenarios.committing import LONGEST_WHY, ItemDiff, commit_scenario, read_diff
from roadmaps.plan.scenarios.forms import ThrowForm
from roadmaps.plan.scenarios.models import Scenario
from roadmaps.plan.scenarios.showing import goals_named, show_line, show_outcome
from roadmaps.plan.scenarios.views.scenarios import FOLDER


@require_http_methods(["GET", "POST"])
def review(request: HttpRequest, pk: int) -> HttpResponse:
    """Show every change of a scenario field by field; take those that are chosen, with a reason."""
    scenario = get_scenario(request.user, pk, write=True)
    if request.method == "GET":
        return _show(request, scenario) if scenario.is_open else redirect(scenario)
    try:
        done_ = _commit(request, scenario)
    except (BadInput, Conflict) as fault:
        scenario = get_scenario(request.user, pk)
        if scenario.is_open:
            return _show(request, scenario, faults=fault.sentences, status=fault.status)
        messages.info(request, " ".join(fault.sentences))  # somebody was quicker: see what became of it
        return redirect(scenario)
    n = sum(one["was_applied"] for one in done_.outcome)
    messages.success(request, f"{n} {'change is' if n == 1 else 'changes are'} on the roadmap.")
    return redirect(done_)


def _commit(request: HttpRequest, scenario: Scenario) -> Scenario:
    asked = request.POST
    chosen: dict[int, list[str]] = {}
    for key in asked.getlist("apply"):
        number, _, field = key.partition(":")
        chosen.setdefault(_number(number), []).append(field)
    seen = {_number(name.removeprefix("seen-")): _number(asked[name]) for name in asked if name.startswith("seen-")}
    version, why = _number(asked.get("version", "")), asked.get("why", "")
    return commit_scenario(scenario, actor=request.user, version=version, chosen=chosen, seen=seen, why=why)


def _number(text: str) -> int:
    if not (text.isascii() and text.isdecimal() and len(text) < 19):
        raise BadInput("The form was sent in parts. Look at the changes again.")
    return int(text)


def _show(request: HttpRequest, scenario: Scenario, *, faults: list[str] | None = None, status: int = 200):
    diffs = read_diff(scenario, request.user)
    goals = _goals_in(diffs, request)
    ticked = set(request.POST.getlist("apply")) if request.method == "POST" else None
    rows = []
    for diff in diffs:
        lines = [show_line(diff, one, goals) for one in diff.lines]
        rows.append((diff, [(one, diff.is_chosen if ticked is None else one.key in ticked) for one in lines]))
    context = {
        "scenario": scenario,
        "rows": rows,
        "n_changes": sum(len(diff.lines) for diff in diffs),
        "n_moved": sum(diff.has_moved for diff in diffs),
        "n_foreign": sum(not diff.may_edit for diff in diffs),
        "faults": faults,
        "why": request.POST.get("why", ""),
        "longest_why": LONGEST_WHY,
    }
    return render_page(request, f"{FOLDER}/review.html", context, status=status)


def _goals_in(diffs: list[ItemDiff], request: HttpRequest):
    lines = [one for diff in diffs for one in diff.lines if one.field == "objective_id"]
    return goals_named([value for one in lines for value in (one.then, one.today, one.wanted)], request.user)


@require_GET
def done(request: HttpRequest, pk: int) -> HttpResponse:
    """Show what became of a scenario."""
    scenario = get_scenario(request.user, pk)
    if scenario.is_open:
        return redirect(scenario)
    became = show_outcome(scenario, request.user)
    context = {
        "scenario": scenario,
        "became": became,
        "n_applied": sum(one.was_applied for one in became),
        "n_hidden": len(scenario.outcome) - len(became),
        "history": history_of(scenario),
    }
    return render_page(request, f"{FOLDER}/scenario_done.html", context)


@require_http_methods(["GET", "POST"])
def throw_away(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask, then close a scenario without committing it."""
    scenario = get_scenario(request.user, pk, write=True)
    if not scenario.is_open:
        return redirect(scenario)
    form = ThrowForm(request.POST or None)

    def save(*, why: str) -> Scenario:
        return actions.throw_away(scenario, actor=request.user, why=why)

    said = "“{}” is thrown away. It stays here to be read."
    return answer_form(request, f"{FOLDER}/throw_away.html", form, save, said, scenario=scenario)
