"""Carrying out a job about persons: claimed, kept alive by a heartbeat, ended in the store's own transaction.

A job that died is simply run again: the store changes in one transaction, which also says that the job is done; what
other rooms erase before that can be erased twice.
"""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.db.models.functions import Coalesce
from django.utils import timezone

from insights.events.public import DistinctId, erase_person, merge_persons, undo_join
from insights.persons.mentions.erasing import forget_looks, look_for, more_names_of
from insights.persons.models import PersonJob
from portal.operations.public import Pulse, Report, claim, enqueue_on_commit, requeue_dead
from portal.people.public import can
from portal.shell.public import Conflict, NotAllowed, NotFound, PortalError

log = logging.getLogger(__name__)

_FAILED = "It stopped on an error of the portal. Ask for it again, or tell ops ({})."
_DIED = "The worker ended {n} times before it was through. Tell ops (job {pk})."


class _JobPulse(Pulse):
    """The pulse of a job about persons."""

    def finish(self, **fields: Any) -> None:
        """Say in the store's transaction that the job is done; if it is another worker's by now, nothing is stored."""
        done = {"state": PersonJob.State.DONE, "finished_at": timezone.now(), "step": "", "error": ""}
        if not self.mine.update(**done, **fields):
            raise Conflict("Another worker has this job now.")


def run_job(job_id: int, *, report: Report | None = None) -> None:
    """Carry a waiting job out, in the name of who asked for it."""
    mine = claim(PersonJob.objects.all(), job_id, started_at=Coalesce("started_at", timezone.now()))
    job = mine.select_related("id_space", "created_by", "join").first() if mine is not None else None
    if job is None:
        return
    with _ending(job, mine), _JobPulse(mine, report) as pulse:
        # Whoever asked may have lost the role since; nobody's wish is carried out on the portal's own authority.
        if job.created_by is None or not can(job.created_by, job.action):
            raise NotAllowed("Who asked for this may not do it any more. Somebody who may must ask again.")
        _WORK[job.kind](job, pulse)


def _merge(job: PersonJob, pulse: _JobPulse) -> None:
    pulse("Joining the two persons")
    old, new = (_id_of(job, no) for no in (job.other_no, job.person_no))
    merge_persons(job.id_space, old, new, actor=job.created_by, also=lambda join: pulse.finish(join=join))


def _split(job: PersonJob, pulse: _JobPulse) -> None:
    pulse("Taking the join back")
    if job.join is None:
        raise NotFound("The join is gone: one of its ids was erased in the meantime.")
    undo_join(job.join, actor=job.created_by, also=pulse.finish)


def _erase(job: PersonJob, pulse: _JobPulse) -> None:
    pulse("Storing what waits to be stored")

    def finish(erased: dict[str, int], batches: list[int]) -> None:
        pulse.finish(erased=erased, batches=batches)
        forget_looks(job)

    erase_person(job.id_space, _id_of(job, job.person_no), actor=job.created_by, progress=pulse, also=finish)


def _look(job: PersonJob, pulse: _JobPulse) -> None:
    pulse("Gathering their names")
    found = look_for(job.id_space, _id_of(job, job.person_no), more=more_names_of(job), progress=pulse)
    pulse.finish(found=[[one.label, one.pk, one.is_sure] for one in found])


_WORK = {
    PersonJob.Kind.MERGE: _merge,
    PersonJob.Kind.SPLIT: _split,
    PersonJob.Kind.LOOK: _look,
    PersonJob.Kind.ERASE: _erase,
}


def _id_of(job: PersonJob, no: int | None) -> str:
    text = DistinctId.objects.filter(id_space=job.id_space, pk=no).values_list("distinct_id", flat=True).first()
    if text is None:
        raise NotFound("The person is gone: they were erased in the meantime.")
    return text


@contextmanager
def _ending(job: PersonJob, mine: QuerySet) -> Iterator[None]:
    """Write down why a job ended when it did not end well."""
    try:
        yield
    except PortalError as fault:
        _fail(mine, fault.message)
    except Exception:  # the outermost loop of a job: the person must see that it is over
        log.exception("%s failed", job)
        _fail(mine, _FAILED.format(job))


def _fail(mine: QuerySet, error: str) -> None:
    mine.update(state=PersonJob.State.FAILED, error=error, finished_at=timezone.now(), step="")


@transaction.atomic
def requeue_dead_jobs() -> list[int]:
    """Announce jobs again whose worker died, but end one that no worker survives; return which were announced."""
    given_up = {"finished_at": timezone.now(), "step": ""}
    jobs = PersonJob.objects.all()
    ids, _ = requeue_dead(jobs, _DIED, again={"step": "Starting again"}, given_up=given_up)
    for job_id in ids:
        enqueue_on_commit("persons.run_job", job_id=job_id)
    return ids
