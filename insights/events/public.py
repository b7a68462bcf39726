"""What other rooms may use of the event store."""

from insights.events.access import get_batch, get_source, may_see_people
from insights.events.actions import (
    cancel_batch,
    create_source,
    default_id_space,
    pause_source,
    resume_source,
    start_batch,
    update_source,
)
from insights.events.contracts import BatchCounts, PersonSummary, Rows, Snapshot
from insights.events.models import (
    Account,
    Batch,
    BatchOverlap,
    Change,
    DistinctId,
    EventName,
    IdSpace,
    InboxRequest,
    PersonJoin,
    QuarantinedRow,
    Source,
)

__all__ = [
    "Account",
    "Batch",
    "BatchCounts",
    "BatchOverlap",
    "Change",
    "DistinctId",
    "EventName",
    "IdSpace",
    "InboxRequest",
    "PersonJoin",
    "PersonSummary",
    "QuarantinedRow",
    "Rows",
    "Snapshot",
    "Source",
    "cancel_batch",
    "create_source",
    "default_id_space",
    "get_batch",
    "get_source",
    "may_see_people",
    "pause_source",
    "resume_source",
    "start_batch",
    "update_source",
]
