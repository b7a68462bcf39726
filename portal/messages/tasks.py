"""Tasks of the messages room."""

from celery import shared_task
from django.utils import timezone

from portal.messages.actions.subscriptions import start_due
from portal.messages.sending import deliver, forget_old, sweep_deliveries


@shared_task(name="messages.deliver_message")
def deliver_message(delivery_id: int) -> None:
    """Make and send one message."""
    deliver(delivery_id)


@shared_task(name="messages.send_due")
def send_due() -> None:
    """Give workers what is due: digests, messages that waited for a time, and those to try again."""
    start_due(timezone.now())
    sweep_deliveries(timezone.now())


@shared_task(name="messages.forget_old")
def forget_old_words() -> None:
    """Empty the words of messages that nobody needs any more."""
    forget_old(timezone.now())
