"""Reading: one consistent version of some sources' events, through a locked-down engine with limits.

A statement is a template with relation placeholders; everything else that varies is a bound parameter:

`{events}`      event_code UINTEGER, distinct_no UINTEGER, account_no UINTEGER null, source_no UINTEGER, ts TIMESTAMP,
                received_at TIMESTAMP, batch_no UINTEGER, properties VARIANT; whole parts outside [since, until] are
                left out, and so are those that lie in a gap, so the statement must still filter by ts
`{all_events}`  the same, never left out
`{person_map}`  distinct_no, person_no: only ids that belong to another id's person
`{first_seen}`  event_code, distinct_no, first_ts: one row a file and pair, over all history; combine with min
`{activity}`    source_no, distinct_no, account_no, n_events UINTEGER, first_ts, last_ts: over all history, some rows an
                id and account (add them up); of few rows a person, and read without reading the events
`{traits}`      subject ('person' | 'account'), subject_no (distinct_no or account_no), key, value (JSON text), ts,
                batch_no; LATEST_VALUE says which value is the current one; a person's `$account` holds an account_no
`{export}`      every column of an events part, for the store's own work

Times are UTC without zone. All statements of a snapshot share the time limit of a question.
"""

import datetime as dt
import logging
import re
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from django.conf import settings
from django.db.models import OuterRef, Q, Subquery
from django.db.models.functions import Coalesce

from insights.events.contracts import Rows
from insights.events.engine import TooSlow, question_slot, run
from insights.events.manifest import newest_version
from insights.events.models import Change, EventName, Manifest, Part, Source
from insights.events.parts import ACTIVITY_COLUMNS, ACTIVITY_SQL, EVENT_COLUMNS, TRAIT_COLUMNS, path_of
from portal.shell.public import TooMuch

log = logging.getLogger(__name__)

Moment = dt.datetime | None
MAX_ROWS = 1_000_000
_READ_COLUMNS = "event_code, distinct_no, account_no, source_no, ts, received_at, batch_no, properties"
_COLUMNS = {
    "events": _READ_COLUMNS,
    "all_events": _READ_COLUMNS,
    "export": EVENT_COLUMNS,
    "person_map": "distinct_no, person_no",
    "first_seen": "event_code, distinct_no, first_ts",
    "activity": ACTIVITY_COLUMNS,
    "traits": TRAIT_COLUMNS,
}
_KIND = {
    "events": Part.Kind.EVENTS,
    "all_events": Part.Kind.EVENTS,
    "export": Part.Kind.EVENTS,
    "person_map": Part.Kind.PERSON_MAP,
    "first_seen": Part.Kind.FIRST_SEEN,
    "activity": Part.Kind.ACTIVITY,
    "traits": Part.Kind.TRAITS,
}
_TYPES = {
    "event_code": "UINTEGER",
    "distinct_no": "UINTEGER",
    "person_no": "UINTEGER",
    "account_no": "UINTEGER",
    "source_no": "UINTEGER",
    "subject_no": "UINTEGER",
    "batch_no": "UINTEGER",
    "item_no": "BIGINT",
    "ts": "TIMESTAMP",
    "first_ts": "TIMESTAMP",
    "last_ts": "TIMESTAMP",
    "n_events": "UINTEGER",
    "received_at": "TIMESTAMP",
    "row_key": "UUID",
    "content_hash": "UBIGINT",
    "event_id": "VARCHAR",
    "properties": "VARIANT",
    "subject": "VARCHAR",
    "key": "VARCHAR",
    "value": "VARCHAR",
}
_PLACEHOLDER = re.compile(r"\{(" + "|".join(_COLUMNS) + r")\}")


def _empty(relation: str) -> str:
    columns = ", ".join(f"NULL::{_TYPES[name]} AS {name}" for name in _COLUMNS[relation].split(", "))
    return f"(SELECT {columns} WHERE false)"


class EmbeddedSnapshot:
    """The parts of one version, read by this process's engine."""

    def __init__(
        self, source_ids: Sequence[int], version: int, parts: Sequence[Part], caller: str, changed_version: int = 0
    ):
        self.source_ids, self.version, self.caller = tuple(source_ids), version, caller
        self.changed_version = changed_version  # the newest that changed events, traits or persons of these sources
        self.parts = parts
        self.opened_at = time.monotonic()
        times = [part.max_ts for part in parts if part.kind == Part.Kind.EVENTS and part.max_ts]
        self.data_until: dt.datetime | None = max(times, default=None)
        self.has_joins = any(part.kind == Part.Kind.PERSON_MAP for part in parts)
        self.n_months = len({part.month for part in parts if part.kind == Part.Kind.EVENTS})
        self.n_rows = sum(part.n_rows for part in parts if part.kind == Part.Kind.EVENTS)

    @property
    def n_rows_of_activity(self) -> int:
        """Return how many rows a statement reads that reads all of {activity}."""
        noted = {part.stem for part in self.parts if part.kind == Part.Kind.ACTIVITY}
        bare = [part for part in self.parts if part.kind == Part.Kind.EVENTS and part.stem not in noted]
        return sum(part.n_rows for part in (*bare, *(p for p in self.parts if p.kind == Part.Kind.ACTIVITY)))

    def since(self, version: int) -> "EmbeddedSnapshot":
        """Return the files of events and traits that came after a version, as a snapshot without joins.

        Merges of small files write rows again that had come before. What is noted of an events part goes with it.
        """
        fresh = {
            p.stem for p in self.parts if p.added_version > version and p.kind in (Part.Kind.EVENTS, Part.Kind.TRAITS)
        }
        parts = [p for p in self.parts if p.stem in fresh and p.kind != Part.Kind.PERSON_MAP]
        newer = EmbeddedSnapshot(self.source_ids, self.version, parts, self.caller, self.changed_version)
        newer.opened_at = self.opened_at
        return newer

    def codes_of(self, names: Sequence[str]) -> dict[str, int]:
        """Return the code of each known event name; unknown ones are absent."""
        return dict(EventName.objects.filter(name__in=list(names)).values_list("name", "code"))

    def names_of(self, codes: Sequence[int]) -> dict[int, str]:
        """Return the name of each code."""
        return dict(EventName.objects.filter(code__in=list(codes)).values_list("code", "name"))

    def execute(
        self,
        sql: str,
        params: Mapping[str, Any] | None = None,
        *,
        since: dt.datetime | None = None,
        until: dt.datetime | None = None,
        gap: tuple[dt.datetime, dt.datetime] | None = None,
        max_rows: int = MAX_ROWS,
    ) -> Rows:
        """Run a template and return its rows; more than max_rows is refused."""

        def fetch(cursor: Any) -> tuple[tuple[str, ...], list[tuple[Any, ...]]]:
            rows = cursor.fetchmany(max_rows + 1)
            return tuple(column[0] for column in cursor.description), rows

        (columns, rows), n_scanned = self._run(sql, params, since, until, fetch, gap)
        if len(rows) > max_rows:
            raise TooMuch(f"The answer has more than {max_rows:,} rows. Ask about less.")
        return Rows(columns, rows, n_scanned)

    def fetch_arrays(
        self,
        sql: str,
        params: Mapping[str, Any] | None = None,
        *,
        since: dt.datetime | None = None,
        until: dt.datetime | None = None,
    ) -> tuple[dict[str, Any], int]:
        """Run a template and return (numpy arrays by column, rows scanned), for kernels over millions of rows."""
        return self._run(sql, params, since, until, lambda cursor: cursor.fetchnumpy())

    def statement(
        self,
        sql: str,
        since: dt.datetime | None = None,
        until: dt.datetime | None = None,
        gap: tuple[dt.datetime, dt.datetime] | None = None,
    ) -> tuple[str, dict[str, list[str]], int]:
        """Return (SQL with relations filled in, their file parameters, rows that the event files hold)."""
        files: dict[str, list[str]] = {}
        n_scanned = 0

        def fill(found: re.Match[str]) -> str:
            nonlocal n_scanned
            relation = found.group(1)
            used = self._parts_of(relation, since, until, gap)
            name = f"files_of_{relation}"
            if used and name not in files:
                files[name] = [str(path_of(part)) for part in used]
                n_scanned += sum(part.n_rows for part in used) if _KIND[relation] == Part.Kind.EVENTS else 0
            if relation == "activity":
                return self._activity(files)
            return f"(SELECT {_COLUMNS[relation]} FROM read_parquet(${name}))" if used else _empty(relation)

        return _PLACEHOLDER.sub(fill, sql), files, n_scanned

    def _activity(self, files: dict[str, list[str]]) -> str:
        """Return the noted activity, with that of the events parts that have no note of it yet."""
        noted = {part.stem for part in self.parts if part.kind == Part.Kind.ACTIVITY}
        bare = [part for part in self.parts if part.kind == Part.Kind.EVENTS and part.stem not in noted]
        reads = [f"SELECT {ACTIVITY_COLUMNS} FROM read_parquet($files_of_activity)"] if noted else []
        if bare:
            files["files_without_activity"] = [str(path_of(part)) for part in bare]
            reads.append(ACTIVITY_SQL.replace("$file", "$files_without_activity"))
        return f"({' UNION ALL '.join(reads)})" if reads else _empty("activity")

    def _parts_of(self, relation: str, since: Moment, until: Moment, gap: tuple[Moment, Moment] | None) -> list[Part]:
        parts = [part for part in self.parts if part.kind == _KIND[relation]]
        if relation == "first_seen":
            rollups = [part for part in self.parts if part.kind == Part.Kind.FIRST_EVER]
            return [*rollups, *(part for part in parts if not any(one.covers(part) for one in rollups))]
        if relation != "events":
            return parts
        times = (since, until, *(gap or (None, None)))
        since, until, left, right = (
            time.replace(tzinfo=dt.UTC) if time and not time.tzinfo else time for time in times
        )
        return [
            part
            for part in parts
            if (since is None or part.max_ts >= since)
            and (until is None or part.min_ts <= until)
            and (left is None or right is None or part.min_ts < left or part.max_ts >= right)
        ]

    def _run(
        self, sql: str, params: Mapping[str, Any] | None, since: Any, until: Any, fetch: Any, gap: Any = None
    ) -> tuple[Any, int]:
        filled, files, n_scanned = self.statement(sql, since, until, gap)
        left_s = settings.QUESTION_TIME_LIMIT_S - (time.monotonic() - self.opened_at)
        if left_s <= 0:
            raise TooSlow()
        started = time.monotonic()
        with question_slot():
            answer = run(filled, {**(params or {}), **files}, limit_s=left_s, fetch=fetch)
        took_ms = (time.monotonic() - started) * 1000
        log.info("%s: %.0f ms, %s rows in %s files", self.caller, took_ms, n_scanned, sum(map(len, files.values())))
        return answer, n_scanned


@contextmanager
def open_snapshot(source_ids: Sequence[int], *, caller: str) -> Iterator[EmbeddedSnapshot]:
    """Open the newest version of these sources; `caller` names who asks, in the log."""
    newest = Manifest.objects.order_by("-version").values("version")[:1]
    of_source = Change.objects.filter(source=OuterRef("pk")).order_by("-version").values("version")[:1]
    changed = Source.objects.filter(pk__in=list(source_ids)).annotate(changed=Coalesce(Subquery(of_source), 0))
    changed = changed.order_by("-changed").values("changed")[:1]
    # One statement, so that the parts are those of the version that it reads.
    parts = _parts_of(source_ids).filter(removed_version=None)
    parts = list(parts.annotate(newest=Subquery(newest), changed=Subquery(changed)))
    version, changed_version = (parts[0].newest, parts[0].changed or 0) if parts else (newest_version(), 0)
    yield EmbeddedSnapshot(source_ids, version, parts, caller, changed_version)


def _parts_of(source_ids: Sequence[int]) -> Any:
    wanted = Q(source__in=list(source_ids)) | Q(kind=Part.Kind.PERSON_MAP)
    return Part.objects.filter(wanted).order_by("month", "pk")
