"""Scoring initiatives: what was said of each input, one or many at once, looked at again, and undone."""

import uuid
from collections.abc import Mapping, Sequence
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from portal.audit.public import record
from portal.people.public import require
from portal.shell.public import BadInput, Conflict, NotFound, Stale, refuse_stale
from roadmaps.goals.public import line
from roadmaps.planning.initiatives.public import Initiative, change_initiative
from roadmaps.planning.scoring.checking import check_given, refuse_unknown_inputs
from roadmaps.planning.scoring.contracts import Definition, Given
from roadmaps.planning.scoring.efforts import effort_of
from roadmaps.planning.scoring.measuring import read_bound
from roadmaps.planning.scoring.models import Score, ScoreChange, ScoringModel
from roadmaps.planning.scoring.reading import given_of, to_given
from roadmaps.planning.scoring.totals import fill_score, renew_totals, set_bindings

MOST_AT_ONCE = 500
Said = Mapping[str, Mapping[str, Any] | None]


@transaction.atomic
def score_initiative(
    initiative: Initiative,
    model: ScoringModel,
    *,
    actor: Any,
    inputs: Said,
    version: int | None = None,
    note: str | None = None,
    batch: uuid.UUID | None = None,
) -> Score:
    """Say what inputs of an initiative are; None takes one back. With `version`, only if nobody changed it since.

    Each input says likely (low, high), label and source, or what it is bound to. The effort is the initiative's own:
    it changes there.
    """
    require(actor, "scores.edit", initiative)
    if model.is_archived:
        raise Conflict("This model was put away. Use another one.")
    definition = model.definition
    refuse_unknown_inputs(definition, inputs)
    score = _locked(initiative, model)
    if version is not None:
        refuse_stale(score, version)
    checked = dict(_check(initiative, definition, inputs, actor))
    given = _merge(given_of(score, definition), checked, inputs)
    for asked in definition.inputs:
        if asked.role == "effort" and asked.key not in {*given, *inputs} and (known := effort_of(score.initiative)):
            given[asked.key] = known
    if note is not None:
        score.note = line("note", note, 500, is_needed=False)
    return _write(score, given, actor=actor, batch=batch, verb="score.changed")


@transaction.atomic
def score_several(
    initiatives: Sequence[Initiative], model: ScoringModel, *, actor: Any, inputs: Said
) -> tuple[uuid.UUID, list[Score]]:
    """Say the same of several initiatives: of all or of none; returns what they can be undone by."""
    _refuse_too_many(initiatives)
    batch = uuid.uuid4()
    in_order = sorted(initiatives, key=lambda one: one.pk)  # two people who do this at once wait, and never for ever
    return batch, [score_initiative(one, model, actor=actor, inputs=inputs, batch=batch) for one in in_order]


@transaction.atomic
def confirm_scores(scores: Sequence[Score], *, actor: Any) -> tuple[uuid.UUID, list[Score]]:
    """Say that scores were looked at and are right: typed inputs are of today, measured ones agreed as they are."""
    _refuse_too_many(scores)
    batch, today, found = uuid.uuid4(), timezone.localdate(), []
    for one in sorted(scores, key=lambda score: score.initiative_id):
        require(actor, "scores.edit", one.initiative)
        score = _locked(one.initiative, one.model)
        given = {
            key: Given(**{**vars(said), **({"agreed": said.likely} if said.bound else {"on": today})})
            for key, said in given_of(score, one.model.definition).items()
        }
        found.append(_write(score, given, actor=actor, batch=batch, verb="score.confirmed"))
    return batch, found


@transaction.atomic
def undo_changes(batch: uuid.UUID, *, actor: Any) -> list[Score]:
    """Take back what one press did to scores, unless somebody changed one of them since."""
    changes = ScoreChange.objects.visible_to(actor).select_for_update(of=("self",)).filter(batch=batch)
    rows = list(changes.select_related("score__initiative__team", "score__model__current").order_by("-pk"))
    if not rows:
        raise NotFound()
    found = []
    for change in rows:
        require(actor, "scores.edit", change.score.initiative)
        if change.undone_at is not None:
            raise Conflict("That was taken back already. Reload the page.")
        score = _locked(change.score.initiative, change.score.model)
        if score.version != change.left_version:
            raise Conflict(f"Somebody changed “{score.initiative}” since, so this cannot be taken back any more.")
        given = {key: to_given(value) for key, value in change.before.items()}
        found.append(_write(score, given, actor=actor, batch=None, verb="score.undone"))
        change.undone_at = timezone.now()
        change.save(update_fields=["undone_at"])
    return found


@transaction.atomic
def delete_score(score: Score, *, actor: Any) -> None:
    """Take an initiative's score under a model away, with all that was said."""
    require(actor, "scores.edit", score.initiative)
    current = _locked(score.initiative, score.model)
    record(actor, "score.deleted", current, before={"inputs": current.given, "value": current.value})
    model, number = current.model, current.initiative_id
    current.delete()
    renew_totals(model, {number})


def _refuse_too_many(things: Sequence[Any]) -> None:
    if not things:
        raise BadInput("Choose at least one initiative.")
    if len(things) > MOST_AT_ONCE:
        raise BadInput(f"Score at most {MOST_AT_ONCE} initiatives at once.")


def _locked(initiative: Initiative, model: ScoringModel) -> Score:
    """Return the score of an initiative under a model, locked; a first one, of nothing said, where there is none."""
    rows = Score.objects.select_for_update(of=("self",)).select_related("initiative__team", "model__current")
    found = rows.filter(initiative=initiative, model=model).first()
    if found is not None:
        return found
    try:
        with transaction.atomic():
            Score.objects.create(initiative=initiative, model=model, worked_with=model.current, version=0)
    except IntegrityError as fault:  # somebody else scored it first, or it was deleted
        if not Initiative.objects.filter(pk=initiative.pk).exists():
            raise NotFound() from fault
        raise Stale("Somebody scored it at the same moment. Reload the page to see how.") from fault
    return rows.get(initiative=initiative, model=model)


def _check(initiative: Initiative, definition: Definition, inputs: Said, actor: Any) -> Any:
    today = timezone.localdate()
    for key, said in inputs.items():
        asked = definition.find(key)
        if said is None or asked is None:
            continue
        reading = None
        if said.get("bound"):
            if asked.role:
                sentence = f"{asked.label} is not measured by a number of this portal. Type it."
                raise BadInput(fields={f"{key}.bound": [sentence]})
            try:
                reading = read_bound(actor, initiative, str(said["bound"]))
            except BadInput as fault:
                raise BadInput(fields={f"{key}.bound": fault.fields.get("bound", [fault.message])}) from fault
        yield key, check_given(asked, said, today=today, by=actor.pk, reading=reading)


def _merge(old: dict[str, Given], new: dict[str, Given], inputs: Said) -> dict[str, Given]:
    kept = {key: one for key, one in old.items() if key not in inputs}
    return {**kept, **new}


def _write(score: Score, given: dict[str, Given], *, actor: Any, batch: uuid.UUID | None, verb: str) -> Score:
    """Write what is said of a score now, and keep what was said before."""
    before, value_before = score.given, score.value
    model, definition = score.model, score.model.definition
    _write_effort(score, definition, given, actor)
    fill_score(score, definition, given)
    if score.given == before and score.pk and score.version:
        score.save(update_fields=["note"])
        return score
    score.worked_with, score.version, score.scored_by_id = model.current, score.version + 1, actor.pk or None
    score.save()
    set_bindings(score, given)
    renew_totals(model, {score.initiative_id})
    score.refresh_from_db(fields=["value", "least", "most"])
    if batch is not None or verb == "score.changed":
        ScoreChange.objects.create(
            score=score,
            batch=batch or uuid.uuid4(),
            before=before,
            after=score.given,
            value_before=value_before,
            value_after=score.value,
            left_version=score.version,
            by_id=actor.pk or None,
        )
    changed = {key for key in {*before, *score.given} if before.get(key) != score.given.get(key)}
    record(
        actor,
        verb,
        score,
        before={key: before.get(key) for key in sorted(changed)},
        after={key: score.given.get(key) for key in sorted(changed)},
    )
    return score


def _write_effort(score: Score, definition: Definition, given: dict[str, Given], actor: Any) -> None:
    """Let the initiative's effort be what its score says: there is one effort of it, wherever it is typed."""
    asked = next((one for one in definition.inputs if one.role == "effort"), None)
    if asked is None:
        return
    said, initiative = given.get(asked.key), score.initiative
    if said is None and asked.key not in score.given:
        return  # nobody took it back: it was never said here
    wanted = (said.low, said.likely, said.high) if said else (None, None, None)
    known = effort_of(initiative)
    if wanted == ((known.low, known.likely, known.high) if known else (None, None, None)):
        return
    changes = dict(zip(("effort_low", "effort_months", "effort_high"), wanted, strict=True))
    score.initiative = change_initiative(initiative, actor=actor, changes=changes, why=f"Scored by {score.model}")
    # Its other scores heard of it meanwhile, and so did this one: go on from the row as it is now.
    score.version = Score.objects.values_list("version", flat=True).get(pk=score.pk)
