"""Writing, deciding about and keeping playbooks: each change with its consequences, in one function."""

from playbooks.library.actions.deciding import (
    bring_back,
    confirm,
    decline,
    publish,
    restore,
    retire,
    send_to_review,
    set_rules,
    take_back,
)
from playbooks.library.actions.writing import create_playbook, drop_draft, update_playbook

__all__ = [
    "bring_back",
    "confirm",
    "create_playbook",
    "decline",
    "drop_draft",
    "publish",
    "restore",
    "retire",
    "send_to_review",
    "set_rules",
    "take_back",
    "update_playbook",
]
