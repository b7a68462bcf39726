"""Carrying out a job about persons: claimed, kept alive by a heartbeat, ended in the store's own transaction.

A job that died is simply run again: the store changes in one transaction, which also says that the job is done; what
other rooms erase before that can be erased twice.
"""

import logging
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

from django.db import DatabaseError, InterfaceError, close_old_connections, connection, transaction
from django.utils import timezone

from insights.events.public import DistinctId, erase_person, merge_persons, undo_join
from insights.persons.models import PersonJob
from portal.operations.public import enqueue_on_commit
from portal.people.public import can
from portal.shell.public import Conflict, NotAllowed, NotFound, PortalError

log = logging.getLogger(__name__)

HEARTBEAT_S = 5
DEAD_AFTER = timedelta(seconds=60)
MOST_ATTEMPTS = 5
_FAILED = "It stopped on an error of the portal. Nothing is half done; ask for it again or tell ops ({})."
_DIED = "The worker ended {} times before it was through. Nothing is half done; tell ops ({})."
Report = Callable[[str, int, int], None]


class Pulse:
    """Shows that a job lives and how far it is, as long as it is this worker's."""

    def __init__(self, job: PersonJob, report: Report | None = None):
        self.mine = PersonJob.objects.filter(pk=job.pk, state=PersonJob.State.RUNNING, n_attempts=job.n_attempts)
        self.report = report
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._beat, name=f"pulse of {job}", daemon=True)

    def __enter__(self) -> "Pulse":
        self._thread.start()
        return self

    def __exit__(self, *exc_info: object) -> None:
        self._over.set()
        self._thread.join()

    def _beat(self) -> None:
        try:
            while not self._over.wait(HEARTBEAT_S):
                try:
                    self.mine.update(heartbeat_at=timezone.now())
                except (DatabaseError, InterfaceError):  # away for a moment: the thread waits for it
                    log.warning("no heartbeat this time", exc_info=True)
                    close_old_connections()
        finally:
            connection.close()

    def __call__(self, step: str, done: int = 0, total: int = 0) -> None:
        """Show a step; raises Conflict once the job is another worker's."""
        shown = {"step": step, "n_done": done, "n_total": total or None, "heartbeat_at": timezone.now()}
        if not self.mine.update(**shown):
            raise Conflict("Another worker has this job now.")
        if self.report:
            self.report(step, done, total)

    def finish(self, **fields: Any) -> None:
        """Say in the store's transaction that the job is done; if it is another worker's by now, nothing is stored."""
        done = {"state": PersonJob.State.DONE, "finished_at": timezone.now(), "step": "", "error": ""}
        if not self.mine.update(**done, **fields):
            raise Conflict("Another worker has this job now.")


def claim(job_id: int) -> PersonJob | None:
    """Take a waiting job; None when another worker has it or it is over."""
    waiting = PersonJob.objects.select_related("id_space", "created_by", "join").filter(
        pk=job_id, state=PersonJob.State.WAITING
    )
    job = waiting.first()
    if job is None:
        return None
    now, n_attempts = timezone.now(), job.n_attempts + 1
    claimed = {"state": PersonJob.State.RUNNING, "heartbeat_at": now, "started_at": job.started_at or now}
    if not waiting.filter(n_attempts=job.n_attempts).update(n_attempts=n_attempts, **claimed):
        return None
    job.refresh_from_db(fields=["state", "n_attempts", "started_at"])
    return job


def run_job(job_id: int, *, report: Report | None = None) -> None:
    """Carry a waiting job out, in the name of who asked for it."""
    job = claim(job_id)
    if job is None:
        return
    with _ending(job), Pulse(job, report) as pulse:
        # Whoever asked may have lost the role since; nobody's wish is carried out on the portal's own authority.
        if job.created_by is None or not can(job.created_by, job.action):
            raise NotAllowed("Who asked for this may not do it any more. Somebody who may must ask again.")
        _WORK[job.kind](job, pulse)


def _merge(job: PersonJob, pulse: Pulse) -> None:
    pulse("Joining the two persons")
    old, new = (_id_of(job, no) for no in (job.other_no, job.person_no))
    merge_persons(job.id_space, old, new, actor=job.created_by, also=lambda join: pulse.finish(join=join))


def _split(job: PersonJob, pulse: Pulse) -> None:
    pulse("Taking the join back")
    if job.join is None:
        raise NotFound("The join is gone: one of its ids was erased in the meantime.")
    undo_join(job.join, actor=job.created_by, also=pulse.finish)


def _erase(job: PersonJob, pulse: Pulse) -> None:
    pulse("Storing what waits to be stored")

    def finish(erased: dict[str, int], batches: list[int]) -> None:
        pulse.finish(erased=erased, batches=batches)

    erase_person(job.id_space, _id_of(job, job.person_no), actor=job.created_by, progress=pulse, also=finish)


_WORK = {PersonJob.Kind.MERGE: _merge, PersonJob.Kind.SPLIT: _split, PersonJob.Kind.ERASE: _erase}


def _id_of(job: PersonJob, no: int | None) -> str:
    text = DistinctId.objects.filter(id_space=job.id_space, pk=no).values_list("distinct_id", flat=True).first()
    if text is None:
        raise NotFound("The person is gone: they were erased in the meantime.")
    return text


@contextmanager
def _ending(job: PersonJob) -> Iterator[None]:
    """Write down why a job ended when it did not end well."""
    try:
        yield
    except PortalError as fault:
        _fail(job, fault.message)
    except Exception:  # the outermost loop of a job: the person must see that it is over
        log.exception("%s failed", job)
        _fail(job, _FAILED.format(job))


def _fail(job: PersonJob, error: str) -> None:
    running = PersonJob.objects.filter(pk=job.pk, state=PersonJob.State.RUNNING, n_attempts=job.n_attempts)
    running.update(state=PersonJob.State.FAILED, error=error, finished_at=timezone.now(), step="")


@transaction.atomic
def requeue_dead_jobs() -> list[int]:
    """Announce jobs again whose worker died, but end one that no worker survives; return which were announced."""
    now = timezone.now()
    dead = PersonJob.objects.filter(state=PersonJob.State.RUNNING, heartbeat_at__lt=now - DEAD_AFTER)
    for job in dead.filter(n_attempts__gte=MOST_ATTEMPTS):
        _fail(job, _DIED.format(job.n_attempts, job))
    ids = list(dead.values_list("pk", flat=True))
    again = {"state": PersonJob.State.WAITING, "step": "Starting again"}
    ids = [pk for pk in ids if dead.filter(pk=pk).update(**again)]
    for job_id in ids:
        enqueue_on_commit("persons.run_job", job_id=job_id)
    return ids
