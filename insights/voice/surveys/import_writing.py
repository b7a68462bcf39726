"""Writing many answers at once: whose counts, their words as feedback, and that their people were asked elsewhere."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils import timezone

from insights.contacts.public import find_speakers, note_asks
from insights.events.public import DistinctId
from insights.imports.public import Import
from insights.voice.feedback.public import draft_feedback, write_drafts
from insights.voice.surveys.answering import ORIGIN, title_of, words_channel
from insights.voice.surveys.contracts import Standing
from insights.voice.surveys.loading import note_stale
from insights.voice.surveys.models import Answer, Survey
from insights.voice.surveys.standings import standings_of

_CHUNK = 1_000


@dataclass
class Given:
    """One answer as a file says it."""

    key: str
    score: int | None
    no_answer: str
    comment: str
    person: str
    account: str
    at: dt.datetime
    segment: str = ""
    plan: str = ""


def known_ids(survey: Survey | None, keys: Iterable[str]) -> set[str]:
    """Return which of these ids of answers the survey has already."""
    if survey is None:
        return set()
    return set(Answer.objects.filter(survey=survey, origin_id__in=list(keys)).values_list("origin_id", flat=True))


@transaction.atomic
def write_answers(survey: Survey, given: Sequence[Given], *, batch: Import | None, actor: Any) -> list[Answer]:
    """Write answers that are new to the survey, some thousand at once."""
    Survey.objects.select_for_update(of=["self"], no_key=True).get(pk=survey.pk)
    written = []
    for start in range(0, len(given), _CHUNK):
        written += _write(survey, given[start : start + _CHUNK], batch, actor)
    return written


def _write(survey: Survey, given: Sequence[Given], batch: Import | None, actor: Any) -> list[Answer]:
    pairs = {(_plain(one.person), _plain(one.account)) for one in given if one.person or one.account}
    speakers = find_speakers(survey.product, pairs) if pairs else {}
    answers = []
    for one in given:
        speaker = speakers.get((_plain(one.person), _plain(one.account)))
        answers.append(
            Answer(
                survey=survey,
                person_id=speaker.person_no if speaker else None,
                account_id=speaker.account_no if speaker else None,
                score=one.score,
                no_answer=one.no_answer,
                answered_at=one.at,
                via=Answer.Via.IMPORT,
                origin_id=one.key,
                imported_in=batch,
                plan=one.plan,
                segment=one.segment,
            )
        )
    _note_standings(survey, answers)
    _let_count(survey, answers)
    Answer.objects.bulk_create(answers, batch_size=500)
    _write_words(survey, list(zip(answers, given, strict=True)), batch, actor)
    asked = {one.person_id: one.answered_at for one in answers if one.person_id}
    keys = {one.person_id: f"survey-import:{survey.pk}:{one.pk}" for one in answers if one.person_id}
    if asked:
        note_asks(asked, kind="survey", about=survey.name, actor=actor, keys=keys)
    return answers


def _plain(text: str) -> str:
    return " ".join(text.split())


def _note_standings(survey: Survey, answers: list[Answer]) -> None:
    """Fill in plan and segment, where the file does not say them, as the accounts stand now."""
    lacking = [one for one in answers if one.account_id and not (one.plan and one.segment)]
    known = standings_of(survey.product, {one.account_id for one in lacking})
    for one in lacking:
        found = known.get(one.account_id, Standing())
        one.plan, one.segment = one.plan or found.plan, one.segment or found.segment


def _let_count(survey: Survey, answers: list[Answer]) -> None:
    """Decide which answer of each person counts, among these and with what is there already."""
    numbers = {one.person_id for one in answers if one.person_id}
    own = dict(DistinctId.objects.filter(no__in=numbers).values_list("no", "person_no"))
    owners = {no: person or no for no, person in own.items()}
    ids = DistinctId.objects.filter(person_no__in=set(owners.values())).values_list("no", "person_no")
    owner_of = {**owners, **dict(ids), **{no: no for no in owners.values()}}
    there = survey.answers.filter(person__in=list(owner_of), is_counted=True).select_for_update()
    counting: dict[int, Answer] = {owner_of[one.person_id]: one for one in there}
    is_first = survey.counts == Survey.Counts.FIRST
    makes_way: list[int] = []
    for one in sorted((one for one in answers if one.person_id), key=lambda one: one.answered_at):
        owner = owner_of[one.person_id]
        before = counting.get(owner)
        if before is None or (
            one.answered_at < before.answered_at if is_first else one.answered_at >= before.answered_at
        ):
            if before is not None:
                before.is_counted = False
                if before.pk:
                    makes_way.append(before.pk)
            counting[owner] = one
        else:
            one.is_counted = False
    if makes_way:
        note_stale(Answer.objects.filter(pk__in=makes_way))
        Answer.objects.filter(pk__in=makes_way).update(is_counted=False)


def _write_words(survey: Survey, pairs: list[tuple[Answer, Given]], batch: Import | None, actor: Any) -> None:
    said = [(answer, one) for answer, one in pairs if one.comment]
    if not said:
        return
    channel, today = words_channel(), timezone.localdate()
    drafts = []
    for answer, one in said:
        draft = draft_feedback(
            survey.product,
            today=today,
            owner_id=survey.owner_id,
            text=one.comment,
            channel=channel,
            said_on=timezone.localdate(one.at),
            title=title_of(survey),
            language=survey.language,
            origin=ORIGIN,
            origin_id=f"{survey.pk}/{answer.pk}",
        )
        draft.feedback.person_id, draft.feedback.account_id = answer.person_id, answer.account_id
        draft.feedback.imported_in = batch
        drafts.append(draft)
    pieces = write_drafts(survey.product, drafts)
    for (answer, _), piece in zip(said, pieces, strict=True):
        answer.feedback = piece
    Answer.objects.bulk_update([answer for answer, _ in said], ["feedback"], batch_size=500)
