"""Erasing a person: events, traits, ids, joins and quarantined text, in every source of the id space.

The files replaced stay for the time limit of a question and a minute, then the sweep removes them.
"""

import re
import zlib
from collections.abc import Sequence
from typing import Any

from django.db import transaction
from django.db.models import Q

from insights.events.engine import working_connection
from insights.events.identities import resolve_again, write_person_map
from insights.events.manifest import Span, publish, writer_lock
from insights.events.models import (
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


def ids_of_person(space: IdSpace, distinct_id: str) -> list[DistinctId]:
    """Return all ids of the person whom an id belongs to, or NotFound."""
    found = DistinctId.objects.filter(id_space=space, distinct_id=distinct_id).first()
    if found is None:
        raise NotFound(f"Nobody in {space} has this id.")
    person = found.resolved_no
    return list(DistinctId.objects.filter(Q(no=person) | Q(person_no=person), id_space=space).order_by("no"))


def erase_person(space: IdSpace, distinct_id: str, *, actor: Any) -> dict[str, int]:
    """Erase a person in every room; returns how much of each noun went."""
    require(actor, "persons.erase")
    texts = [row.distinct_id for row in ids_of_person(space, distinct_id)]
    erased: dict[str, int] = {}
    for eraser in registry.all(PersonEraser):
        for noun, count in eraser.erase(space, texts, actor).items():
            erased[noun] = erased.get(noun, 0) + count
    record(actor, "person.erased", space, note=", ".join(f"{n} {noun}" for noun, n in sorted(erased.items())))
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
    n_rows = len(_mentioning(space, texts))
    return {"events": events.tuples[0][0], "traits": traits.tuples[0][0], "ids": len(ids), "quarantined rows": n_rows}


def erase_ids(space: IdSpace, distinct_ids: Sequence[str], actor: Any) -> dict[str, int]:
    """Take everything of these ids out of the event store."""
    with writer_lock() as base_version, working_connection() as duck:
        rows = list(DistinctId.objects.filter(id_space=space, distinct_id__in=distinct_ids))
        numbers = [row.no for row in rows]
        sources = list(Source.objects.filter(id_space=space).values_list("pk", flat=True))
        _refuse_while_waiting(sources, distinct_ids)
        writer = PartWriter(duck)
        try:
            goes = {
                Part.Kind.EVENTS: "distinct_no IN (SELECT unnest($numbers))",
                Part.Kind.TRAITS: "subject = 'person' AND subject_no IN (SELECT unnest($numbers))",
            }
            removal = remove_rows(writer, sources, goes, {"numbers": numbers})
            n_quarantined = _publish(space, distinct_ids, numbers, base_version, writer, removal)
        except BaseException:
            writer.discard()
            raise
    return {
        "events": removal.n_events,
        "traits": removal.n_traits,
        "ids": len(numbers),
        "quarantined rows": n_quarantined,
    }


@transaction.atomic
def _publish(
    space: IdSpace,
    texts: Sequence[str],
    numbers: list[int],
    base_version: int,
    writer: PartWriter,
    removal: Removal,
) -> int:
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
    mentioning = QuarantinedRow.objects.filter(pk__in=_mentioning(space, texts))
    return mentioning.update(raw="", state=QuarantinedRow.State.ERASED)


def _pattern(texts: Sequence[str]) -> re.Pattern[str]:
    """Return a pattern for any of the ids standing alone, not as a piece of a longer word."""
    return re.compile(r"(?<![\w@.-])(?:" + "|".join(re.escape(text) for text in texts) + r")(?![\w@-])")


def _mentioning(space: IdSpace, texts: Sequence[str]) -> list[int]:
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
            raise Conflict("Events of this person wait to be stored. Try again in a minute.")
