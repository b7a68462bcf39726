"""Making and changing the company's cycles."""

from datetime import date
from typing import Any

from django.db import IntegrityError, transaction

from portal.audit.public import record, state_of
from portal.people.public import require
from portal.shell.public import BadInput, Conflict, NotFound, refuse_stale, refuse_unknown
from roadmaps.goals.actions.texts import line
from roadmaps.goals.models import Cycle

_LONGEST_DAYS = 5 * 366
_FIELDS = frozenset({"name", "starts_on", "ends_on"})


@transaction.atomic
def create_cycle(*, name: str, starts_on: date, ends_on: date, actor: Any) -> Cycle:
    """Add a stretch of time for which goals are set."""
    require(actor, "cycles.edit")
    cycle = Cycle()
    _save(cycle, {"name": name, "starts_on": starts_on, "ends_on": ends_on})
    record(actor, "cycle.created", cycle, after=state_of(cycle))
    return cycle


@transaction.atomic
def update_cycle(cycle: Cycle, *, actor: Any, version: int, **changes: Any) -> Cycle:
    """Change a cycle's name or days if nobody changed it since `version`."""
    require(actor, "cycles.edit")
    refuse_unknown(changes, _FIELDS)
    current = _locked(cycle)
    refuse_stale(current, version)
    before = state_of(current)
    current.version = version + 1
    _save(current, changes)
    record(actor, "cycle.changed", current, before=before, after=state_of(current))
    return current


@transaction.atomic
def delete_cycle(cycle: Cycle, *, actor: Any) -> None:
    """Delete a cycle that holds no objective."""
    require(actor, "cycles.edit")
    current = _locked(cycle)
    if current.objectives.exists():
        raise Conflict("Objectives are set for this cycle. Move or delete them first.")
    record(actor, "cycle.deleted", current, before=state_of(current))
    current.delete()


def _locked(cycle: Cycle) -> Cycle:
    current = Cycle.objects.select_for_update().filter(pk=cycle.pk).first()
    if current is None:
        raise NotFound()
    return current


def _save(cycle: Cycle, values: dict[str, Any]) -> None:
    for name, value in values.items():
        setattr(cycle, name, line(name, value, 60) if name == "name" else value)
    if cycle.ends_on <= cycle.starts_on:
        raise BadInput(fields={"ends_on": ["It ends after it began."]})
    if (cycle.ends_on - cycle.starts_on).days > _LONGEST_DAYS:
        raise BadInput(fields={"ends_on": ["A cycle is at most five years long."]})
    try:
        with transaction.atomic():
            cycle.save()
    except IntegrityError:
        raise BadInput(fields={"name": ["There is a cycle of this name already."]}) from None
