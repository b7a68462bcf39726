"""What a scenario would change, field by field, and committing it: the one place that writes to initiatives."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils import timezone

from portal.audit.public import record, state_of
from portal.people.public import can, require
from portal.shell.public import BadInput, NotFound, Stale
from roadmaps.goals.public import line
from roadmaps.plan.board.actions import lock_order
from roadmaps.plan.scenarios.actions import open_scenario
from roadmaps.plan.scenarios.models import Scenario, ScenarioItem
from roadmaps.plan.scenarios.trying import FIELDS, order_of, read_tried, wanted_of, was_of
from roadmaps.planning.initiatives.public import Initiative, change_initiative

LONGEST_WHY = 300


@dataclass(frozen=True)
class Line:
    """One field of an initiative: as it was copied, as it is today, as the scenario wants it.

    places — of the position alone: its place among the scenario's items today, and in the scenario.
    """

    field: str
    then: Any
    today: Any
    wanted: Any
    places: tuple[int, int] | None = None

    @property
    def shown(self) -> tuple[Any, Any]:
        """Return what it is today and what it is to be, as people read it: a position says nothing by itself."""
        return self.places or (self.today, self.wanted)

    @property
    def has_moved(self) -> bool:
        """Say whether this very field was changed since it was copied."""
        return bool(self.then != self.today)


@dataclass(frozen=True)
class ItemDiff:
    """What a scenario would change of one initiative; has_moved — it was changed since it was copied."""

    item: ScenarioItem
    initiative: Initiative
    lines: Sequence[Line]
    may_edit: bool

    @property
    def has_moved(self) -> bool:
        """Say whether its version is another one than the one that was copied."""
        return self.item.then_version != self.initiative.version

    @property
    def is_chosen(self) -> bool:
        """Say whether it is applied unless somebody says otherwise."""
        return self.may_edit and not self.has_moved


def read_diff(scenario: Scenario, user: Any) -> list[ItemDiff]:
    """Return what a scenario would change of initiatives that the reader may see, in its order; one statement.

    A field that is by now as the scenario wants it is no change any more.
    """
    found, items = [], read_tried(scenario, user)
    today = sorted(items, key=lambda one: _order_today(one.initiative))
    places_today = {one.item.pk: place for place, one in enumerate(today, 1)}
    for place, tried in enumerate(items, 1):
        was, wanted = was_of(tried.item), wanted_of(tried.item)
        places = places_today[tried.item.pk], place
        lines = [
            Line(
                name,
                was[name],
                getattr(tried.initiative, name),
                wanted[name],
                places if name == "position" else None,
            )
            for name in FIELDS
            if name in wanted and wanted[name] != getattr(tried.initiative, name)
        ]
        if lines:
            found.append(ItemDiff(tried.item, tried.initiative, lines, can(user, "initiatives.edit", tried.initiative)))
    return found


def _order_today(initiative: Initiative) -> tuple[int, int, int]:
    return order_of(initiative.horizon, initiative.position, initiative.pk)


@transaction.atomic
def commit_scenario(
    scenario: Scenario,
    *,
    actor: Any,
    version: int,
    chosen: Mapping[int, Sequence[str]],
    seen: Mapping[int, int],
    why: str,
) -> Scenario:
    """Write the chosen fields of a scenario into its initiatives, all or none, and close it; this happens once.

    chosen — fields by the number of an item. seen — the versions of their initiatives as they were reviewed, by the
    same numbers: one that changed since the review refuses the whole. What is not chosen stays as it is today.
    """
    current = open_scenario(scenario, actor, version=version)
    why = line("why", why, LONGEST_WHY)
    lock_order()
    numbers = [one.initiative_id for one in current.items.all() if one.initiative_id]
    list(Initiative.objects.select_for_update(of=("self",)).filter(pk__in=numbers).order_by("pk"))
    diffs = {one.item.pk: one for one in read_diff(current, actor)}
    if not any(chosen.values()):
        raise BadInput("Choose at least one change, or throw the scenario away.", fields={"chosen": ["Choose some."]})
    _refuse_other_than_seen(diffs, chosen, seen)
    outcome = []
    for diff in sorted(diffs.values(), key=lambda one: one.initiative.pk):
        wanted = set(chosen.get(diff.item.pk, ()))
        taken = {one.field: one.wanted for one in diff.lines if one.field in wanted}
        outcome += [_told(diff, one, was_applied=one.field in taken) for one in diff.lines]
        if taken:
            require(actor, "initiatives.edit", diff.initiative)
            _apply(diff, taken, actor, f"{why} (scenario “{current}”)")
    before = state_of(current)
    current.state, current.closed_at, current.closed_by_id = Scenario.State.COMMITTED, timezone.now(), actor.pk
    current.closed_why, current.outcome = why, outcome
    current.version += 1
    current.save()
    n_applied = sum(one["was_applied"] for one in outcome)
    note = f"{n_applied} of {len(outcome)} changes: {why}"[:LONGEST_WHY]
    names = {name: value for name, value in state_of(current).items() if name != "outcome"}
    before.pop("outcome")
    record(actor, "scenario.committed", current, before=before, after=names, note=note)
    return current


def _refuse_other_than_seen(
    diffs: Mapping[int, ItemDiff], chosen: Mapping[int, Sequence[str]], seen: Mapping[int, int]
) -> None:
    for number, fields in chosen.items():
        if not fields:
            continue
        diff = diffs.get(number)
        if diff is None or set(fields) - {one.field for one in diff.lines}:
            if set(fields) - set(FIELDS):
                raise NotFound("There is no such change in this scenario.")
            raise Stale("Some of what you chose is no change any more. Look at the changes again.")
        if seen.get(number) != diff.initiative.version:
            raise Stale(f"“{diff.initiative}” was changed while you looked. Nothing was written; look at it again.")


def _told(diff: ItemDiff, one: Line, *, was_applied: bool) -> dict[str, Any]:
    said = {"item": diff.item.pk, "initiative": diff.initiative.pk, "title": diff.initiative.title, "field": one.field}
    today, wanted = one.shown
    values = {"before": _plain(today), "after": _plain(wanted)}
    return {**said, **values, "was_applied": was_applied, "has_moved": diff.has_moved}


def _plain(value: Any) -> Any:
    return value.isoformat() if hasattr(value, "isoformat") else value


def _apply(diff: ItemDiff, taken: Mapping[str, Any], actor: Any, why: str) -> None:
    """Write some fields through the door of initiatives; a range of efforts stretches to hold the new one."""
    initiative, changes = diff.initiative, dict(taken)
    if "objective_id" in changes:
        del changes["objective_id"]
        changes["objective"] = diff.item.objective
    months = changes.get("effort_months")
    if months is not None:
        if initiative.effort_low is not None:
            changes["effort_low"] = min(initiative.effort_low, months)
        if initiative.effort_high is not None:
            changes["effort_high"] = max(initiative.effort_high, months)
    try:
        change_initiative(initiative, actor=actor, changes=changes, why=why[:LONGEST_WHY], version=initiative.version)
    except BadInput as fault:
        raise BadInput(f"“{initiative}”: {' '.join(fault.sentences)} Nothing was written.") from fault
