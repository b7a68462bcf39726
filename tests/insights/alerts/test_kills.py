"""A worker that is killed between finding something and telling it: everybody is told exactly once."""

import os
import signal

import pytest
from django.core import mail
from django.db import connections

from insights.alerts import checking
from insights.alerts.checking import check_alert
from insights.alerts.models import Incident
from portal.messages.models import Delivery, Notice
from portal.messages.sending import deliver
from portal.operations import outbox
from portal.operations.models import OutboxMessage
from tests.insights.alerts.conftest import NOW, load_days, usual


def _die(*args, **kwargs):
    os.kill(os.getpid(), signal.SIGKILL)


def _check_and_die(alert_id, place):
    """Check an alert in a process of its own that is killed at a place; return the signal that ended it."""
    connections.close_all()
    child = os.fork()
    if child == 0:
        module, name = place
        setattr(module, name, _die)
        try:
            check_alert(alert_id, NOW)
        finally:
            os._exit(0)
    _, status = os.waitpid(child, 0)
    return os.WTERMSIG(status)


PLACES = {
    "before-the-verdict-is-kept": (checking, "keep_verdicts"),
    "before-anybody-is-told": (checking, "tell_about"),
    "after-it-is-kept-before-it-is-sent": (outbox, "_send"),
}


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("place", PLACES.values(), ids=PLACES.keys())
def test_a_killed_worker_tells_exactly_once(make_alert, source, owner, editor, place):
    load_days(source, [*usual(70), 3])
    alert = make_alert(people=[owner, editor])
    OutboxMessage.objects.all().delete()
    assert _check_and_die(alert.pk, place) == signal.SIGKILL
    was_kept = place[0] is outbox
    assert Incident.objects.count() == Delivery.objects.count() // 2 == int(was_kept)
    for _ in range(2):
        check_alert(alert.pk, NOW)
    waiting = OutboxMessage.objects.filter(task="messages.deliver_message", done_at=None)
    assert sorted(one.arguments["delivery_id"] for one in waiting) == sorted(
        Delivery.objects.values_list("pk", flat=True)
    )
    for _ in range(2):
        for one in Delivery.objects.order_by("pk"):
            deliver(one.pk)
    assert sorted(letter.to[0] for letter in mail.outbox) == sorted([owner.email, editor.email])
    assert Incident.objects.count() == 1
    assert Notice.objects.filter(key__startswith="alert:").count() == 2
