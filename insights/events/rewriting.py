"""Taking rows out of the store: the parts that hold them are written again without them."""

import datetime as dt
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from insights.events.engine import as_list
from insights.events.manifest import Span, parts_in_use
from insights.events.models import Batch, Change, Part
from insights.events.parts import EVENT_COLUMNS, TRAIT_COLUMNS, PartWriter, aware, path_of

_COLUMNS = {Part.Kind.EVENTS: EVENT_COLUMNS, Part.Kind.TRAITS: TRAIT_COLUMNS}


@dataclass
class Removal:
    """What was taken out: the parts replaced, rows by batch, and the times touched by source."""

    replaced: list[Part] = field(default_factory=list)
    n_events_of: Counter[int] = field(default_factory=Counter)  # by batch
    n_traits: int = 0
    spans: dict[int, tuple[dt.datetime, dt.datetime]] = field(default_factory=dict)  # of events, by source
    trait_sources: set[int] = field(default_factory=set)

    @property
    def n_events(self) -> int:
        """Return how many events were taken out."""
        return sum(self.n_events_of.values())

    def changes(self) -> list[Span]:
        """Return what changed, to record with the version."""
        events = [
            Span(source_id, Change.Kind.EVENTS, low, high, 0) for source_id, (low, high) in sorted(self.spans.items())
        ]
        return events + [Span(source_id, Change.Kind.TRAITS) for source_id in sorted(self.trait_sources)]


def remove_rows(
    writer: PartWriter,
    source_ids: Sequence[int],
    goes: dict[str, str],
    params: dict[str, Any],
    progress: Callable[[int, int], None] | None = None,
) -> Removal:
    """Write again, without the rows that a condition names, every part of these sources that holds such rows.

    goes: the SQL condition of the rows to take out, by kind of part. progress: called with the files written, and all.
    """
    removal = Removal()
    holding: list[tuple[Part, str]] = []
    for kind, condition in goes.items():
        parts = {str(path_of(part)): part for part in parts_in_use(kind).filter(source__in=list(source_ids))}
        if not parts:
            continue
        found = writer.duck.execute(
            "SELECT filename, batch_no, count(*), min(ts), max(ts) FROM read_parquet($files, filename = true) "
            f"WHERE {condition} GROUP BY ALL ORDER BY ALL",
            {"files": as_list(parts), **params},
        ).fetchall()
        for name, batch_no, n_rows, low, high in found:
            _note(removal, parts[name], batch_no, n_rows, aware(low), aware(high))
        holding += [(parts[name], condition) for name in sorted({row[0] for row in found})]
    for n_written, (part, condition) in enumerate(holding):
        if progress:
            progress(n_written, len(holding))
        _write_again(writer, removal, part, condition, params)
    return removal


def _note(removal: Removal, part: Part, batch_no: int, n_rows: int, low: dt.datetime, high: dt.datetime) -> None:
    if part.kind == Part.Kind.TRAITS:
        removal.n_traits += n_rows
        removal.trait_sources.add(part.source_id)
        return
    removal.n_events_of[batch_no] += n_rows
    known = removal.spans.get(part.source_id, (low, high))
    removal.spans[part.source_id] = (min(known[0], low), max(known[1], high))


def _write_again(writer: PartWriter, removal: Removal, part: Part, condition: str, params: dict[str, Any]) -> None:
    write = writer.write_events if part.kind == Part.Kind.EVENTS else writer.write_traits
    sql = f"SELECT {_COLUMNS[part.kind]} FROM read_parquet($file) WHERE NOT ({condition})"
    write(sql, {"file": str(path_of(part)), **params}, part.source_id, part.month)
    removal.replaced += [part, *parts_in_use(*Part.COMPANIONS).filter(stem=part.stem)]


def count_erased(n_events_of: Counter[int]) -> None:
    """Note on each batch how many of its rows were taken out, in the caller's transaction."""
    for batch in Batch.objects.select_for_update().filter(pk__in=n_events_of):
        batch.n_erased += n_events_of[batch.pk]
        batch.save(update_fields=["n_erased"])
