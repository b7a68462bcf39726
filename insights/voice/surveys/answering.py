"""Taking answers: once a person, while the survey is open; words become feedback, for themes and triage."""

import datetime as dt
from typing import Any

from django.db import transaction
from django.utils import timezone

from insights.contacts.public import accounts_of_people, source_ids_of
from insights.events.public import Account, DistinctId
from insights.voice.feedback.public import Channel, Feedback, add_feedback
from insights.voice.surveys.contracts import Standing
from insights.voice.surveys.loading import note_stale
from insights.voice.surveys.models import Answer, Invitation, Survey
from insights.voice.surveys.standings import standings_of
from insights.voice.texts.public import clean_text
from portal.audit.public import record
from portal.people.public import SYSTEM, require
from portal.shell.public import BadInput, Conflict

ORIGIN = "survey"
LONGEST_COMMENT = 5_000


class AlreadyAnswered(Conflict):
    """This person has answered this survey before."""

    code = "already_answered"
    message = "This person has answered this survey already. One answer a person counts."


class SurveyClosed(Conflict):
    """The survey takes no answers."""

    code = "survey_closed"
    message = "This survey is not open, so it takes no answers."


@transaction.atomic
def take_answer(invitation: Invitation, *, score: int | None, comment: str) -> Answer:
    """Keep what somebody answered by their link; of two forms sent at once one is kept."""
    locked = Invitation.objects.select_for_update(of=["self"]).select_related("survey__product__team", "person")
    current = locked.get(pk=invitation.pk)
    if current.answered_at is not None:
        raise AlreadyAnswered()
    answer = _keep(current.survey, current.person, score, comment, Answer.Via.PAGE, invitation=current)
    current.answered_at = answer.answered_at
    current.save(update_fields=["answered_at"])
    return answer


@transaction.atomic
def add_answer(
    survey: Survey,
    person: DistinctId,
    *,
    actor: Any,
    score: int | None = None,
    comment: str = "",
    answered_at: dt.datetime | None = None,
) -> Answer:
    """Keep an answer that came another way, as from the product itself over the API."""
    require(actor, "surveys.edit", survey)
    invitation = Invitation.objects.select_for_update().filter(survey=survey, person=person).first()
    more: dict[str, Any] = {"answered_at": answered_at}
    if invitation is not None and invitation.answered_at is None:
        more["invitation"] = invitation
    answer = _keep(survey, person, score, comment, Answer.Via.API, **more)
    if "invitation" in more:
        Invitation.objects.filter(pk=invitation.pk).update(answered_at=answer.answered_at)
    record(actor, "answer.added", answer, after={"survey_id": survey.pk})
    return answer


def _keep(survey: Survey, person: DistinctId, score: int | None, comment: str, via: str, **more: Any) -> Answer:
    now = timezone.now()
    # The row of the survey orders two who answer for one person at once, and a change of what is asked.
    current = Survey.objects.select_for_update(of=["self"], no_key=True).select_related("product__team", "owner")
    survey = current.get(pk=survey.pk)
    if not survey.takes_answers(timezone.localdate()):
        raise SurveyClosed()
    at = more.pop("answered_at", None) or now
    if at > now + dt.timedelta(minutes=5):
        raise BadInput(fields={"answered_at": ["This time is still to come."]})
    comment = check_answer(survey, score, comment)
    account_no = accounts_of_people([person.no], source_ids_of([survey.product_id])).get(person.no)
    standing = standings_of(survey.product, [account_no] if account_no else []).get(account_no or 0, Standing())
    is_counted = _let_count(survey, person, at)
    answer = Answer.objects.create(
        survey=survey,
        person=person,
        account_id=account_no,
        score=score,
        answered_at=at,
        via=via,
        plan=standing.plan,
        segment=standing.segment,
        is_counted=is_counted,
        **more,
    )
    if comment:
        answer.feedback = _write_words(answer, survey, person, comment)
        answer.save(update_fields=["feedback"])
    return answer


def check_answer(survey: Survey, score: int | None, comment: str) -> str:
    """Return the words as they are kept, or say what is wrong with an answer."""
    faults = {}
    scale = survey.scale
    if scale is None and score is not None:
        faults["score"] = ["This survey asks for words alone."]
    if scale is not None and score not in scale.answers:
        faults["score"] = [f"Choose one answer from {scale.low} to {scale.high}."]
    text = clean_text(comment or "", "comment", longest=LONGEST_COMMENT, may_be_empty=True)
    if scale is None and not text:
        faults["comment"] = ["Write a few words."]
    if faults:
        raise BadInput(fields=faults)
    return text


def _let_count(survey: Survey, person: DistinctId, at: dt.datetime) -> bool:
    """Say whether a new answer of a person counts; where the last one counts, the one before makes way."""
    ids = DistinctId.objects.filter(person_no=person.resolved_no).values_list("no", flat=True)
    theirs = survey.answers.filter(person__in=[person.resolved_no, person.no, *ids], is_counted=True)
    before = theirs.select_for_update().first()
    if before is None:
        return True
    if survey.counts == Survey.Counts.FIRST or before.answered_at > at:
        raise AlreadyAnswered()
    note_stale(Answer.objects.filter(pk=before.pk))
    Answer.objects.filter(pk=before.pk).update(is_counted=False)
    return True


def words_channel() -> Channel:
    """Return the channel of what surveys bring."""
    return Channel.objects.get_or_create(slug="survey", defaults={"name": "Survey"})[0]


def title_of(survey: Survey) -> str:
    """Return which question the words of an answer answer."""
    return survey.comment_question or survey.question


def _write_words(answer: Answer, survey: Survey, person: DistinctId, comment: str) -> Feedback:
    account = Account.objects.filter(pk=answer.account_id).values_list("account_id", flat=True).first()
    piece, _ = add_feedback(
        survey.product,
        actor=SYSTEM,
        today=timezone.localdate(),
        text=comment,
        channel=words_channel(),
        said_on=timezone.localdate(answer.answered_at),
        owner=survey.owner,
        title=title_of(survey),
        person=person.distinct_id,
        account=account or "",
        language=survey.language,
        origin=ORIGIN,
        origin_id=f"{survey.pk}/{answer.pk}",
    )
    return piece
