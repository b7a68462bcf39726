"""What rooms to the right may use of work."""

from roadmaps.delivery.work.contracts import Week
from roadmaps.delivery.work.models import Phase, Tracker, WorkItem, visible_trackers
from roadmaps.delivery.work.queries import items_of_product, local_today, local_zone, throughput_of

__all__ = [
    "Phase",
    "Tracker",
    "Week",
    "WorkItem",
    "items_of_product",
    "local_today",
    "local_zone",
    "throughput_of",
    "visible_trackers",
]
