"""Taking imports of initiatives back: what was new goes, what was changed stands as before.

What somebody changed by hand since stays as it is, unless the undo is told otherwise.
"""

import datetime as dt
from collections.abc import Callable
from typing import Any

from insights.imports.public import Import, Kept, Worked
from portal.people.public import User
from portal.shell.public import Conflict
from roadmaps.goals.public import Objective
from roadmaps.planning.initiatives.actions import change_initiative, delete_initiative
from roadmaps.planning.initiatives.models import ImportedInitiative, ToldStage
from roadmaps.planning.initiatives.retelling import retell

_SHOWN = 20
_DAYS = frozenset({"starts_on", "ends_on", "promised_on"})


def find_worked(batch: Import) -> Worked:
    """Return how many initiatives were changed since, and the first of them."""
    n_kept, first = 0, []
    for row in ImportedInitiative.objects.filter(batch=batch).select_related("initiative"):
        if row.initiative.version != row.version:
            n_kept += 1
            if len(first) < _SHOWN:
                first.append(Kept(row.initiative.title, row.initiative.get_absolute_url(), "changed since"))
    return Worked(n_kept, tuple(first))


def undo_initiatives(batch: Import, *, actor: Any, keeps_worked: bool, progress: Callable[..., None]) -> int:
    """Delete what an import made and put back what it changed; return how many were kept."""
    rows = list(ImportedInitiative.objects.filter(batch=batch).select_related("initiative__team").order_by("-pk"))
    n_kept = 0
    for number, row in enumerate(rows, start=1):
        progress("Taking it back", number, len(rows))
        is_worked = row.initiative.version != row.version
        n_kept += (is_worked and keeps_worked) or not _put_back(row, actor, batch)
    ImportedInitiative.objects.filter(batch=batch).delete()
    return n_kept


def _put_back(row: ImportedInitiative, actor: Any, batch: Import) -> bool:
    """Take one back; say whether that was possible."""
    if row.was_new:
        try:
            delete_initiative(row.initiative, actor=actor)
        except Conflict:  # something else is built on it
            return False
        return True
    changes = {name.removesuffix("_id"): _value(name, value) for name, value in row.before.items()}
    change_initiative(row.initiative, actor=actor, changes=changes, why=f"Import {batch.pk} was undone")
    return True


def _value(name: str, value: Any) -> Any:
    if name == "owner_id":
        return User.objects.filter(pk=value).first()
    if name == "objective_id":
        return Objective.objects.filter(pk=value).first()
    return dt.date.fromisoformat(value) if name in _DAYS and value else value


def undo_changes(batch: Import, *, progress: Callable[..., None]) -> int:
    """Take changes of status back, and tell the past of those initiatives without them."""
    told = ToldStage.objects.filter(batch=batch)
    forgotten = list(told.values_list("initiative", "at", "sent"))
    progress("Taking it back", 0, len(forgotten))
    told.delete()
    retell(batch.product, {number for number, *_ in forgotten}, forgotten)
    return 0
