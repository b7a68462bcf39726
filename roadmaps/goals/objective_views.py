"""Pages of objectives: a cycle's goals as a tree, one objective, and what can be done to it."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from portal.audit.public import history_of
from portal.people.public import Team, can, require
from portal.shell.public import BadInput, answer_form, file_answer, find_uses, render_markdown, render_page, wants_file
from roadmaps.goals import actions
from roadmaps.goals.access import get_objective
from roadmaps.goals.forms import ClosingForm, ObjectiveForm
from roadmaps.goals.goal_page import COLUMNS, read_goals
from roadmaps.goals.models import KeyResult, Objective
from roadmaps.goals.showing import build_tree, show_key_results


@require_GET
def goal_list(request: HttpRequest) -> HttpResponse:
    """Show the objectives of a cycle as a tree with their key results."""
    page = read_goals(request.user, request.GET, today=timezone.localdate())
    if kind := wants_file(request):
        about = [] if kind == "csv" else [("Cycle", str(page.cycle or "none"))]
        return file_answer(kind, "key results", COLUMNS, page.rows(), about)
    may_make = can(request.user, "objectives.create")
    context = {"goals": page, "may_make": may_make, "may_edit_cycles": can(request.user, "cycles.edit")}
    return render_page(request, "roadmaps/goals/goal_list.html", context, fragment="rows")


@require_GET
def objective_page(request: HttpRequest, pk: int) -> HttpResponse:
    """Show an objective: why, its key results, what it serves and what serves it, and its history."""
    objective = get_objective(request.user, pk)
    today = timezone.localdate()
    key_results = KeyResult.objects.filter(objective=objective).of_rows()
    (node,) = build_tree([objective], show_key_results(key_results, user=request.user, today=today))
    parents = Objective.objects.visible_to(request.user).filter(pk=objective.parent_id)
    context = {
        "objective": objective,
        "node": node,
        "elapsed": round(100 * objective.cycle.elapsed_on(today)),
        "why": render_markdown(objective.why, top_level=2),
        "closing_note": render_markdown(objective.closing_note),
        "parent": parents.select_related("cycle").first(),
        "children": Objective.objects.visible_to(request.user).filter(parent=objective).of_rows(),
        "uses": find_uses(objective, request.user),
        "history": history_of(objective),
        "may_edit": can(request.user, "objectives.edit", objective),
    }
    return render_page(request, "roadmaps/goals/objective_page.html", context)


@require_http_methods(["GET", "POST"])
def objective_new(request: HttpRequest) -> HttpResponse:
    """Set an objective."""
    user = request.user
    require(user, "objectives.create")
    given = {name: request.GET.get(name, "")[:20] for name in ("cycle", "parent", "product")}
    start = {"visibility": "company", "owner": user.pk, **{name: text for name, text in given.items() if text}}
    form = ObjectiveForm(request.POST or None, initial=start, user=user)

    def save(*, version: int | None, product: Any, **values: Any) -> Objective:
        team = None if product else _team_of(user)
        return actions.create_objective(actor=user, product=product, team=team, **values)

    said = "“{}” is set. Now say by which numbers you will see that it is reached."
    return answer_form(request, "roadmaps/goals/objective_form.html", form, save, said)


def _team_of(user: Any) -> Team:
    """Return the team that sets an objective for the whole company: the first of one's own."""
    team = Team.objects.filter(pk__in=user.team_ids).order_by("pk").first() or Team.objects.order_by("pk").first()
    if team is None:
        raise BadInput("There is no team yet. Make one first: an objective belongs to a team.")
    return team


@require_http_methods(["GET", "POST"])
def objective_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Change an objective."""
    objective = get_objective(request.user, pk, write=True)

    def start() -> dict[str, Any]:
        now = get_objective(request.user, pk)
        names = ("title", "why", "visibility", "version", "cycle_id", "parent_id", "owner_id")
        return {name.removesuffix("_id"): getattr(now, name) for name in names}

    form = ObjectiveForm(request.POST or None, initial=start(), user=request.user, objective=objective)

    def save(*, version: int | None, **values: Any) -> Objective:
        return actions.update_objective(objective, actor=request.user, version=version or 0, **values)

    template = "roadmaps/goals/objective_form.html"
    return answer_form(request, template, form, save, "“{}” is saved.", fresh=start, objective=objective)


@require_http_methods(["GET", "POST"])
def objective_close(request: HttpRequest, pk: int) -> HttpResponse:
    """Close an objective with what came of it."""
    objective = get_objective(request.user, pk, write=True)
    form = ClosingForm(request.POST or None, initial={"note": objective.closing_note})

    def save(*, note: str, is_dropped: bool) -> Objective:
        return actions.close_objective(objective, actor=request.user, note=note, is_dropped=is_dropped)

    template = "roadmaps/goals/objective_close.html"
    return answer_form(request, template, form, save, "“{}” is closed.", objective=objective)


@require_POST
def objective_reopen(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a closing back."""
    objective = actions.reopen_objective(get_objective(request.user, pk, write=True), actor=request.user)
    messages.success(request, f"“{objective}” is open again.")
    return redirect(objective)


@require_http_methods(["GET", "POST"])
def objective_delete(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask, then delete an objective on which nothing hangs."""
    objective = get_objective(request.user, pk, write=True)
    if request.method == "POST":
        actions.delete_objective(objective, actor=request.user)
        return redirect(objective.cycle)
    return render(request, "roadmaps/goals/objective_delete.html", {"objective": objective})
