"""Signed feedback of other systems: who sent it, whether it is new, and 200 only once it is kept.

The sender signs as the portal's own webhooks do: `X-Portal-Signature: t=<seconds>,v1=<hex>`, where v1 is the
HMAC-SHA256, under the inlet's secret, of `<seconds>.<body>`. A request is good for five minutes; sent again within
them it brings nothing new, since each piece is told by its id, or by all it holds.
"""

import hashlib
import hmac
import json
from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.cache import cache
from django.db import transaction
from django.db.models import F
from django.utils import timezone
from redis.exceptions import RedisError
from rest_framework import serializers

from insights.contacts.public import LONGEST_ID
from insights.voice.feedback.public import Channel, Feedback, draft_feedback, known_origin_ids, write_drafts
from insights.voice.intake.actions import secrets_of
from insights.voice.intake.models import Inlet
from insights.voice.texts.public import LANGUAGE_CHOICES, LONGEST_TEXT
from portal.audit.public import record
from portal.people.public import SYSTEM
from portal.shell.public import BadInput, NotAllowed, NotFound, TooOften, is_storable

MOST_BYTES = 1_000_000
MOST_ITEMS = 200
WINDOW_S = 300
MOST_REQUESTS = 120  # of one inlet in a minute
_MINUTE_S = 60


class ItemInput(serializers.Serializer):
    """One piece of feedback as another system sends it."""

    id = serializers.CharField(max_length=200, required=False, help_text="Its id there; without one, all it holds.")
    text = serializers.CharField(max_length=LONGEST_TEXT, trim_whitespace=False)
    title = serializers.CharField(max_length=300, required=False, allow_blank=True)
    kind = serializers.ChoiceField(choices=Feedback.Kind.choices, required=False)
    channel = serializers.SlugRelatedField(slug_field="slug", queryset=Channel.objects.in_use(), required=False)
    said_on = serializers.DateField(required=False)
    language = serializers.ChoiceField(choices=LANGUAGE_CHOICES, required=False)
    person = serializers.CharField(max_length=LONGEST_ID, required=False, allow_blank=True)
    author = serializers.CharField(max_length=200, required=False, allow_blank=True)
    account = serializers.CharField(max_length=LONGEST_ID, required=False, allow_blank=True)
    url = serializers.URLField(max_length=1000, required=False, allow_blank=True)


@dataclass(frozen=True)
class Taken:
    """What came of a request: how many pieces are new, and how many were there already."""

    n_new: int
    n_known: int


def signature_of(secret: str, body: bytes, at: int) -> str:
    """Return the header's value of a body signed at a moment.

    >>> signature_of("s", b"{}", 1700000000)[:30]
    't=1700000000,v1=e9232c9945da84'
    """
    digest = hmac.new(secret.encode(), f"{at}.".encode() + body, hashlib.sha256).hexdigest()
    return f"t={at},v1={digest}"


def check_signature(inlet: Inlet, header: str, body: bytes, now: datetime) -> None:
    """Raise NotAllowed unless a secret of the inlet signed this body within the last minutes."""
    parts = [part.strip().partition("=") for part in header.split(",")]
    times = [value for name, _, value in parts if name == "t"]
    signs = [value for name, _, value in parts if name == "v1"]
    if len(times) != 1 or not times[0].isascii() or not times[0].isdigit() or len(times[0]) > 12 or not signs:
        raise NotAllowed("Sign the request: X-Portal-Signature: t=<seconds>,v1=<HMAC-SHA256 of “seconds.body”>.")
    if abs(now.timestamp() - int(times[0])) > WINDOW_S:
        raise NotAllowed("This request is older than five minutes, or your clock differs by as much.")
    good = [signature_of(secret, body, int(times[0])).partition("v1=")[2] for secret in secrets_of(inlet, now)]
    if not any(hmac.compare_digest(one.encode(), sent.encode()) for one in good for sent in signs):
        raise NotAllowed("The signature does not fit the body and the time.")


def refuse_often(inlet: Inlet, now: datetime) -> None:
    """Raise TooOften for a sender that asks too much in a minute; while Valkey is away nobody is counted."""
    name = f"inlet:{inlet.pk}:{int(now.timestamp()) // _MINUTE_S}"
    try:
        cache.add(name, 0, timeout=2 * _MINUTE_S)
        n_requests = cache.incr(name)
    except (RedisError, ValueError):
        return
    if n_requests > MOST_REQUESTS:
        raise TooOften(f"This inlet takes at most {MOST_REQUESTS} requests a minute. Send several pieces in one.")


def find_inlet(key: str) -> Inlet:
    """Return the open inlet that an address names."""
    found = Inlet.objects.open().select_related("product__team", "channel").filter(key=key).first()
    if found is None:
        raise NotFound("There is no inlet at this address, or it is closed.")
    return found


def receive(inlet: Inlet, header: str, body: bytes) -> Taken:
    """Keep the pieces of a signed body, all or none."""
    now = timezone.now()
    refuse_often(inlet, now)
    check_signature(inlet, header, body, now)
    return take_items(inlet, _items(body), now)


def _items(body: bytes) -> list[dict[str, Any]]:
    try:
        value = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise BadInput("The body is no JSON.") from error
    if not is_storable(value):
        raise BadInput("The body holds what cannot be kept, such as a zero byte.")
    items = value if isinstance(value, list) else [value]
    if not items or len(items) > MOST_ITEMS or not all(isinstance(item, dict) for item in items):
        raise BadInput(f"Send an object, or a list of at most {MOST_ITEMS} objects.")
    return items


@transaction.atomic
def take_items(inlet: Inlet, items: list[dict[str, Any]], now: datetime) -> Taken:
    """Check and write all pieces of a request; raises BadInput with every fault by its place."""
    serializer = ItemInput(data=items, many=True)
    faults: dict[str, list[str]] = {}
    if not serializer.is_valid():
        found = serializer.errors
        for number, errors in found.items() if isinstance(found, dict) else enumerate(found):
            faults |= {f"[{number}].{name}": [str(one) for one in texts] for name, texts in errors.items()}
        raise BadInput("Nothing was taken. Correct these and send it again.", fields=faults)
    # One request of an inlet at a time: two that bring the same piece at once would both find it new.
    Inlet.objects.select_for_update(of=["self"]).get(pk=inlet.pk)
    ids = _ids(serializer.validated_data, items)
    known, drafts = known_origin_ids(inlet.product, inlet.origin, ids), {}
    for number, (values, origin_id) in enumerate(zip(serializer.validated_data, ids, strict=True)):
        if origin_id in known or origin_id in drafts:
            continue
        try:
            drafts[origin_id] = _draft(inlet, dict(values), origin_id)
        except BadInput as fault:
            faults |= {f"[{number}].{name}": texts for name, texts in fault.fields.items()}
    if faults:
        raise BadInput("Nothing was taken. Correct these and send it again.", fields=faults)
    written = write_drafts(inlet.product, list(drafts.values())) if drafts else []
    Inlet.objects.filter(pk=inlet.pk).update(last_used_at=now, n_taken=F("n_taken") + len(written))
    for feedback in written:
        record(SYSTEM, "feedback.added", feedback, after={"product": inlet.product.name, "inlet": inlet.name})
    return Taken(len(written), len(items) - len(written))


def _ids(values: list[dict[str, Any]], items: list[dict[str, Any]]) -> list[str]:
    """Return the origin id of each item: its own, else the hash of all it holds with its place among equal ones."""
    seen: Counter[str] = Counter()
    ids = []
    for value, item in zip(values, items, strict=True):
        if value.get("id"):
            ids.append(value["id"])
            continue
        digest = hashlib.sha256(json.dumps(item, sort_keys=True, ensure_ascii=False).encode()).hexdigest()[:32]
        seen[digest] += 1
        ids.append(f"item-{digest}-{seen[digest]}")
    return ids


def _draft(inlet: Inlet, values: dict[str, Any], origin_id: str) -> Any:
    values.pop("id", None)
    url = values.pop("url", "")
    given = {"channel": inlet.channel, "visibility": inlet.visibility, **values}
    today = timezone.localdate()
    return draft_feedback(
        inlet.product, today=today, owner_id=None, origin=inlet.origin, origin_id=origin_id, origin_url=url, **given
    )
