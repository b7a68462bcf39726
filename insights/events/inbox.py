"""The inbox: accepted requests, durable in PostgreSQL until the transaction that puts their events into parts."""

import datetime as dt
import zlib
from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Count, Min, Sum
from django.utils import timezone

from insights.events.models import InboxRequest, Source
from portal.shell.public import Conflict

_FAST = 1


@dataclass(frozen=True)
class WaitingRequest:
    """One request of the inbox, its body as it was accepted."""

    id: int
    key_id: int | None
    received_at: dt.datetime
    body: bytes
    n_items: int


@dataclass(frozen=True)
class Waiting:
    """How much of a source waits, and since when."""

    source_id: int
    n_requests: int
    n_items: int
    n_bytes: int
    since: dt.datetime


def add_to_inbox(
    source: Source, body: bytes, *, n_items: int, key_id: int | None = None, received_at: dt.datetime | None = None
) -> int:
    """Keep an accepted request; durable when the caller's transaction has committed. Returns its number."""
    request = InboxRequest.objects.create(
        source=source,
        key_id=key_id,
        received_at=received_at or timezone.now(),
        body=zlib.compress(body, _FAST),
        n_items=n_items,
        n_bytes=len(body),
    )
    return request.pk


def take_inbox(source: Source, *, max_items: int = 50_000) -> list[WaitingRequest]:
    """Return the oldest requests of a source, at least one and no more items than asked; they stay until dropped."""
    taken: list[WaitingRequest] = []
    n_items = 0
    for row in InboxRequest.objects.filter(source=source).order_by("pk").iterator(chunk_size=100):
        if taken and n_items + row.n_items > max_items:
            break
        taken.append(WaitingRequest(row.pk, row.key_id, row.received_at, zlib.decompress(bytes(row.body)), row.n_items))
        n_items += row.n_items
    return taken


def drop_from_inbox(request_ids: Sequence[int]) -> None:
    """Remove requests whose events are stored, as `also` of their commit; refuse when another flush was faster."""
    n_gone, _ = InboxRequest.objects.filter(pk__in=list(request_ids)).delete()
    if n_gone != len(request_ids):
        raise Conflict("These requests were stored by another flush. Nothing was stored a second time.")


def inbox_waiting() -> list[Waiting]:
    """Return what waits, by source."""
    rows = (
        InboxRequest.objects.values("source_id")
        .annotate(n=Count("pk"), items=Sum("n_items"), size=Sum("n_bytes"), since=Min("received_at"))
        .order_by("source_id")
    )
    return [Waiting(row["source_id"], row["n"], row["items"], row["size"], row["since"]) for row in rows]
