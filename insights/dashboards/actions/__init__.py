"""Writes with consequences, one function each, by noun."""

from insights.dashboards.actions.annotations import create_annotation, delete_annotation, update_annotation
from insights.dashboards.actions.dashboards import (
    archive_dashboard,
    create_dashboard,
    restore_dashboard,
    update_dashboard,
)
from insights.dashboards.actions.marks import clear_home, set_home, set_star
from insights.dashboards.actions.starters import create_starter
from insights.dashboards.actions.tiles import (
    add_tile,
    arrange_tiles,
    delete_tile,
    duplicate_tile,
    move_tile,
    restore_tile,
    step_tile,
    update_tile,
)

__all__ = [
    "add_tile",
    "archive_dashboard",
    "arrange_tiles",
    "clear_home",
    "create_annotation",
    "create_dashboard",
    "create_starter",
    "delete_annotation",
    "delete_tile",
    "duplicate_tile",
    "move_tile",
    "restore_dashboard",
    "restore_tile",
    "set_home",
    "set_star",
    "step_tile",
    "update_annotation",
    "update_dashboard",
    "update_tile",
]
