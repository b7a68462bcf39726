"""Writes to imports: a file brought, its columns said, checked, run, stopped, undone; each checked and recorded."""

from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django.utils import timezone

from insights.imports.access import require_import
from insights.imports.files import remove_files, store_file
from insights.imports.kinds import get_kind
from insights.imports.models import Import, RememberedMapping
from insights.imports.reading import PART, Join, columns_key, plan_of
from insights.sources.public import ReadOptions, path_of
from portal.audit.public import record
from portal.operations.public import enqueue_on_commit
from portal.people.public import Product
from portal.shell.public import BadInput, Conflict, is_storable

_STARTED = "This import is under way or over. Bring the file again to take it in another way."
_GONE = "The file of this import is not kept any more. Upload it again."


def store_import(kind: str, product: Product, file_name: str, chunks: Iterable[bytes], *, actor: Any) -> Import:
    """Keep a file that is to be imported; nothing is taken out of it yet."""
    require_import(actor, kind, product)
    stored = store_file(chunks)
    try:
        with transaction.atomic():
            batch = Import.objects.create(
                kind=kind,
                product=product,
                file_name=_name(file_name),
                path=stored.path,
                n_bytes=stored.n_bytes,
                created_by_id=actor.pk,
            )
            record(actor, "import.stored", batch, after={"kind": kind, "n_bytes": stored.n_bytes})
            return batch
    except BaseException:
        path_of(stored.path, PART).unlink(missing_ok=True)
        raise


def _name(text: str) -> str:
    name = text.replace("\\", "/").rpartition("/")[2].replace("\0", "")[-255:]
    return name if name and is_storable(name) else "file"


@transaction.atomic
def add_second_file(batch: Import, file_name: str, chunks: Iterable[bytes], *, actor: Any) -> Import:
    """Keep a second file, whose columns are joined to the first one's by an id."""
    require_import(actor, batch.kind, batch.product)
    if not get_kind(batch.kind).takes_second_file:
        raise BadInput("This kind of import takes no second file.")
    current = _locked(batch)
    _refuse_unless_open(current)
    stored = store_file(chunks)
    old = current.second_path
    current.second_name, current.second_path = _name(file_name), stored.path
    current.mapping.pop("join", None)
    _back_to_draft(current)
    record(actor, "import.second_file_stored", current, after={"n_bytes": stored.n_bytes})
    if old:
        transaction.on_commit(lambda: path_of(old, PART).unlink(missing_ok=True))
    return current


@transaction.atomic
def drop_second_file(batch: Import, *, actor: Any) -> Import:
    """Do without the second file again."""
    require_import(actor, batch.kind, batch.product)
    current = _locked(batch)
    _refuse_unless_open(current)
    old, current.second_name, current.second_path = current.second_path, "", ""
    current.mapping.pop("join", None)
    _back_to_draft(current)
    if old:
        record(actor, "import.second_file_dropped", current)
        transaction.on_commit(lambda: path_of(old, PART).unlink(missing_ok=True))
    return current


@transaction.atomic
def map_import(
    batch: Import,
    *,
    actor: Any,
    columns: Iterable[str],
    targets: dict[str, str],
    options: dict[str, Any],
    read: ReadOptions | None = None,
    join: Join | None = None,
    preset: str = "",
) -> Import:
    """Say which column becomes what; what an earlier check said no longer holds."""
    require_import(actor, batch.kind, batch.product)
    current = _locked(batch)
    _refuse_unless_open(current)
    kind, columns = get_kind(batch.kind), list(columns)
    names = {target.name for target in kind.targets}
    plan = plan_of({"targets": {column: name for column, name in targets.items() if name}, "options": options})
    faults = [f"There is no column “{column}”." for column in plan.targets if column not in set(columns)]
    faults += [f"A column cannot become “{name}”." for name in plan.targets.values() if name not in names]
    faults = faults or _twice(kind, plan) + kind.faults(plan)
    if faults:
        raise BadInput(fields={"targets": faults})
    before = {"mapping": current.mapping}
    current.mapping = {"targets": dict(plan.targets), "options": dict(plan.options)}
    current.mapping["columns_key"] = columns_key(columns)
    if read is not None and read.to_json():
        current.mapping["read"] = read.to_json()
    if current.second_path and join is not None and join.here and join.there:
        current.mapping["join"] = {"here": join.here, "there": join.there}
    current.preset = preset[:60]
    _back_to_draft(current)
    record(actor, "import.mapped", current, before=before, after={"mapping": current.mapping})
    return current


def _twice(kind: Any, plan: Any) -> list[str]:
    single = [target for target in kind.targets if not target.is_many]
    return [
        f"Two columns cannot both become “{target.label}”: {', '.join(found)}."
        for target in single
        if len(found := plan.columns(target.name)) > 1
    ]


@transaction.atomic
def check_import(batch: Import, *, actor: Any) -> Import:
    """Have a worker say what an import would bring; nothing is written."""
    return _ask(batch, Import.Task.CHECK, actor)


@transaction.atomic
def run_import(batch: Import, *, actor: Any) -> Import:
    """Have a worker import the file, and remember how its kind of file is taken; asked twice it runs once."""
    current = _ask(batch, Import.Task.RUN, actor)
    RememberedMapping.objects.update_or_create(
        product=current.product,
        kind=current.kind,
        columns_key=current.mapping.get("columns_key", ""),
        defaults={"mapping": {name: current.mapping.get(name, {}) for name in ("targets", "options")}},
    )
    return current


def _ask(batch: Import, task: str, actor: Any) -> Import:
    require_import(actor, batch.kind, batch.product)
    current = _locked(batch)
    if current.is_busy and current.task == task:
        return current
    _refuse_unless_open(current)
    if not current.path:
        raise Conflict(_GONE)
    faults = get_kind(current.kind).faults(plan_of(current.mapping))
    if faults:
        raise BadInput(" ".join(faults), fields={"targets": faults})
    _wait_for(current, task, actor)
    return current


def _wait_for(current: Import, task: str, actor: Any) -> None:
    current.state, current.task, current.asked_by_id = Import.State.WAITING, task, actor.pk
    current.n_attempts, current.error, current.step, current.n_done, current.n_total = 0, "", "", None, None
    current.cancel_requested_at = current.finished_at = None
    current.heartbeat_at = timezone.now()
    current.save()
    record(actor, f"import.{task}_asked", current)
    enqueue_on_commit("imports.run_task", batch_id=current.pk)


@transaction.atomic
def cancel_import(batch: Import, *, actor: Any) -> Import:
    """Ask the work to stop; nothing of it is kept."""
    require_import(actor, batch.kind, batch.product)
    current = _locked(batch)
    if not current.is_busy:
        raise Conflict("It is over already. Reload the page.")
    if current.state == Import.State.WAITING:
        was_undo = current.task == Import.Task.UNDO
        current.state = Import.State.DONE if was_undo else Import.State.CANCELLED
        current.finished_at = timezone.now()
    else:
        current.cancel_requested_at = timezone.now()
    current.save()
    record(actor, "import.cancelled", current)
    return current


@transaction.atomic
def undo_import(batch: Import, *, actor: Any, keeps_worked: bool = True) -> Import:
    """Have a worker take back what an import brought; what people worked on stays unless they say otherwise."""
    require_import(actor, batch.kind, batch.product)
    current = _locked(batch)
    if current.is_busy and current.task == Import.Task.UNDO:
        return current
    if not current.has_brought:
        raise Conflict("Only an import that is done, and brought something, can be undone.")
    current.keeps_worked = keeps_worked
    _wait_for(current, Import.Task.UNDO, actor)
    return current


@transaction.atomic
def delete_import(batch: Import, *, actor: Any) -> None:
    """Throw a file away that was not imported."""
    require_import(actor, batch.kind, batch.product)
    current = _locked(batch)
    _refuse_unless_open(current)
    record(actor, "import.deleted", current, before={"kind": current.kind})
    remove_files(current)
    current.delete()


def _locked(batch: Import) -> Import:
    found = Import.objects.select_for_update(of=["self"]).select_related("product__team", "created_by")
    current = found.filter(pk=batch.pk).first()
    if current is None:
        raise Conflict("This import is gone.")
    return current


def _refuse_unless_open(current: Import) -> None:
    if not current.is_open:
        raise Conflict(_STARTED)


def _back_to_draft(current: Import) -> None:
    current.state, current.task, current.error = Import.State.DRAFT, "", ""
    current.problems.all().delete()
    current.save()
