"""Asking people, reminding them, their links as a file, and who answered what."""

import datetime as dt
from functools import partial
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from insights.cohorts.public import Cohort
from insights.voice.surveys import actions, asking
from insights.voice.surveys.access import get_answer, get_survey_inside
from insights.voice.surveys.filters import AnswerListFilter
from insights.voice.surveys.forms import AskForm, cohort_choices
from insights.voice.surveys.links import LINK_COLUMNS, list_links
from insights.voice.surveys.models import Answer, Invitation, Sending, Survey
from insights.voice.surveys.showing import dress_answers
from portal.audit.public import record
from portal.people.public import can
from portal.shell.public import BadInput, Conflict, answer_list, file_answer, render_page, show_faults, was_pressed

ANSWER_COLUMNS = {
    "id": lambda answer: answer.pk,
    "answered": lambda answer: answer.answered_at,
    "score": lambda answer: "" if answer.score is None else answer.score,
    "no answer": lambda answer: answer.no_answer,
    "words": lambda answer: answer.feedback.text if answer.feedback else "",
    "person": lambda answer: answer.person.distinct_id if answer.person else "",
    "account": lambda answer: answer.account.account_id if answer.account else "",
    "plan": lambda answer: answer.plan,
    "segment": lambda answer: answer.segment,
    "how": lambda answer: answer.get_via_display(),
    "counts": lambda answer: "yes" if answer.is_counted else "no",
}
ANSWER_SORTS = {"answered": "answered_at", "score": "score", "segment": "segment"}


@require_http_methods(["GET", "POST"])
def survey_ask(request: HttpRequest, pk: int) -> HttpResponse:
    """Choose whom to ask and how; see how many that would be before anybody is asked."""
    survey = get_survey_inside(request.user, pk, write=True)
    choices = cohort_choices(request.user, survey.product)
    data = request.POST if request.method == "POST" else (request.GET if "cohort" in request.GET else None)
    form = AskForm(data, choices=choices, initial={"way": Sending.Way.MAIL})
    context: dict[str, Any] = {
        "survey": survey,
        "form": form,
        "limit_days": settings.ASK_LIMIT_DAYS,
        "choices": choices,
    }
    if form.is_valid():
        cohort, way = _cohort(form), form.cleaned_data["way"]
        if request.method == "POST" and was_pressed(request, "ask"):
            try:
                asking.ask_people(survey, actor=request.user, way=way, cohort=cohort)
            except (BadInput, Conflict) as refused:
                show_faults(form, refused)
            else:
                messages.success(request, "A worker goes through them now. This page says how far it is.")
                return redirect(survey)
        elif fault := asking.fault_of_audience(cohort, survey.product, request.user):
            form.add_error("cohort", fault)
        else:
            n_all, n_asked, passed = asking.preview_audience(survey, cohort, way)
            said = sorted(((n, asking.REASONS[reason]) for reason, n in passed.items()), reverse=True)
            context |= {"is_previewed": True, "n_all": n_all, "n_asked": n_asked, "passed": said, "cohort": cohort}
    status = 422 if form.is_bound and form.errors else 200
    return render_page(request, "insights/voice/survey_ask.html", context, fragment="audience", status=status)


def _cohort(form: AskForm) -> Cohort:
    return (
        Cohort.objects.select_related("team", "current").defer("current__members").get(pk=form.cleaned_data["cohort"])
    )


@require_http_methods(["GET", "POST"])
def survey_remind(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask, then remind those who have not answered, as the limit allows."""
    survey = get_survey_inside(request.user, pk, write=True)
    waiting = Invitation.objects.filter(survey=survey, way=Sending.Way.MAIL, answered_at=None, declined_at=None)
    waiting = waiting.filter(reminded_at=None).order_by("asked_at")
    if request.method == "POST":
        asking.remind_people(survey, actor=request.user)
        messages.success(request, "A worker reminds those who may be asked again.")
        return redirect(survey)
    first = waiting.values_list("asked_at", flat=True).first()
    again = timezone.localdate(first) + dt.timedelta(days=settings.ASK_LIMIT_DAYS) if first else None
    context = {"survey": survey, "n_waiting": waiting.count(), "again_on": again, "limit_days": settings.ASK_LIMIT_DAYS}
    context["is_soon"] = again is not None and again > timezone.localdate()
    return render(request, "insights/voice/survey_remind.html", context)


@require_POST
def survey_links(request: HttpRequest, pk: int) -> HttpResponse:
    """Hand out the links of those who were asked and have not answered, as a file; the trail keeps who took them."""
    survey = get_survey_inside(request.user, pk, write=True)
    rows = list_links(survey)
    record(request.user, "survey.downloaded", survey, after={"n_links": len(rows)})
    about = [("Survey", survey.name), ("Question", survey.question)]
    kind = "xlsx" if request.POST.get("format") == "xlsx" else "csv"
    return file_answer(kind, f"links of {survey.name}", LINK_COLUMNS, rows, [] if kind == "csv" else about)


@require_GET
def answer_list_page(request: HttpRequest, pk: int) -> HttpResponse:
    """List who answered what."""
    survey = get_survey_inside(request.user, pk)
    answers = Answer.objects.filter(survey=survey).select_related("person__contact__account", "account", "feedback")
    found = AnswerListFilter(request.GET, answers, survey=survey)
    dress = partial(dress_answers, survey=survey)
    more: dict[str, Any] = {"survey": survey, "scale": survey.scale, "dress": dress}
    more["may_edit"] = can(request.user, "surveys.edit", survey)
    return answer_list(
        request, "insights/voice/answer_list.html", found, ANSWER_COLUMNS, ANSWER_SORTS, "-answered", **more
    )


@require_http_methods(["GET", "POST"])
def answer_delete(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask, then delete one answer with its words."""
    answer = get_answer(request.user, pk, write=True)
    survey: Survey = answer.survey
    if request.method == "POST":
        actions.delete_answer(answer, actor=request.user)
        messages.success(request, "Deleted. Metrics of this survey follow within some minutes.")
        return redirect("surveys:answer-list", pk=survey.pk)
    return render(request, "insights/voice/answer_delete.html", {"answer": answer, "survey": survey})
