"""What surveys tell: to the story of a person or account, and on the page of the words that came with an answer."""

import datetime as dt
from typing import Any

from django.urls import reverse

from insights.cohorts.public import Cohort
from insights.persons.contracts import Moment, Subject
from insights.voice.feedback.public import Feedback
from insights.voice.surveys.contracts import SCALES
from insights.voice.surveys.models import Answer, Survey
from portal.people.public import is_insider
from portal.shell.public import SearchHit

ANSWER_FIELDS = ("answered_at", "score", "survey", "survey__kind", "survey__name", "survey__question")


def find_answers(subject: Subject, user: Any, until: dt.datetime | None, most: int) -> Any:
    """Return what a person or an account's people answered, for those who read who answered what."""
    whose = {"account": subject.no} if subject.is_account else {"person__in": subject.numbers}
    answers = Answer.objects.visible_to(user).filter(**whose)
    answers = answers if until is None else answers.filter(answered_at__lte=until)
    return answers.order_by("-answered_at", "-pk")[:most]


def show_answer(values: dict[str, Any]) -> list[Moment]:
    """Return one answer."""
    scale, score, question = SCALES.get(values["survey__kind"]), values["score"], values["survey__question"]
    said = (
        f"Answered {score} of {scale.high}: “{question}”" if scale and score is not None else f"Answered “{question}”"
    )
    url = reverse("surveys:survey-page", args=[values["survey"]])
    at = dt.datetime.fromisoformat(values["answered_at"])
    return [Moment(at, "said", "Survey", said, url=url, detail=values["survey__name"])]


def panel_of_words(thing: Any, user: Any) -> dict[str, Any] | None:
    """Return for the page of a piece of feedback the answer that it came with, for insiders."""
    if not isinstance(thing, Feedback) or thing.origin != "survey" or not is_insider(user, thing.team_id):
        return None
    answer = Answer.objects.filter(feedback=thing).select_related("survey").first()
    return {"answer": answer, "survey": answer.survey, "scale": answer.survey.scale} if answer else None


def find_surveys(user: Any, text: str) -> Any:
    """Return the surveys whose name or question holds the words."""
    return Survey.objects.visible_to(user).matching(text).order_by("-pk")


def show_found(values: dict[str, Any]) -> SearchHit:
    """Return a survey as the search shows it."""
    address = reverse("surveys:survey-page", args=[values["pk"]])
    state = Survey.State(values["state"]).label
    return SearchHit("Survey", values["name"], address, f"{state} · {values['product__name']}")


def surveys_of_cohort(thing: Any, user: Any) -> Any:
    """Return the surveys that ask a cohort; None for whatever else is asked about."""
    return Survey.objects.visible_to(user).filter(cohort=thing) if isinstance(thing, Cohort) else None


def show_survey(values: dict[str, Any]) -> SearchHit:
    """Return a survey as "used by" shows it."""
    return SearchHit("Survey", values["name"], reverse("surveys:survey-page", args=[values["pk"]]))
