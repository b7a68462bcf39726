"""Tables of work: trackers with their statuses, items with their history, rules that place them, pulls."""

from roadmaps.delivery.work.models.item import ImportedItem, StatusChange, WorkItem
from roadmaps.delivery.work.models.pulling import Connection
from roadmaps.delivery.work.models.tracker import Phase, PlacingRule, Tracker, TrackerStatus, visible_trackers

__all__ = [
    "Connection",
    "ImportedItem",
    "Phase",
    "PlacingRule",
    "StatusChange",
    "Tracker",
    "TrackerStatus",
    "WorkItem",
    "visible_trackers",
]
