"""A refresh runs once, goes on after a failing step or a lost worker, and is taken over within its expiry."""

from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone

from portal.people.public import SYSTEM
from portal.refresh import actions, lease
from portal.refresh.models import Lease, Refresh, State
from portal.refresh.work import find_abandoned_refreshes, work_on_refresh
from portal.shell.errors import BadInput, Conflict, NotAllowed, Unavailable
from portal.shell.registry import NightStep, Registry

NIGHT = datetime(2026, 3, 2, 2, 15, tzinfo=UTC)


@pytest.fixture
def steps(monkeypatch):
    """Replace the registered steps by ones of the test, given as {name: function}."""
    registry = Registry()
    monkeypatch.setattr("portal.refresh.work.registry", registry)
    monkeypatch.setattr("portal.refresh.actions.registry", registry)

    def register(**works):
        for order, (name, work) in enumerate(works.items()):
            registry.add(NightStep(name, name.title(), work, order=order))

    return register


def test_steps_run_in_order_and_keep_their_counts(transactional_db, steps):
    seen = []

    def read(night):
        seen.append("read")
        night.progress(1, 2, "half")
        night.count(rows_in=10, rows_out=8, quarantined=2)
        night.count(rows_in=5)

    steps(read=read, compute=lambda night: seen.append("compute"))
    refresh = actions.start_nightly(NIGHT)
    assert work_on_refresh(refresh.pk)
    first = refresh.steps.get(name="read")
    assert seen == ["read", "compute"]
    assert (first.rows_in, first.rows_out, first.rows_quarantined, first.n_done, first.note) == (15, 8, 2, 1, "half")
    assert Refresh.objects.get().state == State.DONE


def test_a_failing_step_says_why_and_does_not_stop_the_others(transactional_db, steps):
    def fail(night):
        raise Unavailable("The company's database does not answer.")

    def crash(night):
        raise KeyError("x")

    steps(fail=fail, crash=crash, last=lambda night: night.problem("One file was empty."))
    refresh = actions.start_nightly(NIGHT)
    work_on_refresh(refresh.pk)
    by_name = {step.name: step for step in refresh.steps.all()}
    assert by_name["fail"].error == "The company's database does not answer."
    assert "KeyError" in by_name["crash"].error
    assert by_name["last"].state == State.DONE
    assert by_name["last"].problems == ["One file was empty."]
    assert Refresh.objects.get().state == State.FAILED


def test_two_beats_start_one_refresh_a_night(transactional_db, steps):
    steps(read=lambda night: None)
    assert actions.start_nightly(NIGHT) is not None
    assert actions.start_nightly(NIGHT) is None
    work_on_refresh(Refresh.objects.get().pk)
    assert actions.start_nightly(NIGHT + timedelta(hours=1)) is None
    assert actions.start_nightly(NIGHT + timedelta(days=1)) is not None


def test_a_second_worker_finds_the_lease_taken(transactional_db, steps):
    outcome = []
    steps(read=lambda night: outcome.append(work_on_refresh(Refresh.objects.get().pk)))
    refresh = actions.start_nightly(NIGHT)
    assert work_on_refresh(refresh.pk)
    assert outcome == [False]


def test_a_refresh_of_a_lost_worker_goes_on_from_its_unfinished_step(transactional_db, steps):
    seen = []

    def die(night):
        seen.append("second")
        if len(seen) == 2:
            raise SystemExit  # leaves the worker's code at once, as a kill does

    steps(first=lambda night: seen.append("first"), second=die, third=lambda night: seen.append("third"))
    refresh = actions.start_nightly(NIGHT)
    with pytest.raises(SystemExit):
        work_on_refresh(refresh.pk)
    assert find_abandoned_refreshes() == [refresh.pk]
    assert work_on_refresh(refresh.pk)
    assert seen == ["first", "second", "second", "third"]
    assert refresh.steps.get(name="second").n_attempts == 2


def test_a_step_that_always_takes_its_worker_down_is_given_up(transactional_db, steps):
    def die(night):
        raise SystemExit

    steps(die=die, last=lambda night: None)
    refresh = actions.start_nightly(NIGHT)
    for _ in range(3):
        with pytest.raises(SystemExit):
            work_on_refresh(refresh.pk)
    assert work_on_refresh(refresh.pk)
    assert "given up" in refresh.steps.get(name="die").error
    assert refresh.steps.get(name="last").state == State.DONE


def test_a_silent_holder_loses_the_lease_and_writes_nothing_more(transactional_db, steps):
    def sleep_too_long(night):
        Lease.objects.update(heartbeat_at=timezone.now() - timedelta(seconds=31))
        with lease.hold_lease() as other:
            assert other is not None
            night.problem("written by a worker that was given up")

    steps(sleep=sleep_too_long)
    refresh = actions.start_nightly(NIGHT)
    assert work_on_refresh(refresh.pk) is False
    assert refresh.steps.get().problems == []


def test_a_living_holder_keeps_the_lease(transactional_db):
    with lease.hold_lease():
        assert lease.is_held()
        with lease.hold_lease() as second:
            assert second is None
    assert not lease.is_held()


def test_only_ops_start_by_hand_and_one_at_a_time(transactional_db, steps, viewer, ops):
    steps(read=lambda night: None)
    with pytest.raises(NotAllowed):
        actions.start_refresh(actor=viewer)
    actions.start_refresh(actor=ops)
    with pytest.raises(Conflict):
        actions.start_refresh(actor=ops)


def test_retry_takes_only_the_steps_that_failed(transactional_db, steps, ops):
    def fail(night):
        raise Unavailable()

    steps(good=lambda night: None, bad=fail, odd=lambda night: night.problem("x"))
    refresh = actions.start_nightly(NIGHT)
    work_on_refresh(refresh.pk)
    again = actions.retry_failed_steps(refresh, actor=ops)
    assert [step.name for step in again.steps.all()] == ["bad", "odd"]


def test_nothing_to_retry_is_said(transactional_db, steps, ops):
    steps(good=lambda night: None)
    refresh = actions.start_refresh(actor=SYSTEM)
    work_on_refresh(refresh.pk)
    with pytest.raises(BadInput):
        actions.retry_failed_steps(refresh, actor=ops)
