"""Announced work is done once, survives a lost broker, and is tried again after a failure."""

import pytest
from celery import shared_task
from django.db import connections, transaction
from django.utils import timezone

from portal.operations.models import OutboxMessage
from portal.operations.outbox import deliver_message, enqueue_on_commit, sweep_outbox
from portal.people.models import Team
from tests.running import wait_until


@shared_task(name="tests.make_team")
def make_team(name):
    Team.objects.create(name=name, slug=name)


@shared_task(name="tests.fail")
def fail():
    raise RuntimeError("the disk is full")


def test_work_is_announced_only_if_the_transaction_commits(transactional_db):
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        enqueue_on_commit("tests.make_team", name="a")
        1 / 0  # noqa: B018 - any error that rolls back
    assert not OutboxMessage.objects.exists()


def test_delivered_twice_is_done_once(transactional_db):
    message = enqueue_on_commit("tests.make_team", name="a")
    assert deliver_message(message.pk)
    assert not deliver_message(message.pk)
    assert Team.objects.count() == 1


def test_a_message_in_work_is_left_to_its_worker(transactional_db):
    message = enqueue_on_commit("tests.make_team", name="a")
    other = connections.create_connection("default")
    try:
        with other.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_lock(7301, %s)", [message.pk])
        assert not deliver_message(message.pk)
    finally:
        other.close()  # as when the worker is killed
    wait_until(lambda: deliver_message(message.pk), 10)  # the server takes a moment to end a session


def test_failed_work_keeps_its_reason_and_waits_for_the_next_try(transactional_db):
    message = enqueue_on_commit("tests.fail")
    deliver_message(message.pk)
    message.refresh_from_db()
    assert message.error == "RuntimeError: the disk is full"
    assert message.done_at is None
    assert message.next_at > timezone.now()


def test_failed_work_is_given_up_after_six_tries(transactional_db):
    message = enqueue_on_commit("tests.fail")
    for _ in range(6):
        deliver_message(message.pk)
    message.refresh_from_db()
    assert message.done_at is not None
    assert message.n_attempts == 6


def test_sweep_sends_what_the_broker_lost(transactional_db):
    message = enqueue_on_commit("tests.make_team", name="a")
    assert sweep_outbox() == 0  # sent a moment ago
    OutboxMessage.objects.filter(pk=message.pk).update(next_at=timezone.now())
    assert sweep_outbox() == 1
