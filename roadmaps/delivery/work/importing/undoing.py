"""Taking an import of work back: items as they stood, changes of status gone."""

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

from django.db.models import F
from django.utils.dateparse import parse_datetime

from insights.imports.public import Import, Kept, Worked
from roadmaps.delivery.work.models import ImportedItem, StatusChange, WorkItem
from roadmaps.delivery.work.placing import placer_of
from roadmaps.delivery.work.writing import renew_items, update_items

_SHOWN = 20
_CHUNK = 1_000
_WHY = "changed since by a pull, a later import or by hand"


def find_worked(batch: Import) -> Worked:
    """Return how many items were changed since the import, and the first of them."""
    rows = ImportedItem.objects.filter(batch=batch).exclude(version=F("item__version")).select_related("item")
    first = tuple(Kept(str(row.item), row.item.get_absolute_url(), _WHY) for row in rows[:_SHOWN])
    return Worked(rows.count(), first)


def undo_items(batch: Import, *, keeps_worked: bool, progress: Callable[..., None]) -> int:
    """Put back what stood there before an import; return how many items were kept since something changed them."""
    n_all, n_done, n_kept = ImportedItem.objects.filter(batch=batch).count(), 0, 0
    for rows in _chunks(batch):
        progress("Taking it back", n_done, n_all)
        n_kept += _undo(batch, rows, keeps_worked)
        n_done += len(rows)
    return n_kept


def _chunks(batch: Import) -> Iterator[list[ImportedItem]]:
    after = 0
    while rows := list(ImportedItem.objects.filter(batch=batch, pk__gt=after).order_by("pk")[:_CHUNK]):
        yield rows
        after = rows[-1].pk


def _undo(batch: Import, rows: list[ImportedItem], keeps_worked: bool) -> int:
    items = WorkItem.objects.select_for_update(of=["self"]).select_related("tracker")
    there = {item.pk: item for item in items.filter(pk__in=[row.item_id for row in rows])}
    kept = {row.item_id for row in rows if keeps_worked and there[row.item_id].version != row.version}
    gone = [row.item_id for row in rows if row.before is None and row.item_id not in kept]
    back = [there[row.item_id] for row in rows if row.before is not None and row.item_id not in kept]
    before = {row.item_id: row.before for row in rows}
    StatusChange.objects.filter(imported_in=batch, item__in=there).exclude(item__in=kept).delete()
    for item in back:
        for name, value in before[item.pk].items():
            setattr(item, name, _time(value) if name.endswith("_at") else value)
        item.version += 1
    update_items(back)
    _renew(back)
    WorkItem.objects.filter(pk__in=gone).delete()
    return len(kept)


def _time(text: Any) -> datetime | None:
    return parse_datetime(text) if text else None


def _renew(items: list[WorkItem]) -> None:
    by_tracker: dict[int, list[WorkItem]] = {}
    for item in items:
        by_tracker.setdefault(item.tracker_id, []).append(item)
    for tracker_id, own in by_tracker.items():
        phases = dict(own[0].tracker.statuses.values_list("name", "phase"))
        renew_items(own[0].tracker, own, phases, placer_of(tracker_id))
