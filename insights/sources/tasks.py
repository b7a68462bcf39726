"""Work of the sources room that runs in a worker."""

from celery import shared_task
from django.db import transaction

from insights.events.public import Batch
from insights.sources import loads, night
from insights.sources.replay import reopen_rows
from insights.sources.sql_source import finish_page
from portal.operations.public import enqueue_on_commit
from portal.people.public import SYSTEM


@shared_task(name="sources.run_load")
def run_load(batch_id: int) -> None:
    """Run a waiting load; rows of a replay that did not end well are open again."""
    loads.run_load(batch_id, also=finish_page)
    _reopen_rows_of([batch_id])


def _reopen_rows_of(batch_ids: list[int]) -> None:
    badly_ended = [Batch.State.FAILED, Batch.State.CANCELLED]
    for batch in Batch.objects.filter(pk__in=batch_ids, kind=Batch.Kind.REPLAY, state__in=badly_ended):
        reopen_rows(batch)


@shared_task(name="sources.try_upload")
def try_upload(upload_id: int) -> None:
    """Say what a load would bring."""
    loads.run_trial(upload_id)


@shared_task(name="sources.sweep_loads")
@transaction.atomic
def sweep_loads() -> None:
    """Start loads and dry runs again whose worker died: put back and announced in one transaction, or neither."""
    again, given_up = loads.requeue_dead_loads()
    for batch_id in again:
        enqueue_on_commit("sources.run_load", batch_id=batch_id)
    _reopen_rows_of(given_up)
    for upload_id in loads.requeue_dead_trials():
        enqueue_on_commit("sources.try_upload", upload_id=upload_id)


@shared_task(name="sources.read_due_sources")
def read_due_sources() -> None:
    """Read watched folders and queries whose time has come."""
    night.read_due_sources()


@shared_task(name="sources.read_source")
def read_source(source_id: int) -> None:
    """Read one source now."""
    for row, read in night.readers():
        if row.source_id == source_id:
            read(row, actor=SYSTEM)
