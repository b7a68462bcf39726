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
from insights.events.ingest import commit_staged, dry_run
from insights.events.manifest import changed_since, current_version
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
from insights.events.snapshot import open_snapshot

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
    "changed_since",
    "commit_staged",
    "create_source",
    "current_version",
    "default_id_space",
    "dry_run",
    "get_batch",
    "get_source",
    "may_see_people",
    "open_snapshot",
    "pause_source",
    "resume_source",
    "start_batch",
    "update_source",
]
