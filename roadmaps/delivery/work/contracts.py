"""The values of work: phases of statuses, what a history says of an item, weeks and cycle times; knows no Django."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

WAITING, DOING, DONE, DROPPED, UNKNOWN = "waiting", "doing", "done", "dropped", ""


@dataclass(frozen=True)
class Change:
    """A change of an item's status as its tracker tells it."""

    at: datetime
    from_status: str
    to_status: str


@dataclass(frozen=True)
class Sent:
    """What a tracker says of an item's times by itself; a status history says it better where there is one."""

    opened_at: datetime | None = None
    started_at: datetime | None = None
    finished_at: datetime | None = None
    dropped_at: datetime | None = None


@dataclass(frozen=True)
class Course:
    """What an item's status and history come to: its phase now, when work began, when it ended and how."""

    phase: str
    started_at: datetime | None = None
    finished_at: datetime | None = None
    dropped_at: datetime | None = None


@dataclass(frozen=True)
class Week:
    """How many items were finished in a week, by its first day."""

    starts_on: date
    n_done: int


@dataclass(frozen=True)
class CycleTimes:
    """Cycle times in days: nearest-rank percentiles over n items; None where there are none."""

    n: int
    p50: int | None = None
    p85: int | None = None
    p95: int | None = None


@dataclass(frozen=True)
class GivenItem:
    """An item as a file or a tracker tells it: `said` by the names of WorkItem's fields; what is not there stays.

    changes — the history of its statuses as far as it was told; category — of its status in the tracker.
    """

    key: str
    said: dict[str, Any]
    category: str = ""
    changes: tuple[Change, ...] = ()


# What a tracker says of an item, by the names of WorkItem's fields.
SAID = (
    *("origin_id", "title", "kind", "status", "estimate", "parent_key", "project", "milestone", "labels", "url"),
    *("opened_at", "changed_at", "sent_started_at", "sent_finished_at", "sent_dropped_at"),
)
# What is worked out of it.
WORKED_OUT = ("phase", "started_at", "finished_at", "dropped_at", "initiative_id", "placed_by")
