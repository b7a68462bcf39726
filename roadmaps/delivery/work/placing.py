"""To which initiative an item belongs: by the first rule that fits, unless somebody placed it by hand."""

from collections.abc import Iterable
from typing import Any

from roadmaps.delivery.work.models import PlacingRule, WorkItem

_FIELDS = PlacingRule.Field


class Placer:
    """The rules of one tracker, read once."""

    def __init__(self, rules: Iterable[PlacingRule]):
        self._rules = [(rule.field, rule.value.strip().lower(), rule.initiative_id) for rule in rules]

    def place(self, item: WorkItem) -> None:
        """Put an item where the rules say; what somebody placed by hand stays there."""
        if item.placed_by == WorkItem.PlacedBy.HAND:
            return
        found = next((place for field, value, place in self._rules if _fits(item, field, value)), None)
        item.initiative_id = found
        item.placed_by = WorkItem.PlacedBy.RULE if found else ""


def placer_of(tracker_id: int) -> Placer:
    """Return the rules of a tracker, the first made first."""
    return Placer(PlacingRule.objects.filter(tracker_id=tracker_id).order_by("pk"))


def _fits(item: WorkItem, field: str, value: str) -> bool:
    if field == _FIELDS.LABEL:
        return any(label.lower() == value for label in item.labels)
    if field == _FIELDS.TITLE:
        return value in item.title.lower()
    own: Any = {
        _FIELDS.PARENT: item.parent_key,
        _FIELDS.PROJECT: item.project,
        _FIELDS.MILESTONE: item.milestone,
        _FIELDS.KIND: item.kind,
    }[_FIELDS(field)]
    return own.lower() == value
