"""What follows from the result of a delivery: webhooks that fail are shown, their owners and ops are told."""

from datetime import datetime

from django.urls import reverse

from portal.messages.actions.notices import notify, notify_ops
from portal.messages.models import Delivery, Notice, Subscription, Webhook

State = Delivery.State


def note_result(delivery: Delivery, state: str, sentence: str, now: datetime) -> None:
    """Note a finished delivery with the place it went to; runs in the transaction that finishes it."""
    if state == State.SENT and delivery.subscription_id:
        Subscription.objects.filter(pk=delivery.subscription_id).update(last_sent_at=now)
    if delivery.webhook is not None:
        _note_webhook(delivery, delivery.webhook, state, sentence, now)
    elif state == State.FAILED:
        notify_ops(
            f"A mail to {delivery.reader} was given up. {sentence}",
            key=f"mail-failed:{now:%Y-%m-%d}:{delivery.user_id}",
            url=_in_admin(delivery),
        )


def _note_webhook(delivery: Delivery, webhook: Webhook, state: str, sentence: str, now: datetime) -> None:
    mine = Webhook.objects.filter(pk=webhook.pk)
    if state == State.SENT:
        mine.update(last_ok_at=now, failing_since=None, last_fault="")
    elif state == State.FAILED:
        is_new = mine.filter(failing_since=None).update(failing_since=now)
        mine.update(last_fault=sentence[:300])
        if is_new:
            said = f"The webhook “{webhook}” takes no messages. {sentence} It is still tried with each new message."
            key = f"webhook-failing:{webhook.pk}:{now:%Y-%m-%dT%H:%M}"
            page = reverse("messages:webhook-page", args=[webhook.pk])
            notify([webhook.user], said, key=key, url=page, kind=Notice.Kind.BAD)
            notify_ops(f"{said} It belongs to {webhook.user}.", key=key, url=_in_admin(delivery))


def _in_admin(delivery: Delivery) -> str:
    return reverse("admin:portal_messages_delivery_change", args=[delivery.pk])
