"""How long the files of loads are kept: some days after their last load, longer while something still needs them."""

import re
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction

from insights.events.public import Batch, IdSpace, QuarantinedRow, batches_naming
from insights.sources.models import Upload
from insights.sources.replay import CUT_MARK
from insights.sources.uploads import path_of, uploads_dir
from portal.audit.public import record
from portal.people.public import SYSTEM

_OURS = re.compile(r"[0-9a-f]{32}")
_GRACE_S = 86_400  # a file may lie here for a while before the row that names it is written
_CHUNK = 500


@dataclass(frozen=True)
class Kept:
    """What is said of a load's file: whether it is there, and until when it stays; no time while rows need it."""

    is_there: bool
    until: datetime | None = None
    is_ours: bool = True


def keep_for() -> timedelta:
    """Return how long a file is kept after the last load that read it."""
    return timedelta(days=settings.UPLOAD_KEEP_DAYS)


def kept_of(batch: Batch) -> Kept:
    """Say how long the file of a load that is over is kept."""
    if batch.file_path.startswith("/"):  # a command's own file, which is not ours to remove
        return Kept(Path(batch.file_path).is_file(), is_ours=False)
    if not batch.file_path or not path_of(batch.file_path).is_file():
        return Kept(False)
    batches = Batch.objects.filter(source=batch.source_id, file_path=batch.file_path)
    return Kept(True, kept_until(Upload.objects.filter(path=batch.file_path), batches))


def kept_until(uploads: Iterable[Upload], batches: Iterable[Batch]) -> datetime | None:
    """Return when a file may go, from the uploads and loads that name it; None while something needs it."""
    uploads, batches = list(uploads), list(batches)
    in_hand = (Upload.TrialState.WAITING, Upload.TrialState.RUNNING)
    if any(not batch.is_over for batch in batches) or any(upload.trial_state in in_hand for upload in uploads):
        return None
    # The text of such a row is only in the file; of all others the quarantine has it.
    cut = QuarantinedRow.objects.filter(state=QuarantinedRow.State.OPEN, raw__endswith=CUT_MARK)
    if any(batch.n_quarantined for batch in batches) and cut.filter(batch__in=batches).exists():
        return None
    times = [batch.finished_at or batch.created_at for batch in batches]
    times += [upload.trial_heartbeat_at or upload.created_at for upload in uploads]
    return max(times) + keep_for() if times else None


def remove_old_files(now: datetime, progress: Callable[[int, int], None] = lambda done, total: None) -> int:
    """Remove the files whose time is over, and those that nothing names; return how many. Safe to run again."""
    oldest = time.time() - _GRACE_S
    names = [
        path.name
        for path in sorted(uploads_dir().iterdir())
        if _OURS.fullmatch(path.name) and path.is_file() and path.stat().st_mtime < oldest
    ]
    n_removed = 0
    for start in range(0, len(names), _CHUNK):
        progress(start, len(names))
        n_removed += _remove_some(names[start : start + _CHUNK], now)
    progress(len(names), len(names))
    return n_removed


def lock_file(name: str, source_id: int) -> tuple[list[Upload], list[Batch]]:
    """Lock the uploads and loads that name a file, so that it is not removed while one more begins to need it."""
    uploads = Upload.objects.select_for_update().filter(path=name)
    batches = Batch.objects.select_for_update().filter(source=source_id, file_path=name)
    return list(uploads), list(batches.order_by("pk"))


def _remove_some(names: Sequence[str], now: datetime) -> int:
    uploads, batches = defaultdict(list), defaultdict(list)
    for upload in Upload.objects.filter(path__in=names):
        uploads[upload.path].append(upload)
    for batch in Batch.objects.filter(file_path__in=names):
        batches[batch.file_path].append(batch)
    n_removed = 0
    for name in names:
        until = kept_until(uploads[name], batches[name])
        if not uploads[name] and not batches[name]:
            path_of(name).unlink(missing_ok=True)
            n_removed += 1
        elif until is not None and until <= now:
            n_removed += _remove(name, [*batches[name], *uploads[name]][0].source_id, now)
    return n_removed


def export_person(space: IdSpace, distinct_ids: Sequence[str]) -> Iterator[tuple[str, list[dict[str, Any]]]]:
    """Yield the files of loads that named a person and are kept still: what they are called, and until when they stay.

    Their rows are in the events; the files hold other people, too, and are not handed out.
    """
    batches = Batch.objects.filter(pk__in=batches_naming(space, distinct_ids)).select_related("source").order_by("pk")
    rows = []
    for batch in batches:
        kept = kept_of(batch)
        if kept.is_there:
            about = {"source": batch.source.slug, "load": batch.pk, "file": batch.file_name}
            rows.append({**about, "loaded_at": batch.finished_at, "kept_until": kept.until})
    yield "kept_files", rows


def remove_files_naming(space: IdSpace, distinct_ids: Sequence[str], actor: Any) -> dict[str, int]:
    """Remove the files of loads that named a person who is being erased: loaded again, they would bring them back."""
    batches = Batch.objects.filter(pk__in=batches_naming(space, distinct_ids)).exclude(file_path="")
    names = batches.exclude(file_path__startswith="/").values_list("source", "file_path").distinct().order_by()
    n_removed = sum(_remove_at_once(name, source_id, actor) for source_id, name in names)
    return {"kept files": n_removed} if n_removed else {}


@transaction.atomic
def _remove_at_once(name: str, source_id: int, actor: Any) -> bool:
    _, batches = lock_file(name, source_id)
    if not path_of(name).is_file():
        return False
    record(actor, "file.removed", batches[-1], note="It named a person who was erased.")
    path_of(name).unlink(missing_ok=True)
    return True


@transaction.atomic
def _remove(name: str, source_id: int, now: datetime) -> bool:
    """Remove a file unless somebody has begun to use it; `lock_file` is what they begin with."""
    uploads, batches = lock_file(name, source_id)
    until = kept_until(uploads, batches)
    if until is None or until > now:
        return False
    thing = batches[-1] if batches else uploads[0]
    record(SYSTEM, "file.removed", thing, note=f"Files are kept for {settings.UPLOAD_KEEP_DAYS} days.")
    path_of(name).unlink(missing_ok=True)
    return True
