"""The page of a survey as people outside see it, for those who make it."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from insights.voice.surveys.access import get_survey
from insights.voice.surveys.forms import AnswerForm
from insights.voice.surveys.views.answering import answer_context


@require_GET
def survey_preview(request: HttpRequest, pk: int) -> HttpResponse:
    """Show the question as it will be asked; nothing that is sent from here is kept."""
    survey = get_survey(request.user, pk, write=True)
    context = answer_context(survey, AnswerForm(survey=survey), "")
    return render(request, "insights/voice/answer_page.html", {**context, "is_preview": True})
