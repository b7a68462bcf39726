"""The night's first step: read every watched folder and query that is due; one that fails does not stop the others."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.utils import timezone

from insights.events.public import Batch, Source
from insights.sources.folder import read_folder
from insights.sources.keeping import remove_old_files
from insights.sources.models import SqlQuery, WatchedFolder
from insights.sources.sql_source import read_query
from portal.people.public import SYSTEM
from portal.shell.public import PortalError

_EVERY = {Source.Schedule.QUARTER_HOURLY: timedelta(minutes=15), Source.Schedule.HOURLY: timedelta(hours=1)}


def readers() -> list[tuple[Any, Callable]]:
    """Return what the portal reads by itself, with the function that does it: folders, then queries."""
    active = {"source__state": Source.State.ACTIVE}
    folders = WatchedFolder.objects.filter(**active).select_related("source__product", "source__id_space")
    queries = SqlQuery.objects.filter(**active).select_related("source__product", "source__id_space")
    return [(row, read_folder) for row in folders.order_by("source__name")] + [
        (row, read_query) for row in queries.order_by("source__name")
    ]


def read_sources(night: Any) -> None:
    """Read all sources that have a schedule."""
    due = [(row, read) for row, read in readers() if row.source.schedule]
    for place, (row, read) in enumerate(due, 1):
        night.progress(place - 1, len(due), row.source.name)
        try:
            batches = read(row, actor=SYSTEM)
        except PortalError as fault:
            night.problem(f"{row.source.name}: {fault.message}")
            continue
        except Exception:  # noted on the source's page and in the log; the other sources have their turn
            night.problem(f"{row.source.name}: the reading stopped on an error of the portal.")
            continue
        _count(night, row.source, batches)
    night.progress(len(due), len(due))


def _count(night: Any, source: Source, batches: list[Batch]) -> None:
    for batch in batches:
        night.count(rows_in=batch.n_read, rows_out=batch.n_accepted, quarantined=batch.n_quarantined)
        if batch.state != Batch.State.DONE:
            night.problem(f"{source.name}: {batch.file_name} was not loaded. {batch.error}")
        elif (batch.quarantined_rate or 0) > 0.01:
            night.problem(f"{source.name}: {batch.n_quarantined:,} of {batch.n_read:,} rows were quarantined.")


def remove_uploads(night: Any) -> None:
    """Remove the files of loads that were kept long enough."""
    remove_old_files(night.now, progress=night.progress)


def read_due_sources() -> int:
    """Read the sources whose schedule is shorter than a night and whose time has come; return how many."""
    n_read = 0
    for row, read in readers():
        every = _EVERY.get(row.source.schedule)
        if every is None or (row.last_tried_at and timezone.now() - row.last_tried_at < every):
            continue
        try:
            read(row, actor=SYSTEM)
            n_read += 1
        except Exception:  # noted on the source's page and in the log; the other sources have their turn
            continue
    return n_read
