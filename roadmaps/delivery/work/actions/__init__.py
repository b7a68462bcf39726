"""Writes to trackers and their items."""

from roadmaps.delivery.work.actions.connections import (
    connect_tracker,
    disconnect_tracker,
    pause_connection,
    pull_now,
)
from roadmaps.delivery.work.actions.placing import add_rule, place_items, remove_rule
from roadmaps.delivery.work.actions.trackers import create_tracker, delete_tracker, map_statuses, update_tracker

__all__ = [
    "add_rule",
    "connect_tracker",
    "create_tracker",
    "delete_tracker",
    "disconnect_tracker",
    "map_statuses",
    "pause_connection",
    "place_items",
    "pull_now",
    "remove_rule",
    "update_tracker",
]
