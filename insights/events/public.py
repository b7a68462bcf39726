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
from insights.events.compaction import compact, sweep_files
from insights.events.contracts import LATEST_VALUE, BatchCounts, PersonSummary, Rows, Snapshot, StoreChange
from insights.events.engine import TooSlow
from insights.events.erasure import batches_naming, count_person, erase_person, ids_of_person, rows_mentioning
from insights.events.inbox import add_to_inbox, drop_from_inbox, inbox_waiting, take_inbox
from insights.events.ingest import commit_staged, dry_run
from insights.events.manifest import (
    changed_since,
    current_version,
    data_version,
    list_changes,
    wait_for_writer,
    was_taken_from,
)
from insights.events.merging import merge_persons, undo_join
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
from insights.events.numbers import number_ids
from insights.events.parts import aware
from insights.events.persons import describe_accounts, describe_people
from insights.events.promises import expected_since, is_late
from insights.events.snapshot import open_snapshot
from insights.events.undoing import batches_to_reload, undo_batch

__all__ = [
    "LATEST_VALUE",
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
    "StoreChange",
    "TooSlow",
    "add_to_inbox",
    "aware",
    "batches_naming",
    "batches_to_reload",
    "cancel_batch",
    "changed_since",
    "commit_staged",
    "compact",
    "count_person",
    "create_source",
    "current_version",
    "data_version",
    "default_id_space",
    "describe_accounts",
    "describe_people",
    "drop_from_inbox",
    "dry_run",
    "erase_person",
    "expected_since",
    "get_batch",
    "get_source",
    "ids_of_person",
    "inbox_waiting",
    "is_late",
    "list_changes",
    "may_see_people",
    "merge_persons",
    "number_ids",
    "open_snapshot",
    "pause_source",
    "resume_source",
    "rows_mentioning",
    "start_batch",
    "sweep_files",
    "take_inbox",
    "undo_batch",
    "undo_join",
    "update_source",
    "wait_for_writer",
    "was_taken_from",
]
