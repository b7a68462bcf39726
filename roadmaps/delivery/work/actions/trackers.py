"""Making trackers, changing them, and saying what their statuses mean."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction

from portal.audit.public import record, state_of
from portal.operations.public import enqueue_on_commit
from portal.people.public import Product, User, require
from portal.shell.public import BadInput, NotFound, is_storable, refuse_stale, refuse_unknown
from roadmaps.delivery.work.models import Phase, Tracker, TrackerStatus

_FIELDS = frozenset({"name", "kind", "counts_from_opening", "visibility", "owner"})


@transaction.atomic
def create_tracker(
    *,
    product: Product,
    name: str,
    actor: Any,
    kind: str = Tracker.Kind.OTHER,
    counts_from_opening: bool = False,
    visibility: str = "company",
    owner: User | None = None,
) -> Tracker:
    """Make a tracker of a product, whose items come by import or by themselves."""
    tracker = Tracker(product=product, team_id=product.team_id, visibility=visibility, owner=owner)
    if owner is None and actor.pk:
        tracker.owner_id = actor.pk
    require(actor, "trackers.edit", tracker)
    _fill(tracker, {"name": name, "kind": kind, "counts_from_opening": counts_from_opening})
    tracker.save()
    record(actor, "tracker.created", tracker, after=state_of(tracker))
    return tracker


@transaction.atomic
def update_tracker(tracker: Tracker, *, actor: Any, version: int, **changes: Any) -> Tracker:
    """Change a tracker if nobody changed it since `version`."""
    require(actor, "trackers.edit", tracker)
    refuse_unknown(changes, _FIELDS)
    current = locked(tracker)
    refuse_stale(current, version)
    before, counted = state_of(current), current.counts_from_opening
    _fill(current, changes)
    current.version = version + 1
    current.save()
    record(actor, "tracker.changed", current, before=before, after=state_of(current))
    if current.counts_from_opening != counted:
        renew_later(current)
    return current


@transaction.atomic
def delete_tracker(tracker: Tracker, *, actor: Any) -> None:
    """Delete a tracker with all items that came from it; they can be read again."""
    require(actor, "trackers.edit", tracker)
    current = locked(tracker)
    record(actor, "tracker.deleted", current, before=state_of(current) | {"n_items": current.items.count()})
    current.delete()


@transaction.atomic
def map_statuses(tracker: Tracker, phases: Mapping[str, str], *, actor: Any) -> int:
    """Say what statuses mean, by their names as sent; their items are worked out anew. Returns how many changed."""
    require(actor, "trackers.edit", tracker)
    current = locked(tracker)
    known = {status.name: status for status in TrackerStatus.objects.filter(tracker=current)}
    unknown = [name for name in phases if name not in known]
    wrong = [phase for phase in phases.values() if phase and phase not in Phase.values]
    if unknown or wrong:
        said = f"There is no status “{unknown[0]}” in this tracker." if unknown else f"“{wrong[0]}” is no meaning."
        raise BadInput(fields={"statuses": [said]})
    changed = [known[name] for name, phase in phases.items() if phase != known[name].phase or known[name].is_guessed]
    before = {status.name: status.phase for status in changed}
    has_moved = any(status.phase != phases[status.name] for status in changed)
    for status in changed:
        status.phase, status.is_guessed = phases[status.name], False
    TrackerStatus.objects.bulk_update(changed, ["phase", "is_guessed"])
    if has_moved:
        after = {status.name: status.phase for status in changed}
        record(actor, "tracker.statuses_mapped", current, before=before, after=after)
        renew_later(current)
    return len(changed)


def renew_later(tracker: Tracker) -> None:
    """Have a worker work all items of a tracker out anew."""
    enqueue_on_commit("delivery.renew_tracker", tracker_id=tracker.pk)


def locked(tracker: Tracker) -> Tracker:
    """Return the tracker as it is now, held until the transaction ends."""
    rows = Tracker.objects.select_for_update(of=["self"]).select_related("product__team", "team", "owner")
    current = rows.filter(pk=tracker.pk).first()
    if current is None:
        raise NotFound()
    return current


def _fill(tracker: Tracker, values: dict[str, Any]) -> None:
    for name, value in values.items():
        setattr(tracker, name, " ".join(value.split()) if name == "name" else value)
    if not 0 < len(tracker.name) <= 100 or not is_storable(tracker.name):
        raise BadInput(fields={"name": ["Give it a name of at most 100 characters."]})
    if tracker.kind not in Tracker.Kind.values:
        raise BadInput(fields={"kind": ["Choose one of the kinds."]})
    others = Tracker.objects.filter(product_id=tracker.product_id, name=tracker.name).exclude(pk=tracker.pk)
    if others.exists():
        raise BadInput(fields={"name": ["The product has a tracker of this name."]})
