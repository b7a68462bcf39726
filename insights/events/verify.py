"""Recounting the store against its manifest: every file, every row, every batch."""

import datetime as dt
from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any

from insights.events.compaction import orphans
from insights.events.engine import as_list, working_connection
from insights.events.identities import resolved_map
from insights.events.manifest import files_kept, newest_version, removal_age
from insights.events.models import Batch, Part
from insights.events.parts import ACTIVITY_SQL, FIRST_EVER_SQL, FIRST_SEEN_SQL, aware, checksum_of, path_of

Progress = Callable[[str], None]


def verify_store(*, progress: Progress | None = None, is_quick: bool = False) -> list[str]:
    """Return every fault found, each as a sentence; none means that files, manifest and batches agree.

    is_quick leaves out the files' checksums and the comparison of first times.
    """
    with files_kept(), working_connection() as duck:
        version = newest_version()
        parts = list(Part.objects.at(version).order_by("source_id", "month", "pk"))
        return list(_Check(duck, parts, progress or (lambda text: None), is_quick).faults())


class _Check:
    """One run over the parts of one version."""

    def __init__(self, duck: Any, parts: list[Part], progress: Progress, is_quick: bool):
        self.duck, self.parts, self.progress, self.is_quick = duck, parts, progress, is_quick
        self.n_rows_of: Counter[int] = Counter()

    def faults(self) -> Iterator[str]:
        usable = []
        for part in self.parts:
            found = list(self._file_faults(part))
            yield from found
            if not found:
                usable.append(part)
        yield from self._month_faults(usable)
        yield from self._first_seen_faults(usable)
        yield from self._activity_faults(usable)
        yield from self._map_faults(usable)
        yield from self._batch_faults()
        yield from (f"{path.name} lies in the store but no version names it." for path in _old_orphans())

    def _ask(self, sql: str, **params: Any) -> list[tuple]:
        return self.duck.execute(sql, params).fetchall()

    def _file_faults(self, part: Part) -> Iterator[str]:
        self.progress(f"{part.path}")
        path = path_of(part)
        if not path.exists():
            yield f"{part.path} is missing."
            return
        if path.stat().st_size != part.n_bytes:
            yield f"{part.path} has {path.stat().st_size} bytes, the manifest says {part.n_bytes}."
            return
        if not self.is_quick and checksum_of(path) != part.checksum:
            yield f"{part.path} is not the file that was written: its checksum differs."
            return
        timed = part.kind in {Part.Kind.EVENTS, Part.Kind.TRAITS}
        times = "min(ts), max(ts)" if timed else "NULL, NULL"
        n_rows, low, high = self._ask(f"SELECT count(*), {times} FROM read_parquet($file)", file=str(path))[0]
        if n_rows != part.n_rows:
            yield f"{part.path} has {n_rows} rows, the manifest says {part.n_rows}."
        if timed and (aware(low), aware(high)) != (part.min_ts, part.max_ts):
            yield f"{part.path} holds {low} to {high}, the manifest says {part.min_ts} to {part.max_ts}."

    def _month_faults(self, parts: list[Part]) -> Iterator[str]:
        months: dict[tuple[int, dt.date], list[Part]] = {}
        for part in parts:
            if part.kind == Part.Kind.EVENTS:
                months.setdefault((part.source_id, part.month), []).append(part)
        for (source_id, month), group in months.items():
            self.progress(f"source {source_id}, {month:%Y-%m}")
            files = as_list(path_of(part) for part in group)
            n_rows, n_keys, n_foreign = self._ask(
                "SELECT count(*), count(DISTINCT row_key), count(*) FILTER (source_no <> $source OR "
                "date_trunc('month', ts)::DATE <> $month) FROM read_parquet($files)",
                files=files,
                source=source_id,
                month=month,
            )[0]
            if n_rows != n_keys:
                yield f"Source {source_id}, {month:%Y-%m}: {n_rows - n_keys} rows are stored more than once."
            if n_foreign:
                yield f"Source {source_id}, {month:%Y-%m}: {n_foreign} rows are of another source or month."
            self.n_rows_of.update(
                dict(self._ask("SELECT batch_no, count(*) FROM read_parquet($files) GROUP BY 1", files=files))
            )

    def _first_seen_faults(self, parts: list[Part]) -> Iterator[str]:
        events = {part.stem: part for part in parts if part.kind == Part.Kind.EVENTS}
        firsts = {part.stem: part for part in parts if part.kind == Part.Kind.FIRST_SEEN}
        for stem in events.keys() ^ firsts.keys():
            yield f"Events and first times of {stem} do not come together."
        for stem in () if self.is_quick else events.keys() & firsts.keys():
            n_other = self._ask(
                f"SELECT count(*) FROM (({FIRST_SEEN_SQL}) EXCEPT SELECT * FROM read_parquet($first))",
                file=str(path_of(events[stem])),
                first=str(path_of(firsts[stem])),
            )[0][0]
            if n_other:
                yield f"{n_other} first times of {events[stem].path} are wrong."

        for rollup in () if self.is_quick else (part for part in parts if part.kind == Part.Kind.FIRST_EVER):
            covered = as_list(path_of(part) for part in firsts.values() if rollup.covers(part))
            said = f"SELECT * FROM ({FIRST_EVER_SQL})"
            rolled = "SELECT * FROM read_parquet($rollup)"
            n_other = self._ask(
                f"SELECT count(*) FROM (({said} EXCEPT {rolled}) UNION ALL ({rolled} EXCEPT {said}))",
                files=covered,
                rollup=str(path_of(rollup)),
            )[0][0]
            if n_other:
                yield f"{n_other} first times of {rollup.path} are wrong."

    def _activity_faults(self, parts: list[Part]) -> Iterator[str]:
        events = {part.stem: part for part in parts if part.kind == Part.Kind.EVENTS}
        for part in parts:
            if part.kind != Part.Kind.ACTIVITY:
                continue
            if part.stem not in events:
                yield f"{part.path} notes the activity of events that are not there."
            elif not self.is_quick:
                files = {"file": str(path_of(events[part.stem])), "noted": str(path_of(part))}
                said, noted = f"({ACTIVITY_SQL})", "SELECT * FROM read_parquet($noted)"
                if self._ask(f"({said} EXCEPT {noted}) UNION ALL ({noted} EXCEPT {said})", **files):
                    yield f"The activity noted of {events[part.stem].path} is wrong."

    def _map_faults(self, parts: list[Part]) -> Iterator[str]:
        files = as_list(path_of(part) for part in parts if part.kind == Part.Kind.PERSON_MAP)
        stored = dict(self._ask("SELECT * FROM read_parquet($files)", files=files)) if files else {}
        if stored != resolved_map():
            yield "The map from ids to persons is not what the joins come to."

    def _batch_faults(self) -> Iterator[str]:
        self.progress("batches")
        for batch in Batch.objects.filter(state__in=[Batch.State.DONE, Batch.State.UNDONE]).iterator():
            if batch.n_read != batch.n_accepted + batch.n_duplicates + batch.n_quarantined:
                yield f"Batch {batch.pk}: rows read are not accepted + duplicates + quarantined."
            stored = self.n_rows_of.pop(batch.pk, 0)
            expected = batch.n_accepted - batch.n_erased
            if stored != expected:
                yield f"Batch {batch.pk}: {stored} rows are stored, {expected} should be."
            n_kept = batch.quarantined_rows.count()
            if n_kept != batch.n_quarantined:
                yield f"Batch {batch.pk}: {n_kept} quarantined rows are kept, {batch.n_quarantined} should be."
        for batch_no, n_rows in self.n_rows_of.items():
            yield f"{n_rows} rows are of batch {batch_no}, which is not a finished batch."


def _old_orphans() -> list[Any]:
    youngest = dt.datetime.now(dt.UTC).timestamp() - removal_age().total_seconds()
    return [path for path in orphans() if path.stat().st_mtime < youngest]
