"""Making prototypes, changing them, deciding about them; their file."""

import uuid
from collections.abc import Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.validators import URLValidator
from django.db import transaction
from django.utils import timezone

from insights.voice.feedback.public import check_file
from portal.audit.public import record, state_of
from portal.people.public import Product, can_see, possible_owners, require
from portal.shell.public import BadInput, Conflict, NotFound, is_storable, refuse_stale, refuse_unknown
from roadmaps.goals.public import checked, line
from roadmaps.planning.prototypes.models import Prototype, PrototypeTask, TaskOutcome

MOST_TASKS = 20
FOLDER = "prototypes"
_FIELDS = frozenset(
    {"title", "hypothesis", "fidelity", "url", "initiative", "opportunity", "visibility", "owner", "tasks"}
)


@transaction.atomic
def create_prototype(product: Product, *, actor: Any, **values: Any) -> Prototype:
    """Make a prototype of a product; `tasks` are what people are asked to do with it."""
    refuse_unknown(values, _FIELDS)
    prototype = Prototype(product=product, team=product.team, owner_id=actor.pk or None)
    require(actor, "prototypes.create", prototype)
    tasks = values.pop("tasks", ())
    _fill(prototype, {"title": "", "hypothesis": "", "fidelity": "", **values}, actor)
    prototype.save()
    _set_tasks(prototype, tasks)
    record(actor, "prototype.created", prototype, after=state_of(prototype))
    return prototype


@transaction.atomic
def update_prototype(prototype: Prototype, *, actor: Any, version: int, **changes: Any) -> Prototype:
    """Change a prototype if nobody changed it since `version`; tasks that were tried stay as they are."""
    refuse_unknown(changes, _FIELDS)
    current = _locked(prototype, actor)
    refuse_stale(current, version)
    before, tasks = state_of(current), changes.pop("tasks", None)
    _fill(current, changes, actor)
    if tasks is not None:
        _set_tasks(current, tasks)
    current.version = version + 1
    current.save()
    record(actor, "prototype.changed", current, before=before, after=state_of(current))
    return current


@transaction.atomic
def decide(prototype: Prototype, *, actor: Any, version: int, decision: str, why: str) -> Prototype:
    """Say what becomes of it and why; a later decision takes its place, and the trail keeps both."""
    current = _locked(prototype, actor)
    refuse_stale(current, version)
    if decision not in Prototype.Decision.values:
        raise BadInput(fields={"decision": ["Choose what becomes of it."]})
    before = {"decision": current.decision}
    current.decided_why = checked("why", why, 4_000, is_needed=True)
    current.decision, current.decided_at, current.decided_by_id = decision, timezone.now(), actor.pk or None
    current.version = version + 1
    current.save()
    record(actor, "prototype.decided", current, before=before, after={"decision": decision})
    return current


@transaction.atomic
def delete_prototype(prototype: Prototype, *, actor: Any) -> None:
    """Delete a prototype that nobody tried."""
    current = _locked(prototype, actor)
    if current.tests.exists():
        raise Conflict("People tried it. Decide to drop it instead: what was learned stays for the next who try.")
    record(actor, "prototype.deleted", current, before=state_of(current))
    _remove_later(current.file_path)
    current.delete()


@transaction.atomic
def set_file(prototype: Prototype, *, actor: Any, name: str, data: bytes) -> Prototype:
    """Keep a file as the prototype, in the place of the one before; it is handed out to be saved, never shown."""
    current = _locked(prototype, actor)
    name = " ".join(name.replace("\\", "/").rpartition("/")[2].split())[-200:]
    name = name if name and is_storable(name) and name.isprintable() else "file"
    try:
        kind = check_file(name, data)
    except BadInput as fault:
        raise BadInput(fields={"file": [said for those in fault.fields.values() for said in those]}) from None
    path = default_storage.save(f"{FOLDER}/{uuid.uuid4().hex}", ContentFile(data))
    try:
        with transaction.atomic():
            _remove_later(current.file_path)
            current.file_name, current.file_path, current.version = name, path, current.version + 1
            current.save()
            record(actor, "prototype.file_set", current, after={"kind": kind, "n_bytes": len(data)})
    except BaseException:
        default_storage.delete(path)
        raise
    return current


@transaction.atomic
def drop_file(prototype: Prototype, *, actor: Any) -> Prototype:
    """Take the file away, for good."""
    current = _locked(prototype, actor)
    if not current.file_path:
        raise Conflict("It has no file.")
    _remove_later(current.file_path)
    current.file_name, current.file_path, current.version = "", "", current.version + 1
    current.save()
    record(actor, "prototype.file_dropped", current)
    return current


def _remove_later(path: str) -> None:
    if path:
        transaction.on_commit(lambda: default_storage.delete(path))


def _locked(prototype: Prototype, actor: Any) -> Prototype:
    current = Prototype.objects.select_for_update(of=["self"]).of_rows().filter(pk=prototype.pk).first()
    if current is None:
        raise NotFound()
    require(actor, "prototypes.edit", current)
    return current


def _fill(prototype: Prototype, values: dict[str, Any], actor: Any) -> None:
    for name, value in values.items():
        if name == "title":
            value = line(name, value, 200)
        elif name == "hypothesis":
            value = checked(name, value, 10_000, is_needed=True)
        setattr(prototype, name, value or "" if name == "url" else value)
    if prototype.fidelity not in Prototype.Fidelity.values:
        raise BadInput(fields={"fidelity": ["Choose how real it looks."]})
    if prototype.url:
        try:
            URLValidator(schemes=["http", "https"])(prototype.url)
        except ValidationError:
            raise BadInput(fields={"url": ["Give a whole address that begins with https://."]}) from None
    for name in ("initiative", "opportunity"):
        thing = values.get(name)
        if thing is None:
            continue
        if actor.pk and not can_see(actor, thing):
            raise BadInput(fields={name: [f"There is no such {name}."]})
        if thing.product_id != prototype.product_id:
            raise BadInput(fields={name: ["It belongs to another product."]})
    owner = values.get("owner")
    if owner is not None and not possible_owners([prototype.team_id], actor.pk).contains(owner):
        raise BadInput(fields={"owner": ["Choose somebody of the product's team."]})


def _set_tasks(prototype: Prototype, texts: Sequence[str]) -> None:
    wanted = list(dict.fromkeys(line("tasks", text, 300) for text in texts if text.strip()))
    if len(wanted) > MOST_TASKS:
        raise BadInput(fields={"tasks": [f"Give at most {MOST_TASKS} tasks."]})
    there = {task.text: task for task in prototype.tasks.all()}
    gone = [task for text, task in there.items() if text not in wanted]
    tried = TaskOutcome.objects.filter(task__in=gone).select_related("task").first()
    if tried is not None:
        said = f"People tried “{tried.task}”: keep it as it is, and add a new one beside it."
        raise BadInput(fields={"tasks": [said]})
    PrototypeTask.objects.filter(pk__in=[task.pk for task in gone]).delete()
    for place, text in enumerate(wanted):
        PrototypeTask.objects.update_or_create(prototype=prototype, text=text, defaults={"place": place})
