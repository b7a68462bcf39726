"""Writes of goals: cycles, statements, objectives, key results."""

from roadmaps.goals.actions.cycles import create_cycle, delete_cycle, update_cycle
from roadmaps.goals.actions.key_results import (
    add_key_result,
    check_in,
    delete_key_result,
    type_value,
    update_key_result,
)
from roadmaps.goals.actions.objectives import (
    close_objective,
    create_objective,
    delete_objective,
    reopen_objective,
    update_objective,
)
from roadmaps.goals.actions.statements import LONGEST_TEXT, mark_read, write_statement

__all__ = [
    "LONGEST_TEXT",
    "add_key_result",
    "check_in",
    "close_objective",
    "create_cycle",
    "create_objective",
    "delete_cycle",
    "delete_key_result",
    "delete_objective",
    "mark_read",
    "reopen_objective",
    "type_value",
    "update_cycle",
    "update_key_result",
    "update_objective",
    "write_statement",
]
