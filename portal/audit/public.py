"""What other rooms may use of the audit trail."""

from portal.audit.actions import record, state_of
from portal.audit.admin import AuditedAdmin
from portal.audit.queries import HistoryEntry, history_of

__all__ = ["AuditedAdmin", "HistoryEntry", "history_of", "record", "state_of"]
