"""The pages that people outside open by their link: no login, no session, no script needed."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.formats import date_format
from django.views.decorators.http import require_http_methods

from insights.contacts.public import opt_out
from insights.voice.surveys.answering import AlreadyAnswered, SurveyClosed, take_answer
from insights.voice.surveys.forms import AnswerForm
from insights.voice.surveys.models import Invitation, Survey
from insights.voice.surveys.tokens import find_invitation
from insights.voice.surveys.words import WORDS
from portal.people.public import SYSTEM
from portal.shell.public import BadInput, OpenLimit, PortalError, TooOften, open_to_anybody, render_open

_FOLDER = "insights/voice"
MOST_FORMS, MOST_PAGES = 20, 120  # of one address in a minute


def _said(request: HttpRequest, survey: Survey | None, what: str, status: int = 200, more: str = "") -> HttpResponse:
    language = survey.language if survey else "en"
    said = WORDS[language][what]
    context = {"said": said, "more": more, "language": language, "title": survey.question if survey else said}
    return render_open(request, f"{_FOLDER}/answer_said.html", context, status)


def _say_fault(request: HttpRequest, fault: PortalError) -> HttpResponse:
    return _said(request, None, "often" if isinstance(fault, TooOften) else "gone", fault.status)


def _open_door(view: Callable[..., HttpResponse]) -> Any:
    """Make a view public that is asked with the invitation that a link stands for."""

    @wraps(view)
    def found(request: HttpRequest, token: str) -> HttpResponse:
        return view(request, find_invitation(token), token)

    return open_to_anybody(found, _say_fault, lambda: OpenLimit("surveys", MOST_FORMS, MOST_PAGES))


@_open_door
@require_http_methods(["GET", "HEAD", "POST"])
def answer(request: HttpRequest, invitation: Invitation, token: str) -> HttpResponse:
    """Show the question, or keep the answer."""
    survey = invitation.survey
    if invitation.answered_at is not None:
        return _said(request, survey, "once", 409 if request.method == "POST" else 200)
    if not survey.takes_answers(timezone.localdate()):
        return _said(request, survey, "closed", 410)
    chosen = request.GET.get("score", "")
    form = AnswerForm(request.POST or None, survey=survey, initial={"score": chosen if chosen.isdecimal() else None})
    if request.method == "POST":
        form = AnswerForm(request.POST, survey=survey)
        if form.is_valid():
            try:
                take_answer(
                    invitation, score=form.cleaned_data.get("score"), comment=form.cleaned_data.get("comment", "")
                )
            except AlreadyAnswered:
                return _said(request, survey, "once", 409)
            except SurveyClosed:
                return _said(request, survey, "closed", 410)
            except BadInput as fault:
                for name, sentences in fault.fields.items():
                    form.add_error(name if name in form.fields else None, sentences)
            else:
                return _said(request, survey, "thanks", more=survey.thanks)
    context = answer_context(survey, form, token)
    return render_open(request, f"{_FOLDER}/answer_page.html", context, 422 if form.is_bound else 200)


def answer_context(survey: Survey, form: AnswerForm, token: str) -> dict[str, Any]:
    """Return what the page with the question shows."""
    words = WORDS[survey.language]
    sender = survey.sender or survey.team.name
    day = date_format(survey.closes_on, "j.n.Y" if survey.language == "de" else "j/n/Y") if survey.closes_on else ""
    if survey.closes_on and survey.language == "en":
        day = date_format(survey.closes_on, "j M Y")
    privacy = words["privacy" if day else "privacy_open"].format(sender=sender, day=day)
    page = {"language": survey.language, "title": survey.question, "words": words, "privacy": privacy, "token": token}
    return {**page, "survey": survey, "scale": survey.scale, "form": form}


@_open_door
@require_http_methods(["GET", "HEAD", "POST"])
def stop(request: HttpRequest, invitation: Invitation, token: str) -> HttpResponse:
    """Let who was asked say: no more; a mail program's one click does it for surveys."""
    survey = invitation.survey
    if request.method != "POST":
        words = WORDS[survey.language]
        context = {"words": words, "token": token, "language": survey.language, "title": words["stop_title"]}
        return render_open(request, f"{_FOLDER}/answer_stop.html", context)
    kind = "" if request.POST.get("what") == "all" else "survey"
    opt_out(invitation.person, kind=kind, actor=SYSTEM, is_own=True)
    Invitation.objects.filter(pk=invitation.pk, declined_at=None).update(declined_at=timezone.now())
    return _said(request, survey, "stopped")
