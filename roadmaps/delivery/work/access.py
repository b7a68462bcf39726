"""May this user read or change a tracker, or what it brought?"""

from typing import Any

from portal.people.public import Role, allow, get_visible, require
from portal.shell.public import NotFound
from roadmaps.delivery.work.models import Connection, PlacingRule, Tracker, WorkItem

allow("trackers.edit", Role.PRODUCT_MANAGER)
allow("connections.edit", Role.OPS)


def get_tracker(user: Any, pk: int, write: bool = False) -> Tracker:
    """Return a tracker that the user may see; with `write`, may change too."""
    return get_visible(Tracker.objects.of_rows(), user, "trackers.edit" if write else "", pk=pk)


def get_item(user: Any, pk: int, write: bool = False) -> WorkItem:
    """Return an item of a tracker that the user may see; with `write`, may change too."""
    found = WorkItem.objects.visible_to(user).of_rows().filter(pk=pk).first()
    if found is None:
        raise NotFound()
    if write:
        require(user, "trackers.edit", found.tracker)
    return found


def get_rule(user: Any, pk: int, write: bool = False) -> PlacingRule:
    """Return a rule of a tracker that the user may see; with `write`, may change too."""
    rules = PlacingRule.objects.visible_to(user).select_related("tracker__product__team", "initiative")
    found = rules.filter(pk=pk).first()
    if found is None:
        raise NotFound()
    if write:
        require(user, "trackers.edit", found.tracker)
    return found


def get_connection(user: Any, tracker_id: int) -> Connection | None:
    """Return how a tracker is read by itself, for those who may say so; None where it is not."""
    tracker = get_tracker(user, tracker_id)
    require(user, "connections.edit", tracker)
    return Connection.objects.filter(tracker=tracker).select_related("tracker__product__team").first()
