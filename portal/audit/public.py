"""What other rooms may use of the audit trail."""

from portal.audit.actions import record, state_of
from portal.audit.admin import ActionAdmin, AuditedAdmin, ReadOnly, ReadOnlyAdmin
from portal.audit.forgetting import forget_in_trail, forget_of_things
from portal.audit.queries import HistoryEntry, history_of

__all__ = [
    "ActionAdmin",
    "AuditedAdmin",
    "HistoryEntry",
    "ReadOnly",
    "ReadOnlyAdmin",
    "forget_in_trail",
    "forget_of_things",
    "history_of",
    "record",
    "state_of",
]
