"""Making scoring models, writing their versions, putting them away."""

from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.text import slugify

from portal.audit.public import record, state_of
from portal.operations.public import enqueue_on_commit
from portal.people.public import require
from portal.shell.public import BadInput, Conflict, NotFound, refuse_stale, refuse_unknown
from roadmaps.goals.public import line
from roadmaps.planning.scoring.kinds import DefinitionFault, build, to_json
from roadmaps.planning.scoring.models import ModelVersion, ScoringModel

_FIELDS = frozenset({"name", "description", "position"})


@transaction.atomic
def create_model(
    *, name: str, kind: str, actor: Any, options: dict[str, Any] | None = None, description: str = "", note: str = ""
) -> ScoringModel:
    """Make a scoring model with its first version."""
    require(actor, "scoring_models.edit")
    last = ScoringModel.objects.aggregate(last=Max("position"))["last"]
    model = ScoringModel(position=0 if last is None else last + 1)
    _fill(model, {"name": name, "description": description})
    model.slug = _free_slug(model.name)
    _save(model)
    record(actor, "scoring_model.created", model, after=state_of(model))
    return write_version(model, kind=kind, options=options, note=note, actor=actor, seen=0)


@transaction.atomic
def update_model(model: ScoringModel, *, actor: Any, version: int, **changes: Any) -> ScoringModel:
    """Change what a model is called, if nobody changed it since `version`; what it asks changes by a new version."""
    require(actor, "scoring_models.edit")
    refuse_unknown(changes, _FIELDS)
    current = _locked(model)
    refuse_stale(current, version)
    before = state_of(current)
    _fill(current, changes)
    current.version = version + 1
    _save(current)
    record(actor, "scoring_model.changed", current, before=before, after=state_of(current))
    return current


@transaction.atomic
def write_version(
    model: ScoringModel, *, kind: str, actor: Any, seen: int, options: dict[str, Any] | None = None, note: str = ""
) -> ScoringModel:
    """Write the next version of a model; `seen` is the number of the one that it was made from, 0 for none.

    Scores are worked out anew by a worker; what they hold of inputs that stay, they keep.
    """
    require(actor, "scoring_models.edit")
    current = _locked(model)
    number = current.current.number if current.current else 0
    if seen != number:
        raise Conflict("Somebody wrote another version meanwhile. Reload the page to see it.")
    try:
        definition = build(kind, options)
    except DefinitionFault as fault:
        raise BadInput(fields={fault.field: [str(fault)]}) from fault
    asked = to_json(definition)
    if current.current is not None and current.current.definition == asked:
        raise BadInput("This is what the model asks already.")
    before = {"number": number, "definition": current.current.definition} if current.current else None
    made = ModelVersion.objects.create(
        model=current,
        number=number + 1,
        kind=kind,
        definition=asked,
        options=options or {},
        note=line("note", note, 300, is_needed=False),
        written_by_id=actor.pk or None,
    )
    current.current, current.version = made, current.version + 1
    current.save()
    record(actor, "scoring_model.version_written", current, before=before, after={"number": made.number, **asked})
    if number:
        enqueue_on_commit("planning.rework_scores", model_id=current.pk)
    return current


@transaction.atomic
def archive_model(model: ScoringModel, *, actor: Any) -> ScoringModel:
    """Put a model away: its scores stay, nobody scores with it any more."""
    return _put(model, timezone.now(), "scoring_model.archived", actor)


@transaction.atomic
def restore_model(model: ScoringModel, *, actor: Any) -> ScoringModel:
    """Take a model out again."""
    return _put(model, None, "scoring_model.restored", actor)


def _put(model: ScoringModel, at: Any, verb: str, actor: Any) -> ScoringModel:
    require(actor, "scoring_models.edit")
    current = _locked(model)
    if current.is_archived == (at is not None):
        raise Conflict("Somebody did that already. Reload the page.")
    current.archived_at, current.version = at, current.version + 1
    current.save()
    record(actor, verb, current)
    return current


def _locked(model: ScoringModel) -> ScoringModel:
    if not ScoringModel.objects.select_for_update().filter(pk=model.pk).exists():
        raise NotFound()
    return ScoringModel.objects.select_related("current").get(pk=model.pk)


def _fill(model: ScoringModel, values: dict[str, Any]) -> None:
    for name, value in values.items():
        if name in ("name", "description"):
            value = line(name, value, {"name": 60, "description": 500}[name], is_needed=name == "name")
        setattr(model, name, value)


def _free_slug(name: str) -> str:
    start = slugify(name)[:50] or "model"
    taken = set(ScoringModel.objects.filter(slug__startswith=start).values_list("slug", flat=True))
    numbered = (f"{start}-{number}" for number in range(2, len(taken) + 3))
    return next(one for one in (start, *numbered) if one not in taken)


def _save(model: ScoringModel) -> None:
    try:
        with transaction.atomic():
            model.save()
    except IntegrityError as fault:
        raise BadInput(fields={"name": ["Another model has this name."]}) from fault
