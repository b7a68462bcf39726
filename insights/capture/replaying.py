"""Taking corrected items of the capture API in again: they go through the inbox like any request."""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from itertools import groupby
from typing import Any

from django.db import transaction

from insights.capture.contracts import Header
from insights.capture.inbox import pack
from insights.capture.payloads.segment import KINDS
from insights.events.public import InboxRequest, QuarantinedRow
from portal.audit.public import record
from portal.operations.public import enqueue_on_commit


def _dialect(raw: str) -> str:
    try:
        item = json.loads(raw)
    except ValueError:
        return "segment"
    return "segment" if isinstance(item, dict) and item.get("type") in KINDS else "posthog"


@transaction.atomic
def replay_items(rows: Sequence[QuarantinedRow], texts: Mapping[int, str], actor: Any) -> None:
    """Put items back into the inbox as received when they first came; what is still wrong is quarantined anew.

    The batch that stores them is made by the next flush.
    """
    found = [(row, " ".join(texts.get(row.pk, row.raw).splitlines())) for row in rows]
    found.sort(key=lambda pair: (pair[0].batch_id, _dialect(pair[1]), pair[0].item_no))
    for (_, dialect), group in groupby(found, key=lambda pair: (pair[0].batch_id, _dialect(pair[1]))):
        pairs = list(group)
        body, n_bytes = pack(Header(dialect), [raw for _, raw in pairs])
        received_at: datetime = pairs[0][0].batch.created_at
        InboxRequest.objects.create(
            source_id=pairs[0][0].source_id, received_at=received_at, body=body, n_items=len(pairs), n_bytes=n_bytes
        )
    QuarantinedRow.objects.filter(pk__in=[row.pk for row in rows]).update(state=QuarantinedRow.State.REPLAYED)
    for row in rows:
        record(actor, "quarantined_row.replayed", row, after={"is_corrected": row.pk in texts})
    enqueue_on_commit("capture.flush_inbox")
