"""Moving requests from the inbox into the event store: each exactly once, whoever dies or runs beside.

A request leaves the inbox in the transaction that commits its events. A second flusher that took the same requests
finds them gone there and stores nothing; an advisory lock only saves it the work.
"""

import logging
import shutil
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings
from django.db import InterfaceError, OperationalError, connection
from django.utils import timezone

from insights.capture.staging import StagedRequests
from insights.catalogue.public import announce_commit
from insights.events.public import Batch, BatchCounts, InboxRequest, Source, commit_staged, start_batch
from portal.people.public import SYSTEM
from portal.shell.public import Conflict, PortalError

log = logging.getLogger(__name__)

_LOCK_CLASS = 7311  # first half of the advisory lock's key; the second is the source's id
MAX_EVENTS = 100_000  # of one batch
MAX_BYTES = 64_000_000
_MAX_REQUESTS = 5_000
_LEFT_OVER_S = 3600


@contextmanager
def _alone(source_id: int) -> Iterator[bool]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s, %s)", [_LOCK_CLASS, source_id])
        is_ours = cursor.fetchone()[0]
    try:
        yield is_ours
    finally:
        if is_ours:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s, %s)", [_LOCK_CLASS, source_id])


def flush_inbox() -> BatchCounts:
    """Store what waits in the inbox, source by source; return what was read, accepted and quarantined.

    A source that fails does not stop the others; its requests stay in the inbox.
    """
    _remove_leftovers()
    total = BatchCounts()
    faults: list[Exception] = []
    for source_id in InboxRequest.objects.order_by("source").values_list("source", flat=True).distinct():
        try:
            total = _sum(total, flush_source(source_id))
        except Exception as fault:  # the outermost loop of a job
            log.exception("capture: source %s could not be flushed", source_id)
            faults.append(fault)
    if faults:
        raise faults[0]
    return total


def _staging_root() -> Path:
    root = Path(settings.EVENT_STORE_DIR) / "tmp"
    root.mkdir(parents=True, exist_ok=True)
    return root


def _remove_leftovers() -> None:
    for folder in _staging_root().glob("flush-*"):  # of flushers that were killed
        if time.time() - folder.stat().st_mtime > _LEFT_OVER_S:
            shutil.rmtree(folder, ignore_errors=True)


def flush_source(source_id: int) -> BatchCounts:
    """Store what waits of one source; nothing when another flusher is at it."""
    total = BatchCounts()
    with _alone(source_id) as is_ours:
        if not is_ours:
            return total
        _close_orphans(source_id)
        last = 0
        while requests := _next_requests(source_id, after=last):
            last = requests[-1].pk
            total = _sum(total, _flush(requests))
    return total


def _sum(one: BatchCounts, two: BatchCounts) -> BatchCounts:
    names = ("n_read", "n_accepted", "n_duplicates", "n_quarantined", "n_conflicts", "n_traits", "n_joins")
    return BatchCounts(**{name: getattr(one, name) + getattr(two, name) for name in names})


def _close_orphans(source_id: int) -> None:
    # While the lock is ours, an open batch of the API is one whose flusher died; its requests are still in the inbox.
    Batch.objects.filter(source_id=source_id, kind=Batch.Kind.API, state__in=["waiting", "running"]).update(
        state=Batch.State.FAILED,
        finished_at=timezone.now(),
        error="The worker stopped before this was stored. The same events are stored by a later batch.",
    )


def _next_requests(source_id: int, after: int) -> list[InboxRequest]:
    waiting = InboxRequest.objects.filter(source_id=source_id, pk__gt=after).order_by("pk")
    sizes = waiting.values_list("pk", "n_items", "n_bytes")[:_MAX_REQUESTS]
    ids, n_items, n_bytes = [], 0, 0
    for pk, items, size in sizes:
        if ids and (n_items + items > MAX_EVENTS or n_bytes + size > MAX_BYTES):
            break
        ids.append(pk)
        n_items, n_bytes = n_items + items, n_bytes + size
    return list(InboxRequest.objects.filter(pk__in=ids).select_related("source").order_by("pk"))


def _flush(requests: Sequence[InboxRequest]) -> BatchCounts:
    try:
        return _store(requests)
    except Exception as fault:
        if is_passing(fault):
            raise
        if len(requests) > 1:  # one of them holds what the store cannot take: find it, so that it stops nobody else
            log.warning("capture: %s requests could not be stored together, trying in halves", len(requests))
            middle = len(requests) // 2
            return _sum(_flush(requests[:middle]), _flush(requests[middle:]))
        log.exception("capture: request %s could not be stored and goes to quarantine", requests[0].pk)
        return _store(requests, refusal=("not_storable", "The event store could not take this item."))


def is_passing(fault: Exception) -> bool:
    """Say whether a fault lies in the surroundings, not in the requests: they are tried again as they are."""
    import duckdb

    surroundings = (OperationalError, InterfaceError, OSError, MemoryError, PortalError)
    return isinstance(fault, (*surroundings, duckdb.IOException, duckdb.OutOfMemoryException))


def _store(requests: Sequence[InboxRequest], refusal: tuple[str, str] | None = None) -> BatchCounts:
    source = requests[0].source
    with (
        tempfile.TemporaryDirectory(prefix="flush-", dir=_staging_root()) as name,
        StagedRequests(Path(name)) as staged,
    ):
        for request in requests:
            staged.add(request, refusal=refusal)
        staged.finish()
        batch = start_batch(source, Batch.Kind.API, actor=SYSTEM)
        try:
            return commit_staged(batch, Path(name), raw_of=staged.raw_of, also=lambda: _take_out(requests, source))
        except Exception as fault:
            Batch.objects.filter(pk=batch.pk, state__in=["waiting", "running"]).update(
                state=Batch.State.FAILED, finished_at=timezone.now(), error=f"{type(fault).__name__}: not stored."
            )
            raise


def _take_out(requests: Sequence[InboxRequest], source: Source) -> None:
    n_deleted, _ = InboxRequest.objects.filter(pk__in=[request.pk for request in requests]).delete()
    if n_deleted != len(requests):
        raise Conflict("Another worker has stored these events already.")
    announce_commit(source.pk)
