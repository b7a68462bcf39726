"""Keeping parts few and files gone: merges of a month's small parts, and the sweep of files no longer needed."""

import logging
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from django.db import transaction
from django.db.models import Count
from django.utils import timezone

from insights.events.engine import as_list, store_dir, working_connection
from insights.events.manifest import parts_in_use, publish, removal_age, sweep_lock, writer_lock
from insights.events.models import Manifest, Part
from insights.events.parts import EVENT_COLUMNS, TRAIT_COLUMNS, PartWriter, path_of
from portal.shell.public import Unavailable

log = logging.getLogger(__name__)

MOST_PARTS = 20
_GROWTH = 4
_FEW = 5
_ABANDONED_S = 4 * 3600.0  # longer than any task may run


@dataclass(frozen=True)
class Crowd:
    """A source's month that consists of many parts."""

    source_id: int
    month: object
    kind: str
    n_parts: int


def crowded(most_parts: int = MOST_PARTS) -> list[Crowd]:
    """Return the months with more parts than allowed, most crowded first."""
    rows = (
        parts_in_use(Part.Kind.EVENTS, Part.Kind.TRAITS)
        .order_by()
        .values("source_id", "month", "kind")
        .annotate(n=Count("pk"))
        .filter(n__gt=most_parts)
        .order_by("-n", "source_id", "month", "kind")
    )
    return [Crowd(row["source_id"], row["month"], row["kind"], row["n"]) for row in rows]


def compact(most_parts: int = MOST_PARTS, progress: Callable[[str], None] | None = None) -> int:
    """Merge the parts of every crowded month, one version a month; returns how many parts went."""
    n_gone = 0
    for crowd in crowded(most_parts):
        if progress:
            progress(f"source {crowd.source_id}, {crowd.month:%Y-%m}: {crowd.n_parts} {crowd.kind} parts")
        n_gone += _merge_month(crowd, most_parts)
    return n_gone


def choose_parts(parts: Sequence[Part], few: int = _FEW) -> list[Part]:
    """Return the parts worth merging: the small ones, until few are left or the next would dwarf them all.

    A part is written again only when it grows several times over, so a month's rows are rewritten some times, not each
    time that a few more come.
    """
    chosen: list[Part] = []
    n_rows = 0
    for part in sorted(parts, key=lambda part: (part.n_rows, part.pk)):
        is_few = len(parts) - len(chosen) < few
        if len(chosen) > 1 and is_few and part.n_rows > _GROWTH * n_rows:
            break
        chosen.append(part)
        n_rows += part.n_rows
    return chosen


def _merge_month(crowd: Crowd, most_parts: int) -> int:
    with writer_lock() as base_version, working_connection() as duck:
        parts = list(parts_in_use(crowd.kind).filter(source=crowd.source_id, month=crowd.month))
        if len(parts) <= most_parts:
            return 0
        chosen = choose_parts(parts, min(_FEW, most_parts))
        writer = PartWriter(duck)
        try:
            _write_merged(writer, crowd, chosen)
            companions = parts_in_use(*Part.COMPANIONS).filter(stem__in=[part.stem for part in chosen])
            gone = chosen + (list(companions) if crowd.kind == Part.Kind.EVENTS else [])
            if sum(p.n_rows for p in chosen) != sum(p.n_rows for p in writer.written if p.kind == crowd.kind):
                raise RuntimeError(f"merging {crowd} would have changed the number of rows")
            with transaction.atomic():
                publish(base_version, Manifest.Reason.COMPACTION, added=writer.written, removed=gone)
        except BaseException:
            writer.discard()
            raise
    log.info("merged %s parts of source %s, %s", len(chosen), crowd.source_id, crowd.month)
    return len(chosen)


def _write_merged(writer: PartWriter, crowd: Crowd, chosen: Sequence[Part]) -> None:
    files = {"files": as_list(path_of(part) for part in chosen)}
    if crowd.kind == Part.Kind.EVENTS:
        sql = f"SELECT {EVENT_COLUMNS} FROM read_parquet($files) ORDER BY event_code, ts"
        part = writer.write_events(sql, files, crowd.source_id, crowd.month)
        writer.write_activity(part)
    else:
        sql = f"SELECT {TRAIT_COLUMNS} FROM read_parquet($files) ORDER BY subject, subject_no, key, ts"
        writer.write_traits(sql, files, crowd.source_id, crowd.month)


@dataclass(frozen=True)
class Swept:
    """What a sweep removed: files of replaced parts, files that no version names, left-over temporary files."""

    n_replaced: int = 0
    n_orphans: int = 0
    n_temporary: int = 0


def sweep_files(now: object = None) -> Swept:
    """Remove files that no reader can still need; does nothing while somebody has asked to keep all files."""
    now = now or timezone.now()
    with sweep_lock() as is_free:
        if not is_free:
            return Swept()
        n_replaced = 0
        for part in Part.objects.filter(removed_at__lt=now - removal_age()):
            path_of(part).unlink(missing_ok=True)
            part.delete()
            n_replaced += 1
        try:
            with writer_lock(wait_s=0):  # a load's new files are named only when it commits
                n_orphans = _sweep_orphans(now)
        except Unavailable:
            n_orphans = 0
        return Swept(n_replaced, n_orphans, _sweep_temporary())


def orphans() -> list[Path]:
    """Return the files of the store that no version names."""
    root = store_dir()
    known = set(Part.objects.values_list("path", flat=True))
    found = (path for path in root.rglob("*.parquet") if path.relative_to(root).parts[0] != "tmp")
    return sorted(path for path in found if path.relative_to(root).as_posix() not in known)


def _sweep_orphans(now: object) -> int:
    n_gone = 0
    for path in orphans():
        if now.timestamp() - path.stat().st_mtime > removal_age().total_seconds():
            path.unlink()
            n_gone += 1
    return n_gone


def _sweep_temporary() -> int:
    n_gone = 0
    for path in sorted((store_dir() / "tmp").rglob("*"), reverse=True):
        try:
            if time.time() - path.stat().st_mtime > _ABANDONED_S:
                path.rmdir() if path.is_dir() else path.unlink()
                n_gone += 1
        except OSError:  # gone already, or a folder still in use
            continue
    return n_gone
