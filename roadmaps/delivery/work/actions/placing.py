"""Saying to which initiative items belong: by rules, or one by one."""

from collections.abc import Sequence
from typing import Any

from django.db import transaction
from django.db.models import F

from portal.audit.public import record
from portal.people.public import can_see, require
from portal.shell.public import BadInput, Conflict, NotFound, is_storable
from roadmaps.delivery.work.actions.trackers import locked, renew_later
from roadmaps.delivery.work.models import PlacingRule, Tracker, WorkItem
from roadmaps.planning.initiatives.public import Initiative

MOST_RULES = 200
MOST_AT_ONCE = 500


@transaction.atomic
def add_rule(tracker: Tracker, *, field: str, value: str, initiative: Initiative, actor: Any) -> PlacingRule:
    """Let items whose field says something belong to an initiative; a worker places them."""
    require(actor, "trackers.edit", tracker)
    current, value = locked(tracker), " ".join(value.split())
    if field not in PlacingRule.Field.values:
        raise BadInput(fields={"field": ["Choose one of the fields."]})
    if not 0 < len(value) <= 200 or not is_storable(value):
        raise BadInput(fields={"value": ["Write what the field says, in at most 200 characters."]})
    _check_initiative(current, initiative, actor)
    rules = PlacingRule.objects.filter(tracker=current)
    if rules.filter(field=field, value__iexact=value).exists():
        raise BadInput(fields={"value": ["There is such a rule already. Remove it first."]})
    if rules.count() >= MOST_RULES:
        raise BadInput(fields={"value": [f"A tracker has at most {MOST_RULES} rules."]})
    rule = PlacingRule.objects.create(tracker=current, field=field, value=value, initiative=initiative)
    record(actor, "placing_rule.created", rule, after={"field": field, "value": value, "initiative": initiative.pk})
    renew_later(current)
    return rule


@transaction.atomic
def remove_rule(rule: PlacingRule, *, actor: Any) -> None:
    """Take a rule away; the items that it placed go where the other rules say."""
    require(actor, "trackers.edit", rule.tracker)
    current = locked(rule.tracker)
    row = PlacingRule.objects.filter(pk=rule.pk).first()
    if row is None:
        raise NotFound()
    record(actor, "placing_rule.deleted", row, before={"field": row.field, "value": row.value})
    row.delete()
    renew_later(current)


@transaction.atomic
def place_items(items: Sequence[WorkItem], initiative: Initiative | None, *, actor: Any) -> int:
    """Put items into an initiative by hand, or with none give them back to the rules; return how many changed."""
    if len(items) > MOST_AT_ONCE:
        raise BadInput(f"At most {MOST_AT_ONCE} items at once.")
    trackers = {item.tracker_id: item.tracker for item in items}
    for tracker in sorted(trackers.values(), key=lambda one: one.pk):
        require(actor, "trackers.edit", tracker)
        locked(tracker)
        if initiative is not None:
            _check_initiative(tracker, initiative, actor)
    placed_by = WorkItem.PlacedBy.HAND if initiative is not None else ""
    rows = WorkItem.objects.filter(pk__in=[item.pk for item in items])
    if len(before := dict(rows.values_list("pk", "initiative_id"))) != len(items):
        raise Conflict("Some of these items are gone. Reload the page.")
    n_changed = rows.update(initiative=initiative, placed_by=placed_by, version=F("version") + 1)
    for item in items:
        after = {"initiative": initiative.pk if initiative else None}
        record(actor, "work_item.placed", item, before={"initiative": before[item.pk]}, after=after)
    if initiative is None:
        for tracker in trackers.values():
            renew_later(tracker)
    return n_changed


def _check_initiative(tracker: Tracker, initiative: Initiative, actor: Any) -> None:
    if initiative.product_id != tracker.product_id or not can_see(actor, initiative):
        raise BadInput(fields={"initiative": ["Choose an initiative of the tracker's product."]})
