"""Writing and naming the files of the store.

A file is written under `tmp/`, made durable, and renamed into place with its folder; then the
manifest may name it.
"""

import calendar
import datetime as dt
import hashlib
import uuid
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from insights.events.engine import fsync_file, fsync_folder, quoted, store_dir
from insights.events.models import Part

FORMAT_VERSION = 1
ROW_GROUP_SIZE = 32_768
# Level 1 takes a tenth off the writing; the files grow by half a percent.
_LAYOUT = f"COMPRESSION zstd, COMPRESSION_LEVEL 1, ROW_GROUP_SIZE {ROW_GROUP_SIZE}"
# A third quicker to read and a tenth larger: pages read a little of it, all over the file.
_ACTIVITY_LAYOUT = "COMPRESSION lz4_raw, ROW_GROUP_SIZE 16384"
EVENT_COLUMNS = (
    "event_code, distinct_no, account_no, source_no, ts, received_at, batch_no, "
    "row_key, content_hash, event_id, properties"
)
TRAIT_COLUMNS = "subject, subject_no, key, value, ts, batch_no, item_no"
FIRST_SEEN_SQL = (
    "SELECT event_code, distinct_no, min(ts) AS first_ts FROM read_parquet($file) GROUP BY ALL ORDER BY ALL"
)
# Of one id and account in a month: how many events, the first and the last.
ACTIVITY_COLUMNS = "source_no, distinct_no, account_no, n_events, first_ts, last_ts"
ACTIVITY_SQL = (
    "SELECT source_no, distinct_no, account_no, count(*)::UINTEGER AS n_events, min(ts) AS first_ts, "
    "max(ts) AS last_ts FROM read_parquet($file) "
    "GROUP BY source_no, distinct_no, account_no, date_trunc('month', ts)"
)

FIRST_EVER_SQL = (
    "SELECT event_code, distinct_no, min(first_ts) AS first_ts FROM read_parquet($files) GROUP BY ALL ORDER BY ALL"
)


# The times that a part's row notes of its file.
_TIMES = {
    Part.Kind.EVENTS: {"min_ts": "min(ts)", "max_ts": "max(ts)", "max_received_at": "max(received_at)"},
    Part.Kind.TRAITS: {"min_ts": "min(ts)", "max_ts": "max(ts)"},
}


def path_of(part: Part) -> Path:
    """Return where a part's file lies."""
    return store_dir() / part.path


def month_of(ts: dt.datetime | dt.date) -> dt.date:
    """Return the first day of a time's UTC month."""
    return dt.date(ts.year, ts.month, 1)


def month_bounds(month: dt.date) -> tuple[dt.datetime, dt.datetime]:
    """Return a month's first moment and the first of the next, without zone."""
    start = dt.datetime(month.year, month.month, 1)
    return start, start + dt.timedelta(days=calendar.monthrange(month.year, month.month)[1])


def aware(ts: dt.datetime | None) -> dt.datetime | None:
    """Return the engine's naive UTC time as an aware one."""
    return ts.replace(tzinfo=dt.UTC) if ts is not None and ts.tzinfo is None else ts


def naive(ts: dt.datetime | None) -> dt.datetime | None:
    """Return a time as the engine holds it: UTC without zone."""
    return ts.astimezone(dt.UTC).replace(tzinfo=None) if ts is not None and ts.tzinfo is not None else ts


def _place(name: str, source_id: int, month: dt.date, stem: str = "") -> dict[str, Any]:
    """Return where a file of a source's month lies, as fields of its part; companions share a stem."""
    stem = stem or uuid.uuid4().hex
    path = f"{source_id}/{month:%Y-%m}/{name}-{stem}.parquet"
    return {"path": path, "source_id": source_id, "month": month, "stem": stem}


@dataclass
class PartWriter:
    """Writes the new files of one version; `discard` takes back what was not published."""

    duck: Any
    written: list[Part] = field(default_factory=list)

    def write_events(self, sql: str, params: dict, source_id: int, month: dt.date) -> Part | None:
        """Write a source's events of a month and their first-seen companion; None when there are none."""
        events = self._write(Part.Kind.EVENTS, sql, params, **_place("events", source_id, month))
        if events is not None:
            self._write_companion(Part.Kind.FIRST_SEEN, "first", FIRST_SEEN_SQL, events)
        return events

    def write_activity(self, events: Part) -> Part:
        """Write the activity companion of an events part, its file in place already."""
        sql = f"{ACTIVITY_SQL} ORDER BY distinct_no, account_no"
        return self._write_companion(Part.Kind.ACTIVITY, "activity", sql, events, _ACTIVITY_LAYOUT)

    def write_traits(self, sql: str, params: dict, source_id: int, month: dt.date) -> Part | None:
        """Write a source's traits of a month; None when there are none."""
        return self._write(Part.Kind.TRAITS, sql, params, **_place("traits", source_id, month))

    def write_person_map(self, sql: str, params: dict) -> Part | None:
        """Write the map from joined ids to persons; None when nobody is joined."""
        stem = uuid.uuid4().hex
        return self._write(Part.Kind.PERSON_MAP, sql, params, path=f"persons/map-{stem}.parquet", stem=stem)

    def write_first_ever(self, files: list[str], source_id: int, month: dt.date) -> Part:
        """Write the rollup of first-seen files and of the rollup before, for the months up to one."""
        place = _place("first-ever", source_id, month)
        path = f"{source_id}/first-ever-{place['stem']}.parquet"
        rollup = self._write(Part.Kind.FIRST_EVER, FIRST_EVER_SQL, {"files": files}, **{**place, "path": path})
        assert rollup is not None, "no first-seen file is empty"
        return rollup

    def discard(self) -> None:
        """Remove the files written so far; the sweep would find them too."""
        for part in self.written:
            path_of(part).unlink(missing_ok=True)

    def _write_companion(self, kind: str, name: str, sql: str, events: Part, layout: str = _LAYOUT) -> Part:
        place = _place(name, events.source_id, events.month, events.stem)
        span = {"min_ts": events.min_ts, "max_ts": events.max_ts}
        companion = self._write(kind, sql, {"file": str(path_of(events))}, layout=layout, **place, **span)
        assert companion is not None, "no part is empty"
        return companion

    def _write(
        self, kind: str, sql: str, params: dict, *, path: str, layout: str = _LAYOUT, **fields: Any
    ) -> Part | None:
        """Write the rows of a statement; None, and no file, when there are none. fields: of the part."""
        temporary = store_dir() / "tmp" / f"{uuid.uuid4().hex}.parquet"
        written = f"FORMAT parquet, PARQUET_VERSION v2, {layout}"
        n_rows = self.duck.execute(f"COPY ({sql}) TO {quoted(temporary)} ({written})", params).fetchone()[0]
        if not n_rows:
            temporary.unlink()
            return None
        if kind in _TIMES:
            times = f"SELECT {', '.join(_TIMES[kind].values())} FROM read_parquet($file)"
            found = self.duck.execute(times, {"file": str(temporary)}).fetchone()
            fields |= {name: aware(ts) for name, ts in zip(_TIMES[kind], found, strict=True)}
        return self._keep(temporary, path, kind=kind, n_rows=n_rows, **fields)

    def _keep(self, temporary: Path, name: str, **fields: Any) -> Part:
        target = store_dir() / name
        is_new_folder = not target.parent.exists()
        target.parent.mkdir(parents=True, exist_ok=True)
        checksum = checksum_of(temporary)
        fsync_file(temporary)
        temporary.rename(target)
        fsync_folder(target.parent)
        if is_new_folder:
            fsync_folder(target.parent.parent)
            fsync_folder(store_dir())
        part = Part(
            path=name,
            format_version=FORMAT_VERSION,
            n_bytes=target.stat().st_size,
            checksum=checksum,
            added_version=0,
            **fields,
        )
        self.written.append(part)
        return part


def checksum_of(path: Path) -> str:
    """Return a file's SHA-256."""
    with path.open("rb") as handle:
        return hashlib.file_digest(handle, "sha256").hexdigest()
