"""Taking a batch back: the rows that it brought first, its traits and its joins."""

from dataclasses import dataclass, field
from typing import Any

from django.db import transaction
from django.utils import timezone

from insights.events.engine import working_connection
from insights.events.identities import undo_joins, write_person_map
from insights.events.ingest import spans_of_moves
from insights.events.manifest import publish, writer_lock
from insights.events.models import Batch, BatchOverlap, Manifest, Part, PersonJoin, QuarantinedRow
from insights.events.parts import PartWriter
from insights.events.rewriting import Removal, count_erased, remove_rows
from portal.audit.public import record
from portal.people.public import require
from portal.shell.public import Conflict


@dataclass(frozen=True)
class Undone:
    """What an undo took out, and the later batches to load again: their duplicates were this batch's rows."""

    n_events: int
    n_traits: int
    n_joins: int
    reload: list[Batch] = field(default_factory=list)


def batches_to_reload(batch: Batch) -> list[Batch]:
    """Return the batches some of whose rows were dropped as duplicates of this batch's."""
    overlaps = BatchOverlap.objects.filter(earlier_batch=batch, batch__state=Batch.State.DONE).exclude(batch=batch)
    return [overlap.batch for overlap in overlaps.select_related("batch__source")]


def undo_batch(batch: Batch, *, actor: Any) -> Undone:
    """Take back what a finished batch brought; its still open quarantined rows are dismissed."""
    require(actor, "sources.load", batch.source)
    with writer_lock() as base_version, working_connection() as duck:
        writer = PartWriter(duck)
        try:
            condition = "batch_no = $batch"
            goes = {Part.Kind.EVENTS: condition, Part.Kind.TRAITS: condition}
            removal = remove_rows(writer, [batch.source_id], goes, {"batch": batch.pk})
            undone = _publish(batch, base_version, writer, removal, actor)
        except BaseException:
            writer.discard()
            raise
    batch.refresh_from_db()
    return undone


@transaction.atomic
def _publish(batch: Batch, base_version: int, writer: PartWriter, removal: Removal, actor: Any) -> Undone:
    if not Batch.objects.filter(pk=batch.pk, state=Batch.State.DONE).update(state=Batch.State.UNDONE):
        raise Conflict("Only a finished load can be undone, and only once.")
    replaced = list(removal.replaced)
    active = PersonJoin.objects.filter(batch=batch, state=PersonJoin.State.ACTIVE)
    n_joins = active.count()
    moved = undo_joins(active, timezone.now()) if n_joins else set()
    spans = removal.changes() + spans_of_moves(writer.duck, moved, batch.source.id_space, writer.written)
    if moved:
        replaced += write_person_map(writer)[1]
    if replaced or writer.written:
        publish(base_version, Manifest.Reason.UNDO, added=writer.written, removed=replaced, spans=spans, batch=batch)
    count_erased(removal.n_events_of)
    open_rows = QuarantinedRow.objects.filter(batch=batch, state=QuarantinedRow.State.OPEN)
    open_rows.update(state=QuarantinedRow.State.DISMISSED)
    undone = Undone(removal.n_events, removal.n_traits, n_joins, batches_to_reload(batch))
    record(actor, "batch.undone", batch, before={"n_rows": undone.n_events}, after={"n_rows": 0})
    return undone
