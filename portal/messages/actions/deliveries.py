"""Putting messages on their way: each once a key, in the transaction that makes them due.

Not in the audit trail: the deliveries are a log of their own.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from portal.messages.models import Delivery, QuietHours, Webhook
from portal.messages.occurrences import quiet_until
from portal.operations.public import enqueue_on_commit
from portal.people.public import User

# A worker that has not taken a message by then will not: the sweep gives it to another.
RESEND_AFTER = timedelta(minutes=2)


def free_from(user: User, now: datetime) -> datetime:
    """Return when a person may be disturbed: now, or when their quiet hours end."""
    quiet = QuietHours.objects.filter(user=user).first()
    if quiet is None:
        return now
    weekends = quiet.has_quiet_weekends
    return quiet_until(now, quiet.starts_at, quiet.ends_at, user.time_zone, has_quiet_weekends=weekends)


@transaction.atomic
def send(
    user: User,
    subject: str,
    text: str,
    *,
    key: str,
    url: str = "",
    webhook: Webhook | None = None,
    is_urgent: bool = False,
    now: datetime | None = None,
) -> Delivery:
    """Have one message sent to a person, by mail or to one of their webhooks; a second one of the same key is not sent.

    It leaves after the surrounding transaction commits; in the person's quiet hours it waits for their end, unless it
    is urgent. `text` is plain sentences, `url` a path of the portal. The answer says what became of it.
    """
    now = now or timezone.now()
    goes_at = now if is_urgent else free_from(user, now)
    values = {"kind": Delivery.Kind.SINGLE, "user": user, "webhook": webhook, "text": text, "url": url}
    return put_on_way(key, subject, now, goes_at, **values)


@transaction.atomic
def send_letter(
    address: str,
    subject: str,
    text: str,
    *,
    key: str,
    url: str = "",
    link_text: str = "",
    stop_url: str = "",
    is_secret: bool = False,
) -> Delivery:
    """Have one mail sent to somebody outside, who has no login; a second one of the same key is not sent.

    `text` is plain paragraphs, `url` and `stop_url` are paths that open without signing in; `stop_url` takes a POST of
    one click. Whether somebody may be written to is decided before (see asks of the contacts). Its words and address
    are forgotten some days after it was sent; of a secret one at once, so that nothing tells who got which link.
    """
    now = timezone.now()
    values = {"address": address, "text": text, "url": url, "link_text": link_text[:60], "stop_url": stop_url}
    values["is_secret"] = is_secret
    return put_on_way(key, subject, now, kind=Delivery.Kind.LETTER, **values)


@transaction.atomic
def drop_letters(keys: Iterable[str]) -> int:
    """Forget letters, as when who got them is erased: what waits is not sent, what was sent leaves no trace here."""
    return Delivery.objects.filter(kind=Delivery.Kind.LETTER, key__in=list(keys)).delete()[0]


def put_on_way(key: str, subject: str, now: datetime, goes_at: datetime | None = None, **values: Any) -> Delivery:
    """Make a delivery unless its key has one, and give it to a worker after the commit, or at a later moment."""
    goes_at = goes_at or now
    is_now = goes_at <= now
    fields = {
        "subject": subject[:200],
        "is_by_webhook": values.get("webhook") is not None,
        "occurs_at": now,
        "next_at": now + RESEND_AFTER if is_now else goes_at,
        **values,
    }
    delivery, is_new = Delivery.objects.get_or_create(key=key[:200], defaults=fields)
    if is_new and is_now:
        enqueue_on_commit("messages.deliver_message", delivery_id=delivery.pk)
    return delivery
