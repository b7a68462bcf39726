"""Erasing a person: in other rooms, then events, traits, ids, joins and quarantined text of the whole id space.

The files replaced stay for the time limit of a question and a minute, then the sweep removes them.
"""

import re
import time
import zlib
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.core.cache import cache
from django.db import transaction
from django.db.models import Q

from insights.events.engine import working_connection
from insights.events.identities import resolve_again, write_person_map
from insights.events.manifest import Span, publish, writer_lock
from insights.events.models import (
    BatchOverlap,
    Change,
    DistinctId,
    IdSpace,
    InboxRequest,
    Manifest,
    Part,
    PersonJoin,
    QuarantinedRow,
    Source,
)
from insights.events.parts import PartWriter
from insights.events.rewriting import Removal, count_erased, remove_rows
from insights.events.snapshot import open_snapshot
from portal.audit.public import record
from portal.people.public import require
from portal.shell.public import Conflict, NotFound, PersonEraser, registry

Progress = Callable[[str, int, int], None]
Also = Callable[[dict[str, int], list[int]], None]
_TRIES = 5
_PAUSE_S = 1.0


class EventsWaiting(Conflict):
    """Requests that name the person wait to be stored: they would bring the person back."""

    message = "Events of this person wait to be stored. Try again in a minute."


def ids_of_person(space: IdSpace, distinct_id: str) -> list[DistinctId]:
    """Return all ids of the person whom an id belongs to, or NotFound."""
    found = DistinctId.objects.filter(id_space=space, distinct_id=distinct_id).first()
    if found is None:
        raise NotFound(f"Nobody in {space} has this id.")
    person = found.resolved_no
    return list(DistinctId.objects.filter(Q(no=person) | Q(person_no=person), id_space=space).order_by("no"))


def erase_person(
    space: IdSpace,
    distinct_id: str,
    *,
    actor: Any,
    progress: Progress | None = None,
    also: Also | None = None,
) -> dict[str, int]:
    """Erase a person in every room, the event store last; returns how much of each noun went.

    Killed anywhere, it can be run again: the ids, by which the person is found, go with the last transaction. `also` is
    called in it, with what went and the loads that had brought it.
    """
    require(actor, "persons.erase")
    tell = progress or _tell_nobody
    elsewhere: Counter[str] = Counter()
    for try_no in range(_TRIES):
        elsewhere.update(_erase_elsewhere(space, distinct_id, actor))
        try:
            return _erase_from_store(space, distinct_id, actor, elsewhere, tell, also)
        except EventsWaiting:  # of a request that came since the inbox was stored
            if try_no == _TRIES - 1:
                raise
            time.sleep(_PAUSE_S)
    raise AssertionError("unreachable")


def _tell_nobody(step: str, done: int, total: int) -> None:
    """Stand in where nobody wants to know how far it is."""


def _erase_elsewhere(space: IdSpace, distinct_id: str, actor: Any) -> Counter[str]:
    erased: Counter[str] = Counter()
    for eraser in registry.all(PersonEraser):
        # Asked anew each time: a room that stores what it holds back may bring more ids of the person.
        texts = [row.distinct_id for row in ids_of_person(space, distinct_id)]
        erased.update(eraser.erase(space, texts, actor))
    return erased


def count_person(space: IdSpace, distinct_id: str) -> dict[str, int]:
    """Say what erasing a person would take out of the event store."""
    ids = ids_of_person(space, distinct_id)
    sources = list(Source.objects.filter(id_space=space).values_list("pk", flat=True))
    with open_snapshot(sources, caller="events.count_person") as snapshot:
        params = {"numbers": [row.no for row in ids]}
        events = snapshot.execute(
            "SELECT count(*) FROM {events} WHERE distinct_no IN (SELECT unnest($numbers))", params
        )
        traits = snapshot.execute(
            "SELECT count(*) FROM {traits} WHERE subject = 'person' AND subject_no IN (SELECT unnest($numbers))", params
        )
    texts = [row.distinct_id for row in ids]
    n_rows = len(rows_mentioning(space, texts))
    return {"events": events.tuples[0][0], "traits": traits.tuples[0][0], "ids": len(ids), "quarantined rows": n_rows}


def batches_naming(space: IdSpace, distinct_ids: Sequence[str]) -> set[int]:
    """Return the loads that brought rows of these ids, had such rows set aside, or brought the same rows once more."""
    sources = list(Source.objects.filter(id_space=space).values_list("pk", flat=True))
    known = DistinctId.objects.filter(id_space=space, distinct_id__in=distinct_ids)
    params = {"numbers": list(known.values_list("no", flat=True))}
    mine = "IN (SELECT unnest($numbers))"
    sql = f"""SELECT DISTINCT batch_no FROM {{all_events}} WHERE distinct_no {mine} UNION
        SELECT DISTINCT batch_no FROM {{traits}} WHERE subject = 'person' AND subject_no {mine}"""
    with open_snapshot(sources, caller="events.batches_naming") as snapshot:
        found = {batch_no for (batch_no,) in snapshot.execute(sql, params).tuples}
    set_aside = QuarantinedRow.objects.filter(pk__in=rows_mentioning(space, distinct_ids))
    found |= set(set_aside.values_list("batch", flat=True))
    return found | set(BatchOverlap.objects.filter(earlier_batch__in=found).values_list("batch", flat=True))


def _erase_from_store(
    space: IdSpace,
    distinct_id: str,
    actor: Any,
    elsewhere: Counter[str],
    tell: Progress,
    also: Also | None,
) -> dict[str, int]:
    """Take everything of a person out of the event store."""
    with writer_lock() as base_version, working_connection() as duck:
        tell("Looking for what goes", 0, 0)
        ids = ids_of_person(space, distinct_id)
        numbers = [row.no for row in ids]
        sources = list(Source.objects.filter(id_space=space).values_list("pk", flat=True))
        _refuse_while_waiting(sources, [row.distinct_id for row in ids])
        writer = PartWriter(duck)
        goes = {
            Part.Kind.EVENTS: "distinct_no IN (SELECT unnest($numbers))",
            Part.Kind.TRAITS: "subject = 'person' AND subject_no IN (SELECT unnest($numbers))",
        }
        try:
            removal = remove_rows(
                writer,
                sources,
                goes,
                {"numbers": numbers},
                lambda done, total: tell("Writing files again without the person", done, total),
            )
            tell("Making it count", 0, 0)
            return _publish(_Going(space, ids, removal, elsewhere), base_version, writer, actor, also)
        except BaseException:
            writer.discard()
            raise


@dataclass(frozen=True)
class _Going:
    """Who goes, with what was taken out of files and of other rooms."""

    space: IdSpace
    ids: list[DistinctId]
    removal: Removal
    elsewhere: Counter[str]

    @property
    def numbers(self) -> list[int]:
        return [row.no for row in self.ids]

    @property
    def texts(self) -> list[str]:
        return [row.distinct_id for row in self.ids]


@transaction.atomic
def _publish(
    going: _Going,
    base_version: int,
    writer: PartWriter,
    actor: Any,
    also: Also | None,
) -> dict[str, int]:
    numbers, removal = going.numbers, going.removal
    joins = PersonJoin.objects.filter(Q(from_id__in=numbers) | Q(to_id__in=numbers))
    touched = {no for pair in joins.values_list("from_id", "to_id") for no in pair} | set(numbers)
    joins.delete()
    resolve_again(touched)
    DistinctId.objects.filter(no__in=numbers).delete()
    replaced, spans = list(removal.replaced), removal.changes()
    replaced += write_person_map(writer)[1]
    spans += [Span(source_id, Change.Kind.PERSONS, *span) for source_id, span in removal.spans.items()]
    if replaced or writer.written:
        publish(base_version, Manifest.Reason.ERASURE, added=writer.written, removed=replaced, spans=spans)
    count_erased(removal.n_events_of)
    mentioning = QuarantinedRow.objects.filter(pk__in=rows_mentioning(going.space, going.texts))
    n_quarantined = mentioning.update(raw="", state=QuarantinedRow.State.ERASED)
    erased = {
        "events": removal.n_events,
        "traits": removal.n_traits,
        "ids": len(numbers),
        "quarantined rows": n_quarantined,
    }
    for noun, count in going.elsewhere.items():
        erased[noun] = erased.get(noun, 0) + count
    record(actor, "person.erased", going.space, note=", ".join(f"{n} {noun}" for noun, n in sorted(erased.items())))
    if also is not None:
        also(erased, sorted(removal.n_events_of))
    transaction.on_commit(cache.clear)  # answers in it hold values of the person's events; all of it can be made anew
    return erased


def _pattern(texts: Sequence[str]) -> re.Pattern[str]:
    """Return a pattern for any of the ids standing alone, not as a piece of a longer word."""
    return re.compile(r"(?<![\w@.-])(?:" + "|".join(re.escape(text) for text in texts) + r")(?![\w@-])")


def rows_mentioning(space: IdSpace, texts: Sequence[str]) -> list[int]:
    """Return the quarantined rows whose text names one of these ids."""
    holds = Q()
    for text in texts:
        holds |= Q(raw__contains=text)
    pattern = _pattern(texts)
    rows = QuarantinedRow.objects.filter(holds, source__id_space=space).values_list("pk", "raw")
    return [pk for pk, raw in rows.iterator(chunk_size=1000) if pattern.search(raw)]


def _refuse_while_waiting(source_ids: Sequence[int], texts: Sequence[str]) -> None:
    """Refuse to erase while requests that name the person wait to be flushed: they would bring the person back."""
    pattern = _pattern(texts)
    for request in InboxRequest.objects.filter(source__in=source_ids).iterator(chunk_size=200):
        if pattern.search(zlib.decompress(bytes(request.body)).decode("utf-8", "replace")):
            raise EventsWaiting()
