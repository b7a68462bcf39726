"""Answers of other survey tools as a kind of import: one row an answer, with undo and without doubling."""

import datetime as dt
import hashlib
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.conf import settings
from django.db import transaction
from django.utils import timezone

from insights.imports.public import (
    Fate,
    Import,
    ImportKind,
    Note,
    OptionsForm,
    Plan,
    Seen,
    Target,
    Worked,
    guess_day_format,
    read_time,
    row_key,
)
from insights.sources.public import FileRow
from insights.voice.feedback.public import Feedback, FeedbackWork, forget_files
from insights.voice.surveys.actions import recount
from insights.voice.surveys.answering import LONGEST_COMMENT
from insights.voice.surveys.import_writing import Given, known_ids, write_answers
from insights.voice.surveys.loading import note_stale
from insights.voice.surveys.models import Answer, Survey
from insights.voice.texts.public import clean_text, excerpt
from portal.people.public import Product, Role, can
from portal.shell.public import BadInput, registry

_LONGEST_ID = 200


class SurveyOptions(OptionsForm):
    """Which survey the answers are of."""

    survey = forms.ChoiceField(label="Survey", help_text="Of which these are answers. Make it first, if it is new.")

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        surveys = Survey.objects.visible_to(self.user).filter(product=self.product).order_by("-pk")[:200]
        choices = [(str(one.pk), f"{one.name} ({one.get_kind_display().split(':')[0]})") for one in surveys]
        self.fields["survey"].choices = choices
        if choices:
            self.fields["survey"].initial = choices[0][0]


class AnswersImport(ImportKind):
    """Answers to a survey."""

    name = "survey-answers"
    title = "answers to a survey"
    nouns = ("answer", "answers")
    order = 40
    targets = (
        Target("score", "Score", ("score", "rating", "nps", "nps score", "csat", "ces", "answer", "value")),
        Target("comment", "Words", ("comment", "comments", "feedback", "text", "reason", "why", "verbatim")),
        Target(
            "person",
            "Person: id or e-mail",
            ("person", "user", "user id", "email", "e-mail", "respondent", "person id"),
        ),
        Target("account", "Account", ("account", "account id", "company", "organization")),
        Target(
            "answered_at", "Answered at", ("answered at", "date", "time", "created at", "submitted at", "timestamp")
        ),
        Target("segment", "Segment", ("segment",)),
        Target("plan", "Plan", ("plan",)),
        Target("origin_id", "Id of the answer", ("id", "response id", "answer id", "responseid")),
    )
    preview = (
        ("score", "Score"), ("comment", "Words"), ("who", "Who"), ("answered_at", "Answered"), ("segment", "Segment"),
    )  # fmt: skip
    options_form = SurveyOptions
    help = "A file of answers from another survey tool: one row an answer, with a score, words, and who gave it."

    def may(self, user: Any, product: Product | None = None) -> bool:
        """Say whether a user may import answers."""
        if product is None:
            return Role(user.role).rank >= Role.PRODUCT_MANAGER.rank
        return can(user, "surveys.create", product)

    def faults(self, plan: Plan) -> list[str]:
        """Return what is missing."""
        survey = survey_of(plan)
        if survey is None:
            return ["Choose the survey of which these are answers. Make it first, if it is new."]
        needed = "score" if survey.scale else "comment"
        return [] if plan.column(needed) else [f"Say which column is the {'score' if survey.scale else 'words'}."]

    def taker(self, product: Product, plan: Plan, *, actor: Any, batch: Import | None) -> "AnswersTaker":
        """Return what looks at rows and writes."""
        return AnswersTaker(product, plan, actor=actor, batch=batch)

    def url_of(self, batch: Import) -> str:
        """Return where to see what a run brought."""
        answer = Answer.objects.filter(imported_in=batch).select_related("survey").first()
        return answer.survey.get_absolute_url() if answer else ""

    def worked(self, batch: Import) -> Worked:
        """Return on whose words people have worked since."""
        return Worked(len(_worked_ids(batch)))

    @transaction.atomic
    def undo(self, batch: Import, *, actor: Any, keeps_worked: bool, progress: Callable[..., None]) -> int:
        """Take the answers back, with their words; those whose words people worked on stay where that is kept."""
        kept = _worked_ids(batch) if keeps_worked else set()
        answers = Answer.objects.filter(imported_in=batch).exclude(feedback__in=kept)
        progress("Taking it back", 0, answers.count())
        note_stale(answers)
        surveys = {one.survey_id: one.survey for one in answers.select_related("survey")}
        persons = set(answers.exclude(person=None).values_list("person", flat=True))
        words = Feedback.objects.filter(pk__in=list(answers.exclude(feedback=None).values_list("feedback", flat=True)))
        answers.delete()
        forget_files(words)
        words.delete()
        for survey in surveys.values():
            recount(survey, sorted(persons))
        return len(kept)


def _worked_ids(batch: Import) -> set[int]:
    words = Feedback.objects.filter(answer__imported_in=batch)
    return {pk for work in registry.all(FeedbackWork) for pk in work.find(words)}


def survey_of(plan: Plan) -> Survey | None:
    """Return the survey that the options name."""
    chosen = str(plan.options.get("survey") or "")
    if not chosen.isdecimal():
        return None
    return Survey.objects.select_related("product__team", "owner").filter(pk=int(chosen)).first()


class AnswersTaker:
    """Looks at rows in the order of the file and writes new answers; made anew for each check and run."""

    def __init__(self, product: Product, plan: Plan, *, actor: Any, batch: Import | None):
        self.product, self.plan, self.batch, self.actor = product, plan, batch, actor
        self.survey = survey_of(plan)
        self.times, self.now = "", timezone.now()
        self.zone = ZoneInfo(settings.WORKSPACE_TIME_ZONE)
        self._identical: Counter[str] = Counter()
        self._seen: dict[str, int] = {}

    def look(self, rows: Sequence[FileRow]) -> list[Seen]:
        """Say what each row comes to."""
        if not self.times and (column := self.plan.column("answered_at")):
            self.times = guess_day_format([row.cells.get(column, "") for row in rows[:200]])
        keyed = [(row, self._key(row)) for row in rows]
        known = known_ids(self.survey, [key for _, key in keyed])
        return [self._look_at(row, key, known) for row, key in keyed]

    def _key(self, row: FileRow) -> str:
        key = self.plan.cell(row, "origin_id") or row_key(row, self._identical)
        return key if len(key) <= _LONGEST_ID else "sha-" + hashlib.sha256(key.encode()).hexdigest()

    def _look_at(self, row: FileRow, key: str, known: set[str]) -> Seen:
        cell, survey = self.plan.cell, self.survey
        score_text, words = cell(row, "score"), cell(row, "comment")
        if not score_text and not words:
            return Seen(row, Fate.EMPTY)
        if survey is None or survey.product_id != self.product.pk:
            return Seen(row, Fate.REFUSED, "Choose a survey of this product.")
        score, no_answer, fault = self._score(score_text)
        if fault:
            return Seen(row, Fate.REFUSED, fault, self.plan.column("score"))
        try:
            comment = clean_text(words, "comment", longest=LONGEST_COMMENT, may_be_empty=True)
        except BadInput as error:
            return Seen(row, Fate.REFUSED, error.fields["comment"][0], self.plan.column("comment"))
        at, notes = self._time(cell(row, "answered_at")), []
        if at is None or at > self.now:
            reason = "This time cannot be read, or it is still to come. Write it like the others."
            return Seen(row, Fate.REFUSED, reason, self.plan.column("answered_at"))
        if first := self._seen.get(key):
            return Seen(
                row, Fate.REFUSED, f"Line {first:,} has this id. The first is taken.", self.plan.column("origin_id")
            )
        self._seen[key] = row.no
        given = Given(key, score, no_answer, comment, cell(row, "person"), cell(row, "account"), at)
        given.segment, given.plan = cell(row, "segment")[:60], cell(row, "plan")[:60]
        if given.person and len(given.person) > 400:
            notes.append(
                Note(self.plan.column("person"), given.person[:500], "This id is too long, so none was taken.")
            )
            given.person = ""
        shown = {
            "score": "" if score is None else str(score),
            "comment": excerpt(comment, 140),
            "who": ", ".join(filter(None, [given.person, given.account])),
            "answered_at": f"{at:%-d %b %Y, %H:%M}",
            "segment": given.segment,
        }
        fate = Fate.KNOWN if key in known else Fate.NEW
        return Seen(row, fate, notes=tuple(notes), shown=shown, value=given)

    def _time(self, text: str) -> dt.datetime | None:
        return read_time(text, self.times or "iso", self.zone) if text else self.now

    def _score(self, text: str) -> tuple[int | None, str, str]:
        """Return (score, what stands in its place, what is wrong) of a cell."""
        scale = self.survey.scale if self.survey else None
        if scale is None or not text:
            return None, "", ""
        if text.lower() in {mark.lower() for mark in self.survey.no_answers}:
            return None, text[:20], ""
        number = text.split("/")[0].replace(",", ".").strip()
        try:
            value = float(number)
        except ValueError:
            value = -1.0
        if value != int(value) or int(value) not in scale.answers:
            return None, "", f"This is no answer from {scale.low} to {scale.high}, nor one of those that are no answer."
        return int(value), "", ""

    def write(self, seen: Iterable[Seen]) -> None:
        """Write new answers, with their words as feedback, and note that their people were asked."""
        assert self.survey is not None
        write_answers(self.survey, [one.value for one in seen], batch=self.batch, actor=self.actor)
