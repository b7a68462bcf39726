"""Merges, splits and erasures as jobs of a worker: asked once, shown, run again after a death, never half done."""

import threading
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from insights.events.compaction import sweep_files
from insights.events.public import DistinctId, PersonJoin, add_to_inbox, merge_persons
from insights.persons import actions
from insights.persons.finding import list_persons
from insights.persons.jobs import requeue_dead_jobs, run_job
from insights.persons.models import PersonJob
from insights.persons.tasks import sweep_jobs
from portal.audit.models import AuditEntry
from portal.operations.models import OutboxMessage
from portal.operations.public import DEAD_AFTER, MOST_ATTEMPTS
from portal.operations.public import claim as take
from portal.people.models import User
from portal.shell.public import BadInput, Conflict, NotAllowed, NotFound
from tests import killed_workers
from tests.factories import store_events, store_faults
from tests.insights.persons.conftest import at

WORKER = Path(__file__).with_name("job_worker.py")


def number_of(text):
    return DistinctId.objects.get(distinct_id=text).resolved_no


def job_page(job):
    return reverse("persons:job-page", args=[job.pk])


def claim(job_id):
    return take(PersonJob.objects.all(), job_id)


def done(job):
    run_job(job.pk)
    job.refresh_from_db()
    return job


def die(job):
    """Make a running job look as if its worker had died a while ago."""
    PersonJob.objects.filter(pk=job.pk).update(heartbeat_at=timezone.now() - 2 * DEAD_AFTER)


def test_the_wish_its_entry_and_its_announcement_are_kept_together(people, ops):
    job = actions.merge(number_of("ann"), number_of("cy"), actor=ops)
    assert job.state == "waiting"
    assert DistinctId.objects.get(distinct_id="cy").person_no is None, "nothing is done in the request"
    assert AuditEntry.objects.get(verb="merge.requested").thing_id == str(job.pk)
    assert OutboxMessage.objects.filter(task="persons.run_job", arguments={"job_id": job.pk}).count() == 1


def test_asked_twice_it_is_one_job_and_another_wish_must_wait(people, ops):
    ann, bob, cy = (number_of(text) for text in ("ann", "bob", "cy"))
    job = actions.merge(ann, cy, actor=ops)
    assert actions.merge(ann, cy, actor=ops) == actions.merge(cy, ann, actor=ops) == job
    with pytest.raises(Conflict, match="is being merged just now"):
        actions.erase(cy, confirm="cy", actor=ops)
    with pytest.raises(Conflict):
        actions.merge(bob, ann, actor=ops)
    assert actions.erase(bob, confirm="bob", actor=ops) != job
    assert AuditEntry.objects.filter(verb__endswith=".requested").count() == 2
    done(job)
    assert actions.erase(number_of("cy"), confirm="ann", actor=ops).state == "waiting"


@pytest.mark.django_db(transaction=True)
def test_two_who_ask_at_the_same_moment_get_the_same_job(people, ops):
    ann, cy, found = number_of("ann"), number_of("cy"), []
    both = threading.Barrier(2)

    def ask():
        both.wait()
        try:
            found.append(actions.merge(ann, cy, actor=ops).pk)
        finally:
            connection.close()

    threads = [threading.Thread(target=ask) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 2
    assert len(set(found)) == PersonJob.objects.count() == 1


def test_what_cannot_be_is_refused_at_once(people, source, ops, owner):
    ann = number_of("ann")
    with pytest.raises(BadInput, match="one person already"):
        actions.merge(ann, DistinctId.objects.get(distinct_id="anon-1").no, actor=ops)
    with pytest.raises(NotFound):
        actions.erase(10**8, confirm="x", actor=ops)
    with pytest.raises(BadInput, match="not the id"):
        actions.erase(ann, confirm="anon-1", actor=ops)
    with pytest.raises(Conflict, match="not in force"):
        actions.take_back(PersonJoin.objects.get(state="refused"), actor=ops)
    with pytest.raises(NotAllowed):
        actions.merge(ann, number_of("cy"), actor=owner)
    with pytest.raises(NotAllowed):
        actions.erase(ann, confirm="ann", actor=owner)
    assert not PersonJob.objects.exists()


def test_a_merge_and_its_split_are_done_by_the_worker(people, product, ops):
    merged = done(actions.merge(number_of("ann"), number_of("cy"), actor=ops))
    assert (merged.state, merged.join.kind, list_persons(product).total) == ("done", "merge", 2)
    assert AuditEntry.objects.get(verb="person.merged").actor_id == ops.pk
    split = done(actions.take_back(merged.join, actor=ops))
    assert (split.state, list_persons(product).total) == ("done", 3)
    done(split)
    assert AuditEntry.objects.filter(verb="person.unmerged").count() == 1


def test_an_erasure_says_what_went_and_which_files_brought_it(people, product, ops):
    job = done(actions.erase(number_of("ann"), confirm="ann", actor=ops))
    assert job.erased.items() >= {"events": 3, "traits": 3, "ids": 2, "quarantined rows": 0}.items()
    assert job.erased_in_words == ["3 events", "3 traits", "2 ids"]
    assert job.batches == [people.pk]
    assert [row.label for row in list_persons(product).rows] == ["cy", "bob"]
    assert store_faults() == []


def test_an_id_that_comes_with_what_waits_is_erased_too(people, source, product, ops):
    job = actions.erase(number_of("ann"), confirm="ann", actor=ops)
    late = [{"kind": "identify", "distinct_id": "late-visit", "person_id": "ann", "timestamp": at(20)}]
    store_events(source, [{"event": "visited", "distinct_id": "late-visit", "timestamp": at(19)}], joins=late)
    assert done(job).erased["ids"] == 3
    assert not DistinctId.objects.filter(distinct_id="late-visit").exists()


def test_requests_that_name_the_person_and_cannot_be_stored_end_the_job_in_words(people, source, ops, monkeypatch):
    monkeypatch.setattr("insights.events.erasure._PAUSE_S", 0)
    monkeypatch.setattr("insights.events.erasure._erase_elsewhere", lambda *arguments: {})
    add_to_inbox(source, b'{"distinct_id": "ann"}', n_items=1)
    job = done(actions.erase(number_of("ann"), confirm="ann", actor=ops))
    assert job.state == "failed"
    assert "wait to be stored" in job.error
    assert DistinctId.objects.filter(distinct_id="ann").exists()


def test_a_wish_that_came_true_otherwise_fails_in_words(people, source, ops):
    merge = actions.merge(number_of("ann"), number_of("cy"), actor=ops)
    merge_persons(source.id_space, "cy", "ann", actor=ops)
    assert "one person already" in done(merge).error
    erase = actions.erase(number_of("bob"), confirm="bob", actor=ops)
    DistinctId.objects.get(distinct_id="bob").joins_to.all().delete()
    DistinctId.objects.filter(distinct_id="bob").delete()
    assert "erased in the meantime" in done(erase).error


def test_whoever_lost_the_role_has_nothing_carried_out(people, ops):
    job = actions.erase(number_of("ann"), confirm="ann", actor=ops)
    User.objects.filter(pk=ops.pk).update(role="viewer")
    assert "may not do it any more" in done(job).error
    assert DistinctId.objects.filter(distinct_id="ann").exists()


def test_a_job_is_called_off_only_before_it_began(people, ops, client_of):
    job = actions.merge(number_of("ann"), number_of("cy"), actor=ops)
    client = client_of(ops)
    assert "Call it off" in client.get(job_page(job)).content.decode()
    assert claim(job.pk) is not None
    assert claim(job.pk) is None
    assert "Call it off" not in client.get(job_page(job)).content.decode()
    with pytest.raises(Conflict):
        actions.cancel_job(job, actor=ops)
    die(job)
    sweep_jobs()
    with pytest.raises(Conflict):
        actions.cancel_job(job, actor=ops)
    other = actions.erase(number_of("bob"), confirm="bob", actor=ops)
    assert client.post(reverse("persons:job-cancel", args=[other.pk])).url == job_page(other)
    done(other)
    assert other.state == "cancelled"
    assert "Nothing was changed" in client.get(job_page(other)).content.decode()


def test_a_job_that_is_another_workers_by_now_stores_nothing(people, ops):
    job = actions.merge(number_of("ann"), number_of("cy"), actor=ops)

    def lose(step, n_done, n_total):
        PersonJob.objects.filter(pk=job.pk).update(n_attempts=7)

    run_job(job.pk, report=lose)
    assert not PersonJoin.objects.filter(kind="merge").exists()
    job.refresh_from_db()
    assert job.state == "running"


def test_a_job_that_no_worker_survives_is_ended(people, ops):
    job = actions.erase(number_of("ann"), confirm="ann", actor=ops)
    for _ in range(MOST_ATTEMPTS):
        assert claim(job.pk)
        die(job)
        requeue_dead_jobs()
    job.refresh_from_db()
    assert job.state == "failed"
    assert f"ended {MOST_ATTEMPTS} times" in job.error


def kill_at(job, n_steps):
    return killed_workers.kill_at(WORKER, job.pk, n_steps)


@pytest.mark.long
@pytest.mark.django_db(transaction=True)
def test_an_erasure_killed_at_every_step_is_whole_after_it_is_run_again(people, source, product, ops):
    store_events(source, [{"event": "late", "distinct_id": "ann", "timestamp": f"2024-0{n}-03"} for n in (2, 3)])
    job = actions.erase(number_of("ann"), confirm="ann", actor=ops)
    said, n_steps = [], 0
    while "over" not in said:
        n_steps += 1
        said = kill_at(job, n_steps)
        job.refresh_from_db()
        if "over" not in said:
            assert job.state == "running"
            assert len([one for one in list_persons(product).rows if one.n_events == 5]) == 1, "not half erased"
            # Always as if for the first time: after some deaths the job would be given up.
            PersonJob.objects.filter(pk=job.pk).update(n_attempts=0)
            die(job)
            assert requeue_dead_jobs() == [job.pk]
            job.refresh_from_db()
            assert job.state == "waiting"
    assert n_steps > 6, said
    assert (job.state, job.erased["events"], job.erased["ids"]) == ("done", 5, 2)
    assert [row.label for row in list_persons(product).rows] == ["cy", "bob"]
    assert AuditEntry.objects.filter(verb="person.erased").count() == 1
    sweep_files(timezone.now() + timedelta(days=1))
    assert store_faults() == []


@pytest.mark.django_db(transaction=True)
def test_a_merge_killed_before_its_end_is_made_once(people, product, ops):
    job = actions.merge(number_of("ann"), number_of("cy"), actor=ops)
    assert kill_at(job, 1) == ["Joining the two persons 0 0"]
    assert list_persons(product).total == 3
    die(job)
    sweep_jobs()
    assert kill_at(job, 2)[-1] == "over"
    die(job)
    assert requeue_dead_jobs() == []
    assert (done(job).state, list_persons(product).total) == ("done", 2)
    assert PersonJoin.objects.filter(kind="merge").count() == 1


def test_the_page_says_how_far_it_is_and_what_comes_next(people, client_of, ops, viewer):
    job = actions.erase(number_of("ann"), confirm="ann", actor=ops)
    person = client_of(viewer).get(reverse("persons:person-page", args=[number_of("ann")])).content.decode()
    assert "is being erased just now" in person
    client = client_of(ops)
    page = client.get(job_page(job)).content.decode()
    for said in ("Erase ann", "Waiting for a worker", "every 1s", "You can leave this page"):
        assert said in page
    running = claim(job.pk).get()
    PersonJob.objects.filter(pk=job.pk).update(step="Writing files again without the person", n_done=2, n_total=8)
    page = client.get(job_page(running), headers={"HX-Request": "true"}).content.decode()
    for said in ("Running", "file 3 of 8", 'value="25"', "carried out to the end"):
        assert said in page
    assert "<html" not in page
    PersonJob.objects.filter(pk=job.pk).update(state="waiting")
    done(job)
    page = client.get(job_page(job)).content.decode()
    for said in ("Erase a person", "3 events", "rows.csv", "backups", "Done"):
        assert said in page
    assert "anon-1" not in page
    assert "hx-trigger" not in page.partition("<main")[2].partition("History")[0]


def test_the_list_of_jobs_is_for_ops_and_keeps_no_names_of_the_erased(people, client_of, ops, owner):
    done(actions.erase(number_of("ann"), confirm="ann", actor=ops))
    actions.merge(number_of("cy"), number_of("bob"), actor=ops)
    page = client_of(ops).get(reverse("persons:job-list")).content.decode()
    assert "Erase a person" in page
    assert "Merge bob into cy" in page
    only = client_of(ops).get(reverse("persons:job-list"), {"kind": "merge"}).content.decode()
    assert "Erase a person" not in only
    assert client_of(owner).get(reverse("persons:job-list")).status_code == 403
    table = b"".join(client_of(ops).get(reverse("persons:job-list"), {"format": "csv"}))
    assert table.count(b"\r\n") == 3
