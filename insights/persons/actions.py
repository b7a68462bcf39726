"""Wishes about persons: checked and recorded here, carried out by a worker (`insights.persons.jobs`)."""

from collections.abc import Collection, Iterable
from typing import Any

from django.db import transaction
from django.utils import timezone

from insights.events.public import DistinctId, IdSpace, PersonJoin
from insights.persons.access import get_person_ids
from insights.persons.mentions.erasing import KEEP_LOOKS, MOST_NAMES, seal_names
from insights.persons.models import PersonJob
from portal.audit.public import record
from portal.operations.public import enqueue_on_commit
from portal.people.public import Product, require
from portal.shell.public import BadInput, Conflict, is_storable

_BUSY = {
    PersonJob.Kind.MERGE: "is being merged",
    PersonJob.Kind.SPLIT: "is being split",
    PersonJob.Kind.LOOK: "is being looked for in what others wrote",
    PersonJob.Kind.ERASE: "is being erased",
}


def merge(no: int, other_no: int, *, actor: Any) -> PersonJob:
    """Have another person made a part of this one, for the past too."""
    require(actor, "persons.merge")
    scope, ids = get_person_ids(actor, no)
    other_scope, other_ids = get_person_ids(actor, other_no)
    if scope.space.pk != other_scope.space.pk:
        raise BadInput(
            "These two persons live in different id spaces, so they can never be one.",
            fields={"other": [f"Name a person of {scope.space}."]},
        )
    person, other = ids[0].resolved_no, other_ids[0].resolved_no
    if person == other:
        raise BadInput("These two ids are one person already.", fields={"other": ["Name another person."]})
    return _ask(PersonJob(kind=PersonJob.Kind.MERGE, id_space=scope.space, person_no=person, other_no=other), actor)


def take_back(join: PersonJoin, *, actor: Any) -> PersonJob:
    """Have a join undone: its ids are again whoever the other joins say."""
    require(actor, "persons.merge")
    if join.state != PersonJoin.State.ACTIVE:
        raise Conflict("This join is not in force, so there is nothing to take back.")
    wish = PersonJob(kind=PersonJob.Kind.SPLIT, id_space=join.id_space, join=join)
    wish.person_no, wish.other_no = join.to_id.resolved_no, join.from_id_id
    return _ask(wish, actor)


def look(no: int, *, names: Iterable[str] = (), actor: Any) -> PersonJob:
    """Have a worker look for what others wrote about a person; `names` are others that they go by."""
    require(actor, "persons.erase")
    scope, ids = get_person_ids(actor, no)
    plain = list(dict.fromkeys(filter(None, (" ".join(name.split()) for name in names))))
    if len(plain) > MOST_NAMES or any(len(name) > 200 or not is_storable(name) for name in plain):
        raise BadInput(fields={"names": [f"Give at most {MOST_NAMES} names of at most 200 readable characters."]})
    wish = PersonJob(kind=PersonJob.Kind.LOOK, id_space=scope.space, person_no=ids[0].resolved_no)
    wish.more_names = seal_names(plain)
    return _ask(wish, actor)


def newest_look(no: int) -> PersonJob | None:
    """Return the last look for mentions of a person that found its end, where one did."""
    looks = PersonJob.objects.filter(kind=PersonJob.Kind.LOOK, person_no=no, state=PersonJob.State.DONE)
    return looks.filter(created_at__gt=timezone.now() - KEEP_LOOKS).order_by("-pk").first()


def erase(no: int, *, confirm: str, keep: Collection[str] = (), take: Collection[str] = (), actor: Any) -> PersonJob:
    """Have a person erased everywhere; `confirm` must be the id that stands for the person.

    Where others surely name them, the name goes, unless the mention's key is in `keep`; where it may be they, only if
    it is in `take`.
    """
    require(actor, "persons.erase")
    scope, ids = get_person_ids(actor, no)
    if confirm != ids[0].distinct_id:
        raise BadInput(
            "This is not the id of the person. Nothing was erased.",
            fields={"confirm": [f"Type the id exactly: {ids[0].distinct_id}"]},
        )
    wish = PersonJob(kind=PersonJob.Kind.ERASE, id_space=scope.space, person_no=ids[0].resolved_no)
    wish.kept, wish.taken = sorted(set(keep)), sorted(set(take))
    seen = newest_look(wish.person_no)
    wish.more_names = seen.more_names if seen else ""
    return _ask(wish, actor)


@transaction.atomic
def _ask(wish: PersonJob, actor: Any) -> PersonJob:
    """Keep the wish and announce it; who asks for what is asked already gets that job."""
    # One wish at a time in a space, so that two people who ask at once see each other; loads are not held up.
    IdSpace.objects.select_for_update(no_key=True).get(pk=wish.id_space_id)
    for job in PersonJob.objects.active().about(wish.numbers):
        if (job.kind, job.numbers, job.join_id) == (wish.kind, wish.numbers, wish.join_id):
            return job
        raise Conflict(f"This person {_BUSY[job.kind]} just now. Try again when that is over.")
    if not DistinctId.objects.filter(pk=wish.person_no, person_no=None).exists():
        raise Conflict("The person was merged or erased in the meantime. Look at their page again.")
    wish.created_by = actor
    wish.save()
    record(actor, f"{wish.noun}.requested", wish)
    enqueue_on_commit("persons.run_job", job_id=wish.pk)
    return wish


@transaction.atomic
def cancel_job(job: PersonJob, *, actor: Any) -> PersonJob:
    """Call a job off that has not begun."""
    require(actor, job.action)
    waiting = PersonJob.objects.filter(pk=job.pk, state=PersonJob.State.WAITING, n_attempts=0)
    if not waiting.update(state=PersonJob.State.CANCELLED, finished_at=timezone.now()):
        raise Conflict("It has begun or is over, so it cannot be called off any more.")
    record(actor, f"{job.noun}.cancelled", job)
    job.refresh_from_db()
    return job


@transaction.atomic
def note_download(product: Product, noun: str, n_rows: int, kind: str, *, actor: Any) -> None:
    """Keep in the audit trail who took a list of a product's people along."""
    record(actor, "product.people_downloaded", product, note=f"{n_rows:,} {noun} as {kind.upper()}")
