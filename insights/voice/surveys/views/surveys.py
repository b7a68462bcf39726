"""The list of surveys, one survey with its results, making it and changing it."""

from functools import partial
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from insights.voice.surveys import actions
from insights.voice.surveys.access import get_survey, products_to_ask_about
from insights.voice.surveys.contracts import Group
from insights.voice.surveys.filters import SurveyListFilter
from insights.voice.surveys.forms import MetricForm, NewSurveyForm, SurveyForm, start_of
from insights.voice.surveys.measuring import make_metric
from insights.voice.surveys.models import Sending, Survey
from insights.voice.surveys.results import DIMENSIONS, INTERVALS, read_results, score_of_lists
from insights.voice.surveys.scoring import rate_response, say_interval, say_score
from insights.voice.surveys.showing import bars_of, chart_over_time, headline, say_passed, score_row
from portal.audit.public import history_of
from portal.people.public import can, get_current_product, is_insider
from portal.shell.public import NotAllowed, answer_form, answer_list, find_uses, render_page

SORTS = {"newest": "created_at", "name": "name", "state": "state", "asked": "n_asked"}
COLUMNS = {
    "id": lambda survey: survey.pk,
    "name": lambda survey: survey.name,
    "kind": lambda survey: survey.get_kind_display(),
    "product": lambda survey: survey.product.name,
    "question": lambda survey: survey.question,
    "state": lambda survey: survey.get_state_display(),
    "asked": lambda survey: survey.n_asked,
    "answered of those": lambda survey: survey.n_answered,
    "last day": lambda survey: survey.closes_on or "",
    "owner": lambda survey: str(survey.owner or ""),
}
_NO_PRODUCT = "Surveys are made by product managers of a product's team. Ask one of them, or an admin."


@require_GET
def survey_list(request: HttpRequest) -> HttpResponse:
    """List surveys with their scores and how many answered."""
    surveys = Survey.objects.visible_to(request.user).dressed().with_counts()
    found = SurveyListFilter(request.GET, surveys, user=request.user)
    may_make = bool(products_to_ask_about(request.user))
    more: dict[str, Any] = {"dress": _dress, "may_make": may_make}
    return answer_list(request, "insights/voice/survey_list.html", found, COLUMNS, SORTS, "-newest", **more)


def _dress(surveys: list[Survey]) -> None:
    scores = score_of_lists(surveys)
    for survey in surveys:
        survey.scored = scores.get(survey.pk)
        survey.headline = headline(survey, survey.scored)
        survey.interval = (
            say_interval(survey.kind, survey.scored) if survey.scored and survey.scored.value is not None else ""
        )
        survey.response = rate_response(survey.n_asked, survey.n_answered)


@require_GET
def survey_page(request: HttpRequest, pk: int) -> HttpResponse:
    """Show a survey: its score with its interval and formula, by segment, over time, and who was asked how."""
    survey = get_survey(request.user, pk)
    by, interval = request.GET.get("by", "segment"), request.GET.get("interval", "month")
    by, interval = by if by in DIMENSIONS else "segment", interval if interval in INTERVALS else "month"
    results = read_results(survey, now=timezone.now(), by=by, interval=interval)
    sendings = Sending.objects.filter(survey=survey).select_related("asked_by")[:10]
    context = {
        "survey": survey,
        "scale": survey.scale,
        "results": results,
        "value": say_score(survey.kind, results.scored.value) if results.scored else "",
        "interval_words": say_interval(survey.kind, results.scored) if results.scored else "",
        "share": score_row(survey, _whole(results)) if results.scored else None,
        "bars": bars_of(survey, results),
        "groups": [score_row(survey, group) for group in results.groups],
        "view": chart_over_time(survey, results),
        "dimensions": DIMENSIONS,
        "intervals": INTERVALS,
        "sendings": [(one, say_passed(one)) for one in sendings],
        "uses": find_uses(survey, request.user),
        "history": history_of(survey),
        "may_edit": can(request.user, "surveys.edit", survey),
        "is_insider": is_insider(request.user, survey.team_id),
        "takes_answers": survey.takes_answers(timezone.localdate()),
    }
    return render_page(request, "insights/voice/survey_page.html", context, fragment="results")


def _whole(results: Any) -> Any:
    return Group("All", results.scored)


@require_http_methods(["GET", "POST"])
def survey_new(request: HttpRequest) -> HttpResponse:
    """Make a survey of a kind, with its usual words."""
    products = products_to_ask_about(request.user)
    if not products:
        raise NotAllowed(_NO_PRODUCT)
    slugs, current = [product.slug for product in products], get_current_product(request.user)
    asked = request.GET.get("product", current.slug if current else "")
    start = {"product": asked if asked in slugs else slugs[0], "kind": Survey.Kind.NPS}
    form = NewSurveyForm(request.POST or None, initial=start, products=products)

    def save(product: Any, **values: Any) -> Survey:
        return actions.create_survey(product, actor=request.user, **values)

    return answer_form(request, "insights/voice/survey_new.html", form, save, "“{}” is a draft. Read it, then open it.")


@require_http_methods(["GET", "POST"])
def survey_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Change what a survey asks, whom, and until when."""
    survey = get_survey(request.user, pk, write=True)
    form = SurveyForm(request.POST or None, initial=start_of(survey), survey=survey)
    save = partial(actions.update_survey, survey, actor=request.user)

    def fresh() -> dict[str, Any]:
        return start_of(get_survey(request.user, pk))

    return answer_form(request, "insights/voice/survey_form.html", form, save, "Saved.", fresh=fresh, survey=survey)


@require_POST
def survey_open(request: HttpRequest, pk: int) -> HttpResponse:
    """Let it be answered."""
    survey = actions.open_survey(get_survey(request.user, pk, write=True), actor=request.user)
    messages.success(request, f"“{survey}” takes answers now.")
    return redirect(survey)


@require_POST
def survey_close(request: HttpRequest, pk: int) -> HttpResponse:
    """Take no more answers."""
    survey = actions.close_survey(get_survey(request.user, pk, write=True), actor=request.user)
    messages.success(request, f"“{survey}” is closed. Its links say so.")
    return redirect(survey)


@require_http_methods(["GET", "POST"])
def survey_delete(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask, then delete a survey of which nobody was asked."""
    survey = get_survey(request.user, pk, write=True)
    if request.method == "POST":
        actions.delete_survey(survey, actor=request.user)
        messages.success(request, "Deleted.")
        return redirect("surveys:survey-list")
    return render(request, "insights/voice/survey_delete.html", {"survey": survey})


@require_http_methods(["GET", "POST"])
def survey_metric(request: HttpRequest, pk: int) -> HttpResponse:
    """Make a metric of the score, so that it can be a tile, an alert and a goal."""
    survey = get_survey(request.user, pk, write=True)
    name = f"{survey.scale.name} of {survey.product.name}" if survey.scale else survey.name
    start = {"scope": "kind", "interval": "month", "name": name, "number": "score"}
    form = MetricForm(request.POST or None, initial=start, survey=survey)
    save = partial(make_metric, survey, actor=request.user)
    context = {"survey": survey, "scale": survey.scale}
    return answer_form(request, "insights/voice/survey_metric.html", form, save, "“{}” is a metric.", **context)
