"""What crosses the walls of the event store: the staging format, counts, rows and the engine's interface; no Django.

**Staging.** A producer fills a folder with Parquet files and calls `commit_staged`. Columns by file name:

`events-*.parquet`
    item_no BIGINT (line or item, from 1, unique in the batch) · event_id VARCHAR null · row_hash UUID null
    (`md5(raw row)::UUID`, set when event_id is null; never HUGEINT, which Parquet turns into a double) ·
    event VARCHAR · distinct_id VARCHAR · account_id VARCHAR null · ts TIMESTAMP (UTC, µs) · sent_time VARCHAR (the
    time as sent) · received_at TIMESTAMP · properties VARCHAR null (text of a JSON object). Optional: request_no
    BIGINT (identical rows are numbered within a request; without it within the whole batch).
`traits-*.parquet`
    item_no BIGINT · subject VARCHAR ('person' | 'account') · subject_id VARCHAR · key VARCHAR · value VARCHAR (JSON
    text) · ts TIMESTAMP. A person's group is the key `$account`, its value the account's id as a JSON string.
`joins-*.parquet`
    item_no BIGINT · kind VARCHAR ('identify' | 'alias') · distinct_id VARCHAR (the anonymous or old id) · person_id
    VARCHAR (the identified id) · ts TIMESTAMP
`rejects-*.parquet`
    item_no BIGINT · raw VARCHAR · reason_code VARCHAR · reason VARCHAR (a sentence) · event_time TIMESTAMP null

Times are without zone and mean UTC. An item is either an event or a reject: rows read = events + rejects.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, Protocol

PERSON_ACCOUNT_KEY = "$account"
MAX_ID_LENGTH = 400
MAX_NAME_LENGTH = 200

RawOf = Callable[[Sequence[int]], Mapping[int, str]]
Progress = Callable[[str, int, int], None]  # step in words, done, total


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
    """One person for a list: the number, the ids that belong to it (the person's own first) and current traits."""

    person_no: int
    distinct_ids: tuple[str, ...]
    traits: Mapping[str, Any]

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
    ) -> Rows:
        """Run a SQL template with {events} and its sisters; see `insights.events.snapshot`."""
        ...


class EventStore(Protocol):
    """What an engine must do to hold the events: the embedded one does, a cluster will."""

    def commit_staged(
        self,
        batch: Any,
        folder: Path,
        *,
        raw_of: RawOf | None = None,
        progress: Progress | None = None,
        also: Callable[[], None] | None = None,
    ) -> BatchCounts:
        """Take a staged batch, whole or not at all."""
        ...

    def open_snapshot(self, source_ids: Sequence[int], *, caller: str) -> AbstractContextManager[Snapshot]:
        """Open one consistent version of these sources."""
        ...

    def changed_since(
        self, source_ids: Sequence[int], version: int, since: datetime | None, until: datetime | None
    ) -> bool:
        """Say whether an answer computed at a version may differ now."""
        ...
