"""Setting objectives, changing their tree, and closing them with what came of it."""

from typing import Any

from django.db import transaction
from django.utils import timezone

from portal.audit.public import record, state_of
from portal.people.public import Product, Team, User, require
from portal.shell.public import BadInput, Conflict, NotFound, refuse_stale, refuse_unknown
from roadmaps.goals.actions.texts import checked, line
from roadmaps.goals.models import Cycle, KeyResult, Objective
from roadmaps.goals.reading import standings

DEEPEST = 5
_FIELDS = frozenset({"title", "why", "cycle", "parent", "owner", "visibility"})


@transaction.atomic
def create_objective(
    *,
    title: str,
    cycle: Cycle,
    actor: Any,
    product: Product | None = None,
    team: Team | None = None,
    why: str = "",
    parent: Objective | None = None,
    visibility: str = "company",
    owner: User | None = None,
) -> Objective:
    """Set an objective for a cycle: of a product, whose team's it is, or of a team for the company."""
    if product is None and team is None:
        raise BadInput(fields={"product": ["Say for which product or by which team it is set."]})
    objective = Objective(cycle=cycle, product=product, team=team or product.team, visibility=visibility, owner=owner)
    if owner is None and actor.pk:
        objective.owner_id = actor.pk
    require(actor, "objectives.create", objective)
    _lock_tree()
    _fill(objective, {"title": title, "why": why, "parent": parent})
    objective.save()
    record(actor, "objective.created", objective, after=state_of(objective))
    return objective


@transaction.atomic
def update_objective(objective: Objective, *, actor: Any, version: int, **changes: Any) -> Objective:
    """Change an objective if nobody changed it since `version`."""
    require(actor, "objectives.edit", objective)
    refuse_unknown(changes, _FIELDS)
    current = _locked(objective)
    refuse_stale(current, version)
    before = state_of(current)
    _fill(current, changes)
    current.version = version + 1
    current.save()
    record(actor, "objective.changed", current, before=before, after=state_of(current))
    return current


@transaction.atomic
def close_objective(objective: Objective, *, actor: Any, note: str, is_dropped: bool = False) -> Objective:
    """Close an objective with what came of it; its key results keep the values of this moment."""
    require(actor, "objectives.edit", objective)
    current = _locked(objective)
    if not current.is_open:
        raise Conflict("It is closed already. Reload the page.")
    current.closing_note = checked("note", note, 10_000, is_needed=True)
    current.state = Objective.State.DROPPED if is_dropped else Objective.State.DONE
    current.closed_at, current.version = timezone.now(), current.version + 1
    current.save()
    rows = list(KeyResult.objects.filter(objective=current).of_rows())
    for key_result, standing in standings(rows):
        KeyResult.objects.filter(pk=key_result.pk).update(final_value=standing.value)
    record(actor, f"objective.{'dropped' if is_dropped else 'closed'}", current, note=current.closing_note[:500])
    return current


@transaction.atomic
def reopen_objective(objective: Objective, *, actor: Any) -> Objective:
    """Take a closing back."""
    require(actor, "objectives.edit", objective)
    current = _locked(objective)
    if current.is_open:
        raise Conflict("It is open already. Reload the page.")
    current.state, current.closed_at, current.version = Objective.State.OPEN, None, current.version + 1
    current.save()
    current.key_results.update(final_value=None)
    record(actor, "objective.reopened", current, before={"closing_note": current.closing_note})
    return current


@transaction.atomic
def delete_objective(objective: Objective, *, actor: Any) -> None:
    """Delete an objective on which nothing hangs; others are dropped, which keeps what was learned."""
    require(actor, "objectives.edit", objective)
    current = _locked(objective)
    if current.children.exists() or current.key_results.exists():
        raise Conflict("Key results or other objectives hang on it. Close it as dropped instead: that keeps its story.")
    record(actor, "objective.deleted", current, before=state_of(current))
    current.delete()


def _lock_tree() -> None:
    """Let one at a time change the tree, so that two changes never make a circle."""
    list(Cycle.objects.select_for_update().order_by("pk").values_list("pk", flat=True))


def _locked(objective: Objective) -> Objective:
    _lock_tree()
    current = Objective.objects.of_rows().filter(pk=objective.pk).first()
    if current is None:
        raise NotFound()
    return current


def _fill(objective: Objective, values: dict[str, Any]) -> None:
    for name, value in values.items():
        plain = line(name, value, 200) if name == "title" else checked(name, value, 10_000) if name == "why" else value
        setattr(objective, name, plain)
    parent = objective.parent
    if parent is None:
        return
    outer, inner = parent.cycle, objective.cycle
    if outer.pk != inner.pk and not (outer.starts_on <= inner.starts_on and inner.ends_on <= outer.ends_on):
        raise BadInput(fields={"parent": [f"“{parent}” is set for {outer}, which does not hold {inner}."]})
    _refuse_circle(objective)


def _refuse_circle(objective: Objective) -> None:
    at, steps = objective.parent_id, 1
    while at is not None:
        if at == objective.pk:
            raise BadInput(fields={"parent": ["This serves the objective itself."]})
        steps += 1
        if steps > DEEPEST:
            raise BadInput(fields={"parent": [f"A tree of objectives has at most {DEEPEST} levels."]})
        at = Objective.objects.filter(pk=at).values_list("parent_id", flat=True).first()
