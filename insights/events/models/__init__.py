"""Tables of the event store; the event rows themselves lie in Parquet parts."""

from insights.events.models.batch import Batch, BatchOverlap, QuarantinedRow
from insights.events.models.identity import Account, DistinctId, EventName, PersonJoin
from insights.events.models.inbox import InboxRequest
from insights.events.models.part import Change, Manifest, Part
from insights.events.models.source import IdSpace, Source

__all__ = [
    "Account",
    "Batch",
    "BatchOverlap",
    "Change",
    "DistinctId",
    "EventName",
    "IdSpace",
    "InboxRequest",
    "Manifest",
    "Part",
    "PersonJoin",
    "QuarantinedRow",
    "Source",
]
