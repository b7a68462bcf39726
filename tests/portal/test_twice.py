"""Every task may come twice: what it did the first time stays, and is not done again."""

import pytest

from insights.capture.tasks import flush_inbox
from insights.catalogue.tasks import catch_up, refresh_catalogue
from insights.dashboards.actions import add_tile, create_dashboard
from insights.dashboards.models import TileAnswer
from insights.dashboards.tasks import check_dashboard, refresh_tile
from insights.events.public import Batch
from insights.events.tasks import compact_parts, sweep_files
from insights.sources.models import Upload
from insights.sources.tasks import read_due_sources, read_source, run_load, sweep_loads, try_upload
from insights.sources.uploads import store_stream
from portal.audit.models import AuditEntry
from portal.operations.models import OutboxMessage
from portal.operations.tasks import sweep_outbox
from portal.people.public import SYSTEM
from tests import factories

pytestmark = pytest.mark.django_db(transaction=True)
CSV = b"distinct_id,event,timestamp\nann,opened,2026-01-01\nbob,opened,2026-01-02\n"


def counts() -> tuple:
    n_rows = sum(Batch.objects.values_list("n_accepted", flat=True))
    return n_rows, Batch.objects.count(), AuditEntry.objects.count(), TileAnswer.objects.count()


def twice(task, *arguments) -> None:
    task(*arguments)
    first = counts()
    task(*arguments)
    assert counts() == first, task.name


def test_tasks_come_twice(product):
    from insights.sources.actions import load_upload

    source = factories.make_source(product)
    stored = store_stream([CSV])
    upload = Upload.objects.create(
        source=source, file_name="a.csv", path=stored.path, n_bytes=stored.n_bytes, checksum=stored.checksum
    )
    twice(try_upload, upload.pk)
    first = load_upload(upload, actor=SYSTEM)
    assert load_upload(upload, actor=SYSTEM) == first  # the button, pressed twice
    twice(run_load, first.pk)
    first.refresh_from_db()
    assert (first.state, first.n_accepted) == ("done", 2)
    board = create_dashboard(actor=SYSTEM, product=product, title="Board")
    question = {"kind": "trend", "series": [{"event": "opened"}], "date_from": "2026-01-01", "date_to": "2026-01-03"}
    add_tile(board, actor=SYSTEM, question=question, chart="line")
    twice(check_dashboard, board.pk)
    answer = TileAnswer.objects.get()
    twice(refresh_tile, answer.pk)
    computed_at = TileAnswer.objects.get().computed_at
    refresh_tile(answer.pk)
    assert TileAnswer.objects.get().computed_at == computed_at
    for task in (flush_inbox, catch_up, compact_parts, sweep_files, read_due_sources, sweep_loads, sweep_outbox):
        twice(task)
    twice(refresh_catalogue, source.pk)
    twice(read_source, source.pk)
    assert not OutboxMessage.objects.exclude(error="").exists()
