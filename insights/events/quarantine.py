"""Keeping the rows that could not be taken: raw text, place and reason."""

import csv
import io
import json
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from django.db import connection
from django.urls import reverse
from django.utils import timezone

from insights.events.contracts import BatchCounts, RawOf
from insights.events.models import Batch, QuarantinedRow
from insights.events.parts import aware
from insights.events.staging import FAULTS, Staged
from portal.messages.public import notify_ops

_CHUNK = 5_000
_NOTICE_ABOVE_RATE = 0.01  # of a batch's rows
_CONFLICT = "A row with the same id but other content was stored before; the first one is kept."
_COLUMNS = ("batch_id", "source_id", "item_no", "raw", "reason_code", "reason", "event_time", "state", "created_at")
Quarantined = tuple[int, str, str, str, Any]  # item_no, raw, reason_code, reason, event_time


def quarantine_rows(staged: Staged, batch: Batch, raw_of: RawOf | None) -> None:
    """Write a batch's rejects, faulty rows and conflicts, in the caller's transaction."""
    copy_rows(batch, _rejects(staged))
    found = (
        "SELECT item_no, rid, 'conflict' AS code, ts FROM dropped WHERE is_conflict "
        "UNION ALL SELECT item_no, rid, fault, ts FROM keys WHERE fault IS NOT NULL ORDER BY item_no"
    )
    copy_rows(batch, _found(staged, staged.duck.cursor().execute(found), raw_of))


def tell_ops(batch: Batch, counts: BatchCounts) -> None:
    """Put a notice before ops when more than 1 % of a batch was quarantined; for the API once a source and day."""
    if counts.n_quarantined <= counts.n_read * _NOTICE_ABOVE_RATE:
        return
    what = f"{counts.n_quarantined:,} of {counts.n_read:,} rows of “{batch.source.name}” could not be taken."
    is_api = batch.kind == Batch.Kind.API
    occasion = f"source {batch.source_id} {timezone.now():%Y-%m-%d}" if is_api else f"batch {batch.pk}"
    notify_ops(
        f"{what} Look at the reasons, correct the rows and load them again.",
        key=f"quarantine of {occasion}",
        url=reverse("sources:batch-page", args=[batch.pk]),
    )


def _rejects(staged: Staged) -> Iterator[Quarantined]:
    if not staged.rejects:
        return
    rows = staged.duck.cursor().execute(
        "SELECT item_no, raw, reason_code, reason, event_time FROM read_parquet($files) ORDER BY item_no",
        {"files": staged.rejects},
    )
    while chunk := rows.fetchmany(_CHUNK):
        yield from chunk


def _found(staged: Staged, rows: Any, raw_of: RawOf | None) -> Iterator[Quarantined]:
    while chunk := rows.fetchmany(_CHUNK):
        raws = dict(raw_of([row[0] for row in chunk])) if raw_of else {}
        if len(raws) < len(chunk):
            raws = {**_rebuilt(staged, [row[1] for row in chunk]), **raws}
        for item_no, _, code, ts in chunk:
            yield item_no, raws.get(item_no, ""), code, FAULTS.get(code, _CONFLICT), ts


def _rebuilt(staged: Staged, rids: Sequence[int]) -> dict[int, str]:
    """Return JSON of the staged rows, for producers that keep no raw text."""
    rows = staged.duck.cursor().execute(
        "SELECT item_no, event_id, event, distinct_id, account_id, sent_time, properties "
        f"FROM {staged.plain_sql()} WHERE rid IN (SELECT unnest($rids))",
        {"events": staged.events, "rids": list(rids)},
    )
    names = ("event_id", "event", "distinct_id", "account_id", "timestamp", "properties")
    return {row[0]: json.dumps(dict(zip(names, row[1:], strict=True)), ensure_ascii=False) for row in rows.fetchall()}


def copy_rows(batch: Batch, rows: Iterable[Quarantined]) -> None:
    """Copy quarantined rows into PostgreSQL, some thousand at a time; it cannot hold zero characters."""
    table, now = QuarantinedRow._meta.db_table, timezone.now().isoformat()
    buffer, n_buffered = io.StringIO(), 0
    writer = csv.writer(buffer)

    def flush() -> None:
        buffer.seek(0)
        with connection.cursor() as cursor:
            cursor.copy_expert(
                f"COPY {table} ({', '.join(_COLUMNS)}) FROM STDIN (FORMAT csv, FORCE_NOT_NULL (raw))", buffer
            )
        buffer.seek(0)
        buffer.truncate()

    for item_no, raw, code, reason, event_time in rows:
        time = aware(event_time).isoformat() if event_time else ""
        text = (raw or "").replace("\x00", "\ufffd")
        writer.writerow([batch.pk, batch.source_id, item_no, text, code, reason, time, QuarantinedRow.State.OPEN, now])
        n_buffered += 1
        if n_buffered % _CHUNK == 0:
            flush()
    if n_buffered % _CHUNK:
        flush()
