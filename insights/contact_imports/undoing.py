"""Taking an import of contacts or accounts back: each field as it stood, whatever imports came after it.

What somebody changed by hand since stays as it is, unless the undo is told otherwise.
"""

from collections.abc import Callable
from typing import Any

from insights.contact_imports.models import ImportedRow
from insights.contact_imports.shapes import CONTACT, RECORD, Shape
from insights.contacts.actions import noun_of
from insights.imports.public import Import, Kept, Worked
from portal.audit.public import record

_SHOWN = 20
_CHUNK = 500


def _shape_of(row: ImportedRow) -> Shape:
    return CONTACT if row.person_id is not None else RECORD


def _things(shape: Shape, rows: list[ImportedRow], *, lock: bool = False) -> dict[int, Any]:
    numbers = [getattr(row, f"{shape.of}_id") for row in rows]
    found = shape.model.objects.filter(**{f"{shape.of}__in": numbers})
    if lock:
        found = found.select_for_update()
    return {getattr(thing, f"{shape.of}_id"): thing for thing in found}


def _later(shape: Shape, row: ImportedRow) -> list[ImportedRow]:
    of = f"{shape.of}_id"
    return list(ImportedRow.objects.filter(**{of: getattr(row, of)}, pk__gt=row.pk).order_by("pk"))


def _earlier(shape: Shape, row: ImportedRow) -> ImportedRow | None:
    of = f"{shape.of}_id"
    return ImportedRow.objects.filter(**{of: getattr(row, of)}, pk__lt=row.pk).order_by("-pk").first()


def _is_worked(thing: Any, row: ImportedRow, later: list[ImportedRow]) -> bool:
    """Say whether somebody changed it by hand since the last import that wrote it."""
    return bool(thing.version != (later[-1] if later else row).version)


def find_worked(batch: Import) -> Worked:
    """Return how many contacts or records were changed by hand since, and the first of them."""
    n_kept, first = 0, []
    rows = ImportedRow.objects.filter(batch=batch).order_by("pk")
    for chunk in _chunks(list(rows)):
        shape = _shape_of(chunk[0])
        things = _things(shape, chunk)
        for row in chunk:
            thing = things.get(getattr(row, f"{shape.of}_id"))
            if thing is not None and thing.version != row.version and _is_worked(thing, row, _later(shape, row)):
                n_kept += 1
                if len(first) < _SHOWN:
                    first.append(Kept(thing.name or str(thing), thing.get_absolute_url(), "changed by hand since"))
    return Worked(n_kept, tuple(first))


def undo_rows(batch: Import, *, actor: Any, keeps_worked: bool, progress: Callable[..., None]) -> int:
    """Put back what stood there before an import; return how many were kept since they were changed by hand."""
    rows = list(ImportedRow.objects.filter(batch=batch).order_by("-pk"))
    n_kept = n_done = 0
    for chunk in _chunks(rows):
        progress("Taking it back", n_done, len(rows))
        shape = _shape_of(chunk[0])
        things = _things(shape, chunk, lock=True)
        for row in chunk:
            thing = things.get(getattr(row, f"{shape.of}_id"))
            if thing is not None:
                n_kept += not _undo_one(shape, row, thing, actor, keeps_worked)
        n_done += len(chunk)
    ImportedRow.objects.filter(batch=batch).delete()
    return n_kept


def _undo_one(shape: Shape, row: ImportedRow, thing: Any, actor: Any, keeps_worked: bool) -> bool:
    """Put one back; say whether that was done."""
    later = _later(shape, row)
    is_worked = _is_worked(thing, row, later)
    if is_worked and keeps_worked:
        return False
    back = {}
    for name, was in row.before.items():
        heir = next((one for one in later if name in one.before), None)
        if heir is None:
            back[name] = was
        else:  # a later import wrote it: undone in its turn, it shall put back what stood here before
            heir.before[name] = was
    heirs = [one for one in later if one.before.keys() & row.before.keys()]
    if row.was_new and later:
        later[0].was_new = True
        heirs = [*heirs, later[0]]
    note = f"Import {row.batch_id} was undone"
    before = shape.plain(thing)
    shape.put(thing, back)
    if row.was_new and not later and (not keeps_worked or shape.is_empty(thing)):
        record(actor, f"{noun_of(shape.model)}.deleted", thing, before=before, note=note)
        thing.delete()
        return True
    if back:
        thing.version += 1
        thing.save()
        record(actor, f"{noun_of(shape.model)}.changed", thing, before=before, after=shape.plain(thing), note=note)
    if later and not is_worked:
        later[-1].version = thing.version
        heirs = [*heirs, later[-1]]
    before_it = _earlier(shape, row)
    if (
        before_it is not None and before_it.version == row.version - 1 and not is_worked
    ):  # nobody's hand between the two
        before_it.version = later[0].version - 1 if later else thing.version
        heirs = [*heirs, before_it]
    for heir in dict.fromkeys(heirs):
        heir.save()
    return True


def _chunks(rows: list[ImportedRow]) -> list[list[ImportedRow]]:
    return [rows[start : start + _CHUNK] for start in range(0, len(rows), _CHUNK)]
