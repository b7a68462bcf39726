"""Versions of the store: the writer's lock, and the one transaction that makes a new version.

The lock is of the session, not of the transaction: a load of ten million rows works for a minute before it commits, and
a transaction open all that time would hide its progress and hold back vacuum. If the session is lost on the way, so is
the lock; then the version's number, a primary key, still lets only one writer through.
"""

import datetime as dt
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db import DatabaseError, IntegrityError, InterfaceError, connection, transaction
from django.db.models import Max, Q
from django.utils import timezone

from insights.events.contracts import StoreChange
from insights.events.models import Batch, Change, Manifest, Part
from portal.shell.public import Conflict, Unavailable

WRITER_LOCK = 0x45564E5453  # "EVNTS"
FILES_LOCK = 0x4556464C53  # "EVFLS"
WRITER_WAIT_S = 1800.0


@dataclass(frozen=True)
class Span:
    """A change to record: its source, its kind and the times it touches; no times, the whole history."""

    source_id: int
    kind: str
    min_ts: dt.datetime | None = None
    max_ts: dt.datetime | None = None
    n_rows: int = 0


def newest_version() -> int:
    """Return the store's version, 0 while it is empty."""
    return Manifest.objects.aggregate(newest=Max("version"))["newest"] or 0


def _ask(sql: str, *params: Any) -> Any:
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return cursor.fetchone()[0]


@contextmanager
def writer_lock(wait_s: float = WRITER_WAIT_S) -> Iterator[int]:
    """Be the only writer of the store; gives the version to build on."""
    give_up_at = time.monotonic() + wait_s
    pause_s = 0.02
    while not _ask("SELECT pg_try_advisory_lock(%s)", WRITER_LOCK):
        if time.monotonic() > give_up_at:
            raise Unavailable("Another load is being written to the event store. Try again in a few minutes.")
        time.sleep(pause_s)
        pause_s = min(pause_s * 1.5, 0.5)
    try:
        yield newest_version()
    finally:
        # A lost session has lost its lock too.
        with suppress(DatabaseError, InterfaceError):
            _ask("SELECT pg_advisory_unlock(%s)", WRITER_LOCK)


def wait_for_writer(wait_s: float) -> None:
    """Return once nobody writes the store, or raise Unavailable: for pages, which cannot wait as long as a task."""
    with writer_lock(wait_s):
        pass


@contextmanager
def files_kept() -> Iterator[None]:
    """Keep the sweep from removing any file, for work that reads longer than a question may."""
    _ask("SELECT true FROM pg_advisory_lock_shared(%s)", FILES_LOCK)
    try:
        yield
    finally:
        with suppress(DatabaseError, InterfaceError):
            _ask("SELECT pg_advisory_unlock_shared(%s)", FILES_LOCK)


@contextmanager
def sweep_lock() -> Iterator[bool]:
    """Say whether files may be removed just now: nobody has asked to keep them."""
    is_free = _ask("SELECT pg_try_advisory_lock(%s)", FILES_LOCK)
    try:
        yield is_free
    finally:
        if is_free:
            with suppress(DatabaseError, InterfaceError):
                _ask("SELECT pg_advisory_unlock(%s)", FILES_LOCK)


def publish(
    base_version: int,
    reason: str,
    *,
    added: Sequence[Part] = (),
    removed: Sequence[Part] = (),
    spans: Sequence[Span] = (),
    batch: Batch | None = None,
) -> int:
    """Make the next version, in the caller's transaction: parts that come, parts that go, what changed.

    A rollup goes with the first part that it covers: only whole sets of parts are ever rolled up.
    """
    assert connection.in_atomic_block
    removed = [*removed, *_rollups_over(removed)]
    version, now = base_version + 1, timezone.now()
    try:
        with transaction.atomic():
            Manifest.objects.create(version=version, reason=reason, batch=batch, at=now)
    except IntegrityError as fault:
        raise Conflict("Another writer was faster. Nothing was stored; run it again.") from fault
    for part in added:
        part.added_version = version
    Part.objects.bulk_create(added)
    n_gone = Part.objects.filter(pk__in=[part.pk for part in removed], removed_version=None).update(
        removed_version=version, removed_at=now
    )
    if n_gone != len(removed):
        raise Conflict("The store changed in the meantime. Nothing was stored; run it again.")
    Change.objects.bulk_create(
        Change(
            version=version,
            source_id=span.source_id,
            kind=span.kind,
            min_ts=span.min_ts,
            max_ts=span.max_ts,
            n_rows=span.n_rows,
            at=now,
        )
        for span in spans
    )
    return version


def _rollups_over(removed: Sequence[Part]) -> list[Part]:
    sources = {part.source_id for part in removed if part.kind == Part.Kind.FIRST_SEEN}
    rollups = parts_in_use(Part.Kind.FIRST_EVER).filter(source__in=sources) if sources else ()
    known = {part.pk for part in removed}
    return [one for one in rollups if one.pk not in known and any(one.covers(part) for part in removed)]


def parts_in_use(*kinds: str) -> Any:
    """Return the parts of the newest version, of some kinds."""
    return Part.objects.filter(removed_version=None, kind__in=kinds)


def data_version() -> int:
    """Return the newest version that changed any source's data, 0 while the store is empty."""
    return Change.objects.aggregate(newest=Max("version"))["newest"] or 0


def current_version(source_ids: Sequence[int]) -> int:
    """Return the newest version that changed any of these sources, 0 without one."""
    return Change.objects.filter(source__in=source_ids).aggregate(newest=Max("version"))["newest"] or 0


def changed_since(
    source_ids: Sequence[int],
    version: int,
    since: dt.datetime | None = None,
    until: dt.datetime | None = None,
    *,
    uses_traits: bool = True,
) -> bool:
    """Say whether anything in [since, until] of these sources changed after a version; None is open.

    A question about "first ever" must leave `since` open. One that reads no traits (no person or account property, not
    by account) may say so, and survives new traits.
    """
    return bool(_changes(source_ids, version, since, until, uses_traits=uses_traits).exists())


def was_taken_from(source_ids: Sequence[int], after: int, until: int) -> bool:
    """Say whether an undo or an erasure took anything out of these sources after a version, up to another."""
    reasons = (Manifest.Reason.UNDO, Manifest.Reason.ERASURE)
    taking = Manifest.objects.filter(version__gt=after, version__lte=until, reason__in=reasons)
    return Change.objects.filter(source__in=source_ids, version__in=taking.values("version")).exists()


def _changes(
    source_ids: Sequence[int],
    version: int,
    since: dt.datetime | None,
    until: dt.datetime | None,
    *,
    uses_traits: bool,
) -> Any:
    changes = Change.objects.filter(source__in=source_ids, version__gt=version)
    if not uses_traits:
        changes = changes.exclude(kind=Change.Kind.TRAITS)
    if since is not None:
        changes = changes.filter(Q(max_ts=None) | Q(max_ts__gte=since))
    if until is not None:
        changes = changes.filter(Q(min_ts=None) | Q(min_ts__lte=until))
    return changes


def list_changes(
    source_ids: Sequence[int],
    after: int,
    since: dt.datetime | None = None,
    until: dt.datetime | None = None,
    *,
    uses_traits: bool = True,
    limit: int = 1000,
) -> list[StoreChange]:
    """Return what changed in [since, until] of these sources after a version, oldest first: why an answer changed."""
    changes = _changes(source_ids, after, since, until, uses_traits=uses_traits)
    rows = list(
        changes.order_by("version", "pk").values_list("version", "at", "kind", "source__name", "n_rows")[:limit]
    )
    made = Manifest.objects.filter(version__in={row[0] for row in rows})
    reasons = {
        version: found for version, *found in made.values_list("version", "reason", "batch__kind", "batch__file_name")
    }
    return [
        StoreChange(version, at, kind, reason, batch_kind, source, n_rows, file_name or "")
        for version, at, kind, source, n_rows in rows
        for reason, batch_kind, file_name in [reasons.get(version) or ("", None, "")]
    ]


def removal_age() -> dt.timedelta:
    """Return how long a file outlives its part: the time limit of a question and a minute."""
    return dt.timedelta(seconds=settings.QUESTION_TIME_LIMIT_S + 60)
