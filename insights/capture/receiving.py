"""Taking a request in: key, pressure, a verdict for each item, one durable row; only then is the sender told."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from insights.capture.actions import find_write_key
from insights.capture.contracts import MAX_ITEMS, Envelope, Header, RefusedBody, Rules, UnfitItem
from insights.capture.inbox import pack, parse_item, rules_for
from insights.capture.models import WriteKey
from insights.capture.payloads.wire import to_json
from insights.capture.pressure import wait_for
from insights.events.public import InboxRequest

_LAST_USE_STEP = timedelta(minutes=1)


class ComeBackLater(RefusedBody):
    """A request that would be taken later; `after_s` says when to send it again."""

    def __init__(self, status: int, code: str, reason: str, after_s: int):
        super().__init__(status, code, reason)
        self.after_s = after_s


@dataclass(frozen=True, slots=True)
class Verdict:
    """What became of one item: accepted means valid and durable; code and reason say why it was not taken."""

    item_no: int
    is_accepted: bool
    code: str = ""
    reason: str = ""
    uuid: str = ""


@dataclass(slots=True)
class Receipt:
    """The answer to a request, item by item."""

    verdicts: list[Verdict] = field(default_factory=list)

    @property
    def n_accepted(self) -> int:
        """Return how many items were accepted."""
        return sum(verdict.is_accepted for verdict in self.verdicts)

    @property
    def n_rejected(self) -> int:
        """Return how many items were not."""
        return len(self.verdicts) - self.n_accepted


def receive(envelope: Envelope, key_text: str) -> Receipt:
    """Take a request into the inbox; it is durable when this returns. Rejected items go there too, to quarantine.

    Raises: RefusedBody 400 for an empty batch, 401 for a key that opens nothing, 403 for a paused source, 413 for too
    many items; ComeBackLater 429 under pressure.
    """
    key = _require_key(key_text or envelope.key)
    if not envelope.items:
        raise RefusedBody(400, "empty_batch", "The batch is empty.")
    if len(envelope.items) > MAX_ITEMS:
        raise RefusedBody(413, "too_many", f"The batch holds more than {MAX_ITEMS:,} items. Send smaller batches.")
    if wait := wait_for(key.pk, len(envelope.items)):
        raise ComeBackLater(429, "too_many_requests", f"{wait[1]} Send again in {wait[0]} seconds.", wait[0])
    now = timezone.now()
    rules = rules_for(key.source, now)
    raws = [to_json(item) for item in envelope.items]
    receipt = Receipt(
        [
            _judge(number, raw, item, envelope.header, rules)
            for number, (raw, item) in enumerate(zip(raws, envelope.items, strict=True), 1)
        ]
    )
    _keep(key, envelope.header, raws, now)
    return receipt


def _require_key(text: str) -> WriteKey:
    key = find_write_key(text) if text else None
    if key is None:
        reason = "The write key is unknown, replaced or revoked." if text else "The request shows no write key."
        raise RefusedBody(401, "bad_key", reason)
    if not key.source.is_active:
        raise RefusedBody(403, "source_paused", "The source of this key is paused and takes no events.")
    return key


def _judge(number: int, raw: str, item: Any, header: Header, rules: Rules) -> Verdict:
    uuid = item.get("uuid") if isinstance(item, dict) and header.dialect == "posthog" else ""
    uuid = uuid if isinstance(uuid, str) else ""
    try:
        event = parse_item(raw, item, header, rules)
    except UnfitItem as unfit:
        return Verdict(number, False, unfit.code, unfit.reason, uuid)
    return Verdict(number, True, "not_joined" if event.note else "", event.note, uuid)


def _keep(key: WriteKey, header: Header, raws: list[str], now: datetime) -> None:
    body, n_bytes = pack(header, raws)
    row = InboxRequest(
        source_id=key.source_id, key_id=key.pk, received_at=now, body=body, n_items=len(raws), n_bytes=n_bytes
    )
    if key.last_used_at is not None and now - key.last_used_at < _LAST_USE_STEP:
        row.save(force_insert=True)
        return
    with transaction.atomic():
        row.save(force_insert=True)
        is_stale = Q(last_used_at=None) | Q(last_used_at__lt=now - _LAST_USE_STEP)
        WriteKey.objects.filter(is_stale, pk=key.pk).update(last_used_at=now)
