"""Pages of key results: the number and where it is going, its check-ins, and how usual a target is."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from insights.metrics.public import Metric, may_read_numbers, read_values
from portal.shell.public import answer_form, render_page
from roadmaps.goals import actions
from roadmaps.goals.access import get_key_result, get_objective
from roadmaps.goals.forms import CheckInForm, KeyResultForm, ValueForm, start_of
from roadmaps.goals.key_result_page import read_key_result_page, read_mine
from roadmaps.goals.models import KeyResult, Objective
from roadmaps.goals.renewing import usual_moves
from roadmaps.goals.showing import say_moves

_MOST_ON_HOME = 5


@require_GET
def mine(request: HttpRequest) -> HttpResponse:
    """Show one's own key results in cycles that run, those that wait for a check-in first; Home asks for the first."""
    rows, elapsed = read_mine(request.user, today=timezone.localdate())
    words = f"{elapsed} % of the time over"
    context = {"rows": rows, "first_rows": rows[:_MOST_ON_HOME], "elapsed": elapsed, "elapsed_words": words}
    return render_page(request, "roadmaps/goals/mine.html", context, fragment="home")


@require_GET
def key_result_page(request: HttpRequest, pk: int) -> HttpResponse:
    """Show a key result: where it stands and is going, what was said of it, and its history."""
    key_result = get_key_result(request.user, pk)
    page = read_key_result_page(key_result, request.user, now=timezone.now(), today=timezone.localdate())
    context = {"key_result": key_result, "objective": key_result.objective, "page": page}
    context |= {"check_in_form": CheckInForm(), "value_form": ValueForm(today=timezone.localdate())}
    return render_page(request, "roadmaps/goals/key_result_page.html", context)


@require_http_methods(["GET", "POST"])
def key_result_new(request: HttpRequest, pk: int) -> HttpResponse:
    """Add a key result to an objective."""
    objective = get_objective(request.user, pk, write=True)
    start = {"owner": objective.owner_id, "metric": request.GET.get("metric", "")[:20]}
    form = KeyResultForm(request.POST or None, initial=start, user=request.user, objective=objective)

    def save(*, version: int | None, **values: Any) -> KeyResult:
        return actions.add_key_result(objective, actor=request.user, **values)

    template = "roadmaps/goals/key_result_form.html"
    return answer_form(request, template, form, save, "“{}” is added.", objective=objective)


@require_http_methods(["GET", "POST"])
def key_result_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Change a key result."""
    key_result = get_key_result(request.user, pk, write=True)
    objective = key_result.objective

    def start() -> dict[str, Any]:
        return start_of(get_key_result(request.user, pk))

    form = KeyResultForm(
        request.POST or None, initial=start(), user=request.user, objective=objective, key_result=key_result
    )

    def save(*, version: int | None, **values: Any) -> KeyResult:
        return actions.update_key_result(key_result, actor=request.user, version=version or 0, **values)

    context = {"objective": objective, "key_result": key_result}
    template = "roadmaps/goals/key_result_form.html"
    return answer_form(request, template, form, save, "“{}” is saved.", fresh=start, **context)


@require_http_methods(["GET", "POST"])
def key_result_delete(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask, then delete a key result of which nobody said anything yet."""
    key_result = get_key_result(request.user, pk, write=True)
    if request.method == "POST":
        actions.delete_key_result(key_result, actor=request.user)
        return redirect(key_result.objective)
    return render(request, "roadmaps/goals/key_result_delete.html", {"key_result": key_result})


@require_http_methods(["GET", "POST"])
def value_new(request: HttpRequest, pk: int) -> HttpResponse:
    """Type a value."""
    key_result = get_key_result(request.user, pk, write=True)
    form = ValueForm(request.POST or None, today=timezone.localdate())

    def save(**values: Any) -> KeyResult:
        actions.type_value(key_result, actor=request.user, **values)
        return key_result

    context = {"key_result": key_result, "title": "Type a value", "button": "Save value"}
    return answer_form(request, "roadmaps/goals/said_form.html", form, save, "The value of “{}” is noted.", **context)


@require_http_methods(["GET", "POST"])
def check_in_new(request: HttpRequest, pk: int) -> HttpResponse:
    """Say why it stands where it stands, and how sure one is."""
    key_result = get_key_result(request.user, pk, write=True)
    form = CheckInForm(request.POST or None)

    def save(**values: Any) -> KeyResult:
        actions.check_in(key_result, actor=request.user, **values)
        return key_result

    context = {"key_result": key_result, "title": "Check in", "button": "Check in"}
    return answer_form(request, "roadmaps/goals/said_form.html", form, save, "Noted on “{}”.", **context)


@require_GET
def usual(request: HttpRequest, pk: int) -> HttpResponse:
    """Say how often a metric moved as far as the target that is being typed."""
    objective = get_objective(request.user, pk, write=True)
    return render(request, "roadmaps/goals/_usual.html", {"said": _say_usual(request, objective)})


def _say_usual(request: HttpRequest, objective: Objective) -> str:
    metric_id = request.GET.get("metric", "")
    metrics = Metric.objects.visible_to(request.user).select_related("current__metric", "current__series")
    metric = metrics.filter(pk=int(metric_id)).first() if metric_id.isdecimal() and len(metric_id) < 10 else None
    if metric is None:
        return ""
    if not may_read_numbers(request.user, [metric.current])[metric.current_id]:
        return ""
    values = read_values([metric.current], now=timezone.now())[metric.current_id]
    share = 0.01 if values.is_rate else 1.0
    baseline, target = (_number(request.GET.get(name, ""), share) for name in ("baseline", "target"))
    if baseline is None and values.newest is not None:
        baseline = values.newest.value
    if baseline is None or target is None or target == baseline:
        return ""
    return say_moves(usual_moves(values, objective.cycle, baseline=baseline, target=target), values.interval)


def _number(text: str, share: float) -> float | None:
    try:
        value = float(text[:30]) * share
    except ValueError:
        return None
    return value if abs(value) < 1e15 else None
