"""The outbox: work announced in the transaction that makes it due, done at least once, never lost with the broker."""

import logging
from datetime import timedelta

from django.db import connection, transaction
from django.db.models import F
from django.db.models.functions import Now
from kombu.exceptions import OperationalError as BrokerError

from portal.celery import app
from portal.operations.models import OutboxMessage

log = logging.getLogger(__name__)

_LOCK_CLASS = 7301  # first half of the advisory lock's key; the second is the message's id
_MAX_ATTEMPTS = 6
_RESEND_AFTER_S = 30
_KEEP_DONE = timedelta(days=7)


def enqueue_on_commit(task: str, **arguments) -> OutboxMessage:
    """Have a task run after the surrounding transaction commits; arguments are ids and other plain JSON values."""
    message = OutboxMessage.objects.create(task=task, arguments=arguments)
    transaction.on_commit(lambda: _send([message.pk]))
    return message


def _send(message_ids: list[int]) -> None:
    # Marked before it is sent: a message that is sent but not marked would only be sent once more.
    OutboxMessage.objects.filter(pk__in=message_ids).update(next_at=Now() + timedelta(seconds=_RESEND_AFTER_S))
    for message_id in message_ids:
        try:
            app.send_task("operations.deliver_message", kwargs={"message_id": message_id}, retry=False)
        except BrokerError:
            log.warning("outbox: the broker does not answer; message %s waits for the sweep", message_id)
            return


def sweep_outbox(limit: int = 200) -> int:
    """Send again what is due and not done, and forget what was done a week ago; return how many were sent."""
    OutboxMessage.objects.filter(done_at__lt=Now() - _KEEP_DONE, error="").delete()
    with transaction.atomic():
        due = OutboxMessage.objects.filter(done_at=None, next_at__lte=Now()).order_by("next_at")
        ids = list(due.select_for_update(skip_locked=True).values_list("pk", flat=True)[:limit])
        _send(ids)
    return len(ids)


def deliver_message(message_id: int) -> bool:
    """Do a message's work unless it is done or another worker is at it; say whether it was done here.

    An advisory lock of the database session says who is at it: it goes with the worker, however the worker ends.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s, %s)", [_LOCK_CLASS, message_id % 2**31])
        if not cursor.fetchone()[0]:
            return False
    try:
        message = OutboxMessage.objects.filter(pk=message_id, done_at=None).first()
        if message is None:
            return False
        _work(message)
        return True
    finally:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(%s, %s)", [_LOCK_CLASS, message_id % 2**31])


def _work(message: OutboxMessage) -> None:
    mine = OutboxMessage.objects.filter(pk=message.pk)
    mine.update(n_attempts=F("n_attempts") + 1)
    try:
        app.tasks[message.task](**message.arguments)
    except Exception as error:  # the outermost loop of a job: the failure is kept, shown and tried again
        log.exception("outbox: %s failed", message)
        is_last = message.n_attempts + 1 >= _MAX_ATTEMPTS
        wait = timedelta(seconds=_RESEND_AFTER_S * 2**message.n_attempts)
        mine.update(
            error=f"{type(error).__name__}: {error}"[:2000], next_at=Now() + wait, done_at=Now() if is_last else None
        )
        return
    mine.update(done_at=Now(), error="")
