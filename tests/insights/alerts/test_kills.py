"""A worker that is killed between finding something and telling it: everybody is told exactly once."""

import signal
from pathlib import Path

import pytest
from django.core import mail

from insights.alerts.checking import check_alert
from insights.alerts.models import Incident
from portal.messages.models import Delivery, Notice
from portal.messages.sending import deliver
from portal.operations.models import OutboxMessage
from tests.insights.alerts.conftest import NOW, load_days, usual
from tests.killed_workers import start_worker


def _check_and_die(alert_id, place):
    """Check an alert in a process of its own that is killed at a place; return the signal that ended it."""
    with start_worker(Path(__file__).with_name("check_worker.py"), alert_id, *place, NOW.isoformat()) as worker:
        worker.wait(60)
    return -worker.returncode


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    "place",
    [
        pytest.param(("insights.alerts.checking", "keep_verdicts"), marks=pytest.mark.long, id="before-the-verdict"),
        pytest.param(("insights.alerts.checking", "tell_about"), marks=pytest.mark.long, id="before-anybody-is-told"),
        pytest.param(("portal.operations.outbox", "_send"), id="after-it-is-kept-before-it-is-sent"),
    ],
)
def test_a_killed_worker_tells_exactly_once(make_alert, source, owner, editor, place):
    load_days(source, [*usual(70), 3])
    alert = make_alert(people=[owner, editor])
    OutboxMessage.objects.all().delete()
    assert _check_and_die(alert.pk, place) == signal.SIGKILL
    was_kept = place[0] == "portal.operations.outbox"
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
