"""What crosses the walls of the event store: the staging format, counts, rows and the engine's interface; no Django.

**Staging.** A producer fills a folder with Parquet files and calls `commit_staged`. `STAGED` names their columns:

`events-*.parquet`
    item_no: line or item, from 1, unique in the batch · event_id, or where it is null row_hash (`md5(raw row)::UUID`;
    never HUGEINT, which Parquet turns into a double) · account_id may be null · sent_time: the time as sent ·
    properties: null or the text of a JSON object · request_no, which may be left out: identical rows are numbered
    within a request; without it within the whole batch.
`traits-*.parquet`
    subject: 'person' or 'account' · value: JSON text. A person's group is the key `$account`, its value the account's
    id as a JSON string.
`joins-*.parquet`
    kind: 'identify' or 'alias' · distinct_id: the anonymous or old id · person_id: the identified id
`rejects-*.parquet`
    reason: a sentence · event_time may be null

Times are without zone and mean UTC. An item is either an event or a reject: rows read = events + rejects.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol

STAGED = {
    "events": {
        "item_no": "BIGINT",
        "event_id": "VARCHAR",
        "row_hash": "UUID",
        "event": "VARCHAR",
        "distinct_id": "VARCHAR",
        "account_id": "VARCHAR",
        "ts": "TIMESTAMP",
        "sent_time": "VARCHAR",
        "received_at": "TIMESTAMP",
        "properties": "VARCHAR",
        "request_no": "BIGINT",
    },
    "traits": {
        "item_no": "BIGINT",
        "subject": "VARCHAR",
        "subject_id": "VARCHAR",
        "key": "VARCHAR",
        "value": "VARCHAR",
        "ts": "TIMESTAMP",
    },
    "joins": {
        "item_no": "BIGINT",
        "kind": "VARCHAR",
        "distinct_id": "VARCHAR",
        "person_id": "VARCHAR",
        "ts": "TIMESTAMP",
    },
    "rejects": {
        "item_no": "BIGINT",
        "raw": "VARCHAR",
        "reason_code": "VARCHAR",
        "reason": "VARCHAR",
        "event_time": "TIMESTAMP",
    },
}
MAY_BE_LEFT_OUT = frozenset({"request_no"})

# The current value of a trait: the latest by event time; of equal times the one stored last, of one load the greater
# (of several ids of one person; one id has one value of a key in a load).
# Of {traits} with the alias t, grouped by whose it is and key.
LATEST_VALUE = "arg_max(t.value, (t.ts, t.batch_no, t.value))"
PERSON_ACCOUNT_KEY = "$account"
MAX_ID_LENGTH = 400
MAX_NAME_LENGTH = 200

RawOf = Callable[[Sequence[int]], Mapping[int, str]]
Progress = Callable[[str, int, int], None]  # step in words, done, total


@dataclass(frozen=True)
class StoreChange:
    """What one version of the store changed for one source: kind is events, traits or persons.

    reason — why the version was made: load, undo, persons, erasure or compaction; batch_kind — of a load or an undo,
    and file_name of its file, if it had one.
    """

    version: int
    at: datetime
    kind: str
    reason: str
    batch_kind: str | None
    source: str
    n_rows: int
    file_name: str = ""


@dataclass(frozen=True)
class BatchCounts:
    """What became of a batch's rows; n_read = n_accepted + n_duplicates + n_quarantined."""

    n_read: int = 0
    n_accepted: int = 0
    n_duplicates: int = 0
    n_quarantined: int = 0
    n_conflicts: int = 0
    n_traits: int = 0
    n_joins: int = 0
    n_joins_refused: int = 0
    min_ts: datetime | None = None
    max_ts: datetime | None = None
    overlaps: Mapping[int, int] = field(default_factory=dict)  # earlier batch → duplicates that it had brought


@dataclass(frozen=True)
class Rows:
    """The answer of one statement: column names, rows as tuples, and how many stored rows the files read hold."""

    columns: tuple[str, ...]
    tuples: list[tuple[Any, ...]]
    n_scanned: int

    def dicts(self) -> Iterator[dict[str, Any]]:
        """Yield each row by column name."""
        return (dict(zip(self.columns, row, strict=True)) for row in self.tuples)


@dataclass(frozen=True)
class PersonSummary:
    """One person for a list: the number, the ids that belong to it (the person's own first) and current traits.

    `numbers` are the ids' own numbers, as events and traits carry them.
    """

    person_no: int
    distinct_ids: tuple[str, ...]
    traits: Mapping[str, Any]
    numbers: tuple[int, ...] = ()

    @property
    def label(self) -> str:
        """Return a name to show: the name or e-mail trait, else the id."""
        shown = self.traits.get("name") or self.traits.get("email")
        return str(shown or (self.distinct_ids[0] if self.distinct_ids else self.person_no))


class Snapshot(Protocol):
    """One consistent version of some sources' events, open for reading."""

    version: int
    data_until: datetime | None
    has_joins: bool

    def codes_of(self, names: Sequence[str]) -> dict[str, int]:
        """Return the code of each known event name."""
        ...

    def names_of(self, codes: Sequence[int]) -> dict[int, str]:
        """Return the name of each code."""
        ...

    def execute(
        self,
        sql: str,
        params: Mapping[str, Any] | None = None,
        *,
        since: datetime | None = None,
        until: datetime | None = None,
        gap: tuple[datetime, datetime] | None = None,
    ) -> Rows:
        """Run a SQL template with {events} and its sisters; see `insights.events.snapshot`."""
        ...

    def fetch_arrays(
        self,
        sql: str,
        params: Mapping[str, Any] | None = None,
        *,
        since: datetime | None = None,
        until: datetime | None = None,
    ) -> tuple[dict[str, Any], int]:
        """Run a SQL template; return a numpy array for each column, and how many stored rows the files hold."""
        ...
