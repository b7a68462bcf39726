"""The part of an erasure that is about what others wrote: looked for, decided, taken out before all else goes.

It comes when what waited is stored and before the rooms erase: names by which mentions are found go with contacts.
"""

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any

from insights.events.public import DistinctId, IdSpace, ids_of_person
from insights.persons.contracts import Mention
from insights.persons.mentions.finding import find_mentions
from insights.persons.mentions.known import names_of
from insights.persons.mentions.mails import erase_from_mails
from insights.persons.mentions.naming import ERASED, Names
from insights.persons.mentions.redacting import redact_mentions
from insights.persons.models import PersonJob
from portal.audit.public import forget_in_trail, forget_of_things
from portal.shell.public import seal, unseal

KEEP_LOOKS = timedelta(days=7)
MOST_NAMES = 20
_PURPOSE = "insights.persons.more_names"
Progress = Callable[[str, int, int], None]


def seal_names(names: Iterable[str]) -> str:
    """Return names as a job keeps them."""
    text = "\n".join(names)
    return seal(_PURPOSE, text) if text else ""


def more_names_of(job: PersonJob) -> list[str]:
    """Return the names that whoever asked for a job added."""
    return (unseal(_PURPOSE, job.more_names) or "").splitlines() if job.more_names else []


def look_for(
    space: IdSpace, distinct_id: str, *, more: Sequence[str] = (), progress: Progress | None = None
) -> list[Mention]:
    """Return where others name a person."""
    texts = [row.distinct_id for row in ids_of_person(space, distinct_id)]
    return find_mentions(space, texts, names_of(space, texts, more), progress)


def erase_mentions(space: IdSpace, distinct_ids: Sequence[str], actor: Any) -> dict[str, int]:
    """Take a person's name out of what others wrote: where it is sure, and as was decided for their erasure."""
    job = _erasure_of(space, distinct_ids)
    kept, taken = (set(job.kept), set(job.taken)) if job else (set(), set())
    names = names_of(space, distinct_ids, more_names_of(job) if job else ())
    found = find_mentions(space, distinct_ids, names)
    goes = [one for one in found if (one.key not in kept if one.is_sure else one.key in taken)]
    n_done = redact_mentions(goes, names, actor=actor)
    n_entries = _forget_in_trail(names, goes)
    found = {"mentions": n_done, "entries of the trail": n_entries}
    return {**{noun: count for noun, count in found.items() if count}, **erase_from_mails(names)}


def _forget_in_trail(names: Names, gone: Iterable[Mention]) -> int:
    sure, pattern = names.sure_pattern, names.pattern
    if pattern is None:
        return 0
    # What a thing was called stands in the trail as well, so what was decided about the thing holds for its entries.
    n_entries = forget_of_things(((one.label, one.pk) for one in gone), lambda text: pattern.sub(ERASED, text))
    return n_entries + (
        forget_in_trail(names.sure_likes(), lambda text: sure.sub(ERASED, text)) if sure is not None else 0
    )


def _erasure_of(space: IdSpace, distinct_ids: Sequence[str]) -> PersonJob | None:
    numbers = DistinctId.objects.filter(id_space=space, distinct_id__in=list(distinct_ids)).values("no")
    running = PersonJob.objects.filter(kind=PersonJob.Kind.ERASE, state=PersonJob.State.RUNNING)
    return running.filter(person_no__in=numbers).order_by("-pk").first()


def forget_looks(job: PersonJob) -> None:
    """Forget what was looked for about somebody who is erased, in the transaction of the erasure."""
    PersonJob.objects.filter(person_no=job.person_no).update(found=[], kept=[], taken=[], more_names="")


def forget_old_looks(now: datetime) -> int:
    """Forget what was found about people who were not erased after all."""
    old = PersonJob.objects.filter(kind=PersonJob.Kind.LOOK, created_at__lt=now - KEEP_LOOKS).exclude(found=[])
    return old.update(found=[], more_names="")
