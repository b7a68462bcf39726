"""Making surveys, changing, opening and closing them, each change from the version that its writer saw."""

from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone

from insights.cohorts.public import Cohort, may_see_members
from insights.voice.surveys.contracts import FREE_QUESTION, SCALES
from insights.voice.surveys.loading import note_stale
from insights.voice.surveys.models import Answer, Survey
from insights.voice.surveys.words import WORDS
from portal.audit.public import record, state_of
from portal.people.public import Product, Visibility, possible_owners, require
from portal.shell.public import BadInput, Conflict, NotFound, is_storable, refuse_stale

_TEXTS = {"name": 120, "question": 300, "low_label": 60, "high_label": 60, "comment_question": 300, "thanks": 500}
_TEXTS |= {"sender": 120, "mail_text": 2000}
_FIELDS = frozenset({*_TEXTS, "kind", "language", "no_answers", "counts", "cohort", "needs_consent", "closes_on"})
_FIELDS |= {"visibility", "owner"}
_FIXED = ("kind", "question", "low_label", "high_label", "no_answers", "counts")  # once somebody has answered
_ASKED = "People have answered it already: what they were asked stays as it was. Make another survey to ask otherwise."


@transaction.atomic
def create_survey(product: Product, *, actor: Any, kind: str, **values: Any) -> Survey:
    """Make a draft; what is not given is what such surveys usually say."""
    survey = Survey(product=product, team=product.team, owner_id=actor.pk, kind=kind, visibility=Visibility.COMPANY)
    require(actor, "surveys.create", survey)
    usual = usual_words(kind, product)
    _fill(survey, {**usual, **{name: value for name, value in values.items() if value not in (None, "")}}, actor)
    survey.save()
    record(actor, "survey.created", survey, after=state_of(survey))
    return survey


@transaction.atomic
def update_survey(survey: Survey, *, actor: Any, version: int, **changes: Any) -> Survey:
    """Change a survey if nobody changed it since `version`; what people answered already stays what they were asked."""
    require(actor, "surveys.edit", survey)
    current = _locked(survey)
    refuse_stale(current, version)
    before = state_of(current)
    _fill(current, changes, actor)
    changed = [name for name in _FIXED if before[name] != state_of(current)[name]]
    if changed and Answer.objects.filter(survey=current).exists():
        raise BadInput(fields={name: [_ASKED] for name in changed})
    current.version = version + 1
    current.save()
    record(actor, "survey.changed", current, before=before, after=state_of(current))
    return current


@transaction.atomic
def open_survey(survey: Survey, *, actor: Any) -> Survey:
    """Let it be answered, for the first time or again."""
    require(actor, "surveys.edit", survey)
    current = _locked(survey)
    if current.state == Survey.State.OPEN:
        raise Conflict("It is open already.")
    if current.closes_on is not None and current.closes_on < timezone.localdate():
        raise Conflict("Its last day is over. Give it a later one first.")
    return _set_state(current, Survey.State.OPEN, actor, opened_at=current.opened_at or timezone.now(), closed_at=None)


@transaction.atomic
def close_survey(survey: Survey, *, actor: Any) -> Survey:
    """Take no more answers; links say so from now on."""
    require(actor, "surveys.edit", survey)
    current = _locked(survey)
    if current.state != Survey.State.OPEN:
        raise Conflict("It is not open.")
    return _set_state(current, Survey.State.CLOSED, actor, closed_at=timezone.now())


@transaction.atomic
def delete_survey(survey: Survey, *, actor: Any) -> None:
    """Delete a survey that nobody has answered; one with answers is closed and stays."""
    require(actor, "surveys.edit", survey)
    current = _locked(survey)
    if current.answers.exists() or current.invitations.exists():
        raise Conflict("People were asked or have answered. Close it: what they said stays true.")
    record(actor, "survey.deleted", current, before=state_of(current))
    current.delete()


@transaction.atomic
def delete_answer(answer: Answer, *, actor: Any) -> None:
    """Delete one answer, with its words; where its person answered more than once, the next one counts."""
    require(actor, "surveys.edit", answer.survey)
    record(actor, "answer.deleted", answer, before={"survey_id": answer.survey_id})
    note_stale(Answer.objects.filter(pk=answer.pk))
    person, survey, feedback = answer.person_id, answer.survey, answer.feedback
    answer.delete()
    if feedback is not None:
        feedback.delete()
    recount(survey, [person] if person else [])


def recount(survey: Survey, person_ids: list[int]) -> None:
    """Have one answer of each of these persons count again, after one that counted is gone."""
    kept = survey.answers.filter(person=OuterRef("person"), is_counted=True)
    rest = survey.answers.filter(person__in=person_ids, is_counted=False).filter(~Exists(kept))
    order = "answered_at" if survey.counts == Survey.Counts.FIRST else "-answered_at"
    seen: set[int] = set()
    for answer in rest.order_by(order, "pk"):
        if answer.person_id not in seen:
            seen.add(answer.person_id)
            Answer.objects.filter(pk=answer.pk).update(is_counted=True)


def usual_words(kind: str, product: Product) -> dict[str, Any]:
    """Return what a survey of a kind asks unless somebody says it otherwise."""
    scale = SCALES.get(kind)
    if scale is None:
        return {"question": FREE_QUESTION.format(product=product.name)}
    found = {"question": scale.question.format(product=product.name), "comment_question": "What is the main reason?"}
    return {**found, "low_label": scale.low_label, "high_label": scale.high_label}


def _locked(survey: Survey) -> Survey:
    current = Survey.objects.select_for_update(of=["self"]).dressed().filter(pk=survey.pk).first()
    if current is None:
        raise NotFound()
    return current


def _set_state(survey: Survey, state: str, actor: Any, **times: Any) -> Survey:
    before = {"state": survey.state}
    survey.state, survey.version = state, survey.version + 1
    for name, value in times.items():
        setattr(survey, name, value)
    survey.save()
    verb = "survey.opened" if state == Survey.State.OPEN else "survey.closed"
    record(actor, verb, survey, before=before, after={"state": state})
    return survey


def _fill(survey: Survey, values: dict[str, Any], actor: Any) -> None:
    faults: dict[str, list[str]] = {name: ["This cannot be changed here."] for name in sorted(values.keys() - _FIELDS)}
    for name, longest in _TEXTS.items():
        if name in values:
            text = (values[name] or "").strip() if name == "mail_text" else " ".join((values[name] or "").split())
            if len(text) > longest or not is_storable(text):
                faults[name] = [f"Use at most {longest:,} readable characters."]
            setattr(survey, name, text)
    for name in ("name", "question"):
        if not getattr(survey, name):
            faults.setdefault(name, ["Say it in a few words."])
    for name, known in (("kind", Survey.Kind.values), ("language", list(WORDS)), ("counts", Survey.Counts.values)):
        if name in values:
            setattr(survey, name, values[name])
            if values[name] not in known:
                faults[name] = [f"Use one of: {', '.join(known)}."]
    faults |= _fill_rest(survey, values, actor)
    if faults:
        raise BadInput(fields=faults)


def _fill_rest(survey: Survey, values: dict[str, Any], actor: Any) -> dict[str, list[str]]:
    faults: dict[str, list[str]] = {}
    if "no_answers" in values:
        marks = [" ".join(str(one).split()) for one in values["no_answers"] or []]
        survey.no_answers = [mark for mark in dict.fromkeys(marks) if mark]
        if len(survey.no_answers) > 20 or any(len(mark) > 20 for mark in survey.no_answers):
            faults["no_answers"] = ["Give at most 20 values of at most 20 characters."]
    if "closes_on" in values:
        survey.closes_on = values["closes_on"]
        if isinstance(survey.closes_on, date) and survey.closes_on < timezone.localdate():
            faults["closes_on"] = ["This day is over."]
    if "cohort" in values:
        survey.cohort = values["cohort"]
        if survey.cohort is not None and (fault := fault_of_audience(survey.cohort, survey.product, actor)):
            faults["cohort"] = [fault]
    for name in ("needs_consent", "visibility", "owner"):
        if name in values:
            setattr(survey, name, values[name])
    owner = survey.owner
    if owner is not None and "owner" in values and not possible_owners([survey.team_id], actor.pk).contains(owner):
        faults["owner"] = ["Choose somebody of the product's team."]
    return faults


def fault_of_audience(cohort: Cohort, product: Product, actor: Any) -> str:
    """Return why a cohort cannot be asked, "" where it can."""
    if cohort.unit != Cohort.Unit.PERSON:
        return "This cohort holds accounts. Choose one of people."
    if product not in cohort.products.all():
        return f"This cohort is not about {product}."
    if not may_see_members(actor, cohort):
        return "Who is in this cohort is not for you to see, so you cannot have them asked."
    return ""
