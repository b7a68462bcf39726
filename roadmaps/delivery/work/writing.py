"""The one door by which items come in, of files and of pulls alike: written once, with history, status and place."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db import transaction
from django.utils import timezone

from insights.imports.public import Import
from roadmaps.delivery.work.contracts import SAID, WORKED_OUT, Change, GivenItem, Sent
from roadmaps.delivery.work.flow import course_of, guess_phase
from roadmaps.delivery.work.models import ImportedItem, StatusChange, Tracker, TrackerStatus, WorkItem
from roadmaps.delivery.work.placing import Placer, placer_of

_BATCH = 1_000
_UPDATED = [
    *(name for name in SAID),
    "key",
    "phase",
    "started_at",
    "finished_at",
    "dropped_at",
    "version",
    "updated_at",
]
_UPDATED += ["initiative", "placed_by"]
Histories = dict[int, list[Change]]


def differs(item: WorkItem, given: GivenItem) -> bool:
    """Say whether what is told of an item is not what is kept of it."""
    return item.key != given.key or any(getattr(item, name) != value for name, value in given.said.items())


def items_of(tracker_id: int, given: Iterable[GivenItem]) -> dict[str, WorkItem]:
    """Return the items that are there already, by the keys that they are told of by now: a number outlives a key."""
    given = list(given)
    rows = WorkItem.objects.filter(tracker_id=tracker_id)
    found = {item.key: item for item in rows.filter(key__in={one.key for one in given})}
    numbers = {one.said["origin_id"]: one.key for one in given if one.said.get("origin_id") and one.key not in found}
    moved = rows.filter(origin_id__in=list(numbers)).exclude(key__in=list(found)) if numbers else []
    return found | {numbers[item.origin_id]: item for item in moved}


def histories_of(item_ids: Collection[int]) -> Histories:
    """Return the changes that are kept of some items."""
    found: Histories = defaultdict(list)
    rows = StatusChange.objects.filter(item__in=item_ids).values_list("item_id", "at", "from_status", "to_status")
    for item_id, at, before, after in rows:
        found[item_id].append(Change(at, before, after))
    return found


@transaction.atomic
def write_items(tracker: Tracker, given: Sequence[GivenItem], *, batch: Import | None = None) -> Counter[str]:
    """Write what is told of items, each once; return how many were new, changed and known.

    What was told before is not told again: an item that is the same is left alone, a change of status is kept once.
    """
    current = Tracker.objects.select_for_update(no_key=True, of=["self"]).get(pk=tracker.pk)
    given = name_parents(current.pk, list({one.key: one for one in given}.values()))
    there = items_of(current.pk, given)
    histories = histories_of([item.pk for item in there.values()])
    phases, placer = learn_statuses(current, given), placer_of(current.pk)
    counts: Counter[str] = Counter()
    fresh, changed, notes, changes = [], [], [], []
    for one in given:
        item = there.get(one.key)
        is_new, before = item is None, None if item is None else snapshot(item)
        item = item or WorkItem(tracker=current, key=one.key, version=0)
        known = histories.get(item.pk, [])
        told = [*_new_changes(one.changes, known), *_seen_change(item, one, is_new)]
        if not is_new and not told and not differs(item, one):
            counts["known"] += 1
            continue
        _fill(item, one)
        work_out(item, [*known, *told], phases, current)
        placer.place(item)
        item.version += 1
        counts["new" if is_new else "changed"] += 1
        (fresh if is_new else changed).append(item)
        notes.append((item, before))
        changes += [(item, change, change not in one.changes) for change in told]
    WorkItem.objects.bulk_create(fresh, batch_size=_BATCH)
    update_items(changed)
    _write_changes(changes, batch)
    if batch is not None:
        _note_import(batch, notes)
    return counts


def learn_statuses(tracker: Tracker, given: Iterable[GivenItem]) -> dict[str, str]:
    """Keep statuses that were not known, with a guess of what they mean; return the phase of each of the tracker's."""
    known = dict(TrackerStatus.objects.filter(tracker=tracker).values_list("name", "phase"))
    named: dict[str, str] = {}
    for one in given:
        for name in (*(change.from_status for change in one.changes), *(change.to_status for change in one.changes)):
            named.setdefault(name, "")
        if status := one.said.get("status"):
            named[status] = one.category or named.get(status, "")
    fresh = [
        TrackerStatus(tracker=tracker, name=name, category=category[:60], phase=guess_phase(name, category))
        for name, category in named.items()
        if name and name not in known
    ]
    TrackerStatus.objects.bulk_create(fresh, ignore_conflicts=True)
    return known | {status.name: status.phase for status in fresh}


def work_out(item: WorkItem, history: Sequence[Change], phases: Mapping[str, str], tracker: Tracker) -> None:
    """Set an item's phase and times to what its status and history come to."""
    sent = Sent(item.opened_at, item.sent_started_at, item.sent_finished_at, item.sent_dropped_at)
    course = course_of(item.status, phases, history, sent, counts_from_opening=tracker.counts_from_opening)
    item.phase, item.started_at = course.phase, course.started_at
    item.finished_at, item.dropped_at = course.finished_at, course.dropped_at


def update_items(items: Sequence[WorkItem]) -> None:
    """Write many changed items in one statement a thousand."""
    now = timezone.now()
    for item in items:
        item.updated_at = now
    WorkItem.objects.bulk_create(
        items, batch_size=_BATCH, update_conflicts=True, unique_fields=["id"], update_fields=_UPDATED
    )


def snapshot(item: WorkItem) -> dict[str, Any]:
    """Return an item as an import notes it before it writes."""
    return {name: getattr(item, name) for name in ("key", *SAID)}


def _fill(item: WorkItem, given: GivenItem) -> None:
    item.key = given.key
    for name, value in given.said.items():
        setattr(item, name, value)


def name_parents(tracker_id: int, given: Sequence[GivenItem]) -> list[GivenItem]:
    """Return items with the key of their parent where it is told by its number, as Jira's files do."""
    wanted = {parent for one in given if (parent := one.said.get("parent_key", "")).isdecimal()}
    if not wanted:
        return list(given)
    rows = WorkItem.objects.filter(tracker_id=tracker_id, origin_id__in=wanted).values_list("origin_id", "key")
    keys = dict(rows) | {number: one.key for one in given if (number := one.said.get("origin_id")) in wanted}
    return [
        replace(one, said={**one.said, "parent_key": keys[parent]})
        if (parent := one.said.get("parent_key")) in keys
        else one
        for one in given
    ]


def _new_changes(told: Iterable[Change], known: Iterable[Change]) -> list[Change]:
    kept = {(change.at, change.to_status) for change in known}
    return [
        one for one in {(one.at, one.to_status): one for one in told}.values() if (one.at, one.to_status) not in kept
    ]


def _seen_change(item: WorkItem, given: GivenItem, is_new: bool) -> list[Change]:
    """Return the change of status that nobody told of: the item had another one when it was last read."""
    status = given.said.get("status")
    if is_new or not status or status == item.status or any(change.to_status == status for change in given.changes):
        return []
    return [Change(given.said.get("changed_at") or timezone.now(), item.status, status)]


def _write_changes(changes: Sequence[tuple[WorkItem, Change, bool]], batch: Import | None) -> None:
    rows = [
        StatusChange(
            item=item,
            at=change.at,
            from_status=change.from_status,
            to_status=change.to_status,
            was_seen=was_seen,
            imported_in=batch,
        )
        for item, change, was_seen in changes
    ]
    StatusChange.objects.bulk_create(rows, batch_size=_BATCH, ignore_conflicts=True)


def _note_import(batch: Import, notes: Sequence[tuple[WorkItem, dict[str, Any] | None]]) -> None:
    """Keep what each item was before; where an import wrote an item twice, what it was before the first."""
    known = {row.item_id: row for row in ImportedItem.objects.filter(batch=batch, item__in=[item for item, _ in notes])}
    rows = []
    for item, before in notes:
        row = known.get(item.pk) or ImportedItem(batch=batch, item=item, before=_plain(before))
        row.version = item.version
        rows.append(row)
    ImportedItem.objects.bulk_create([row for row in rows if row.pk is None], batch_size=_BATCH)
    ImportedItem.objects.bulk_update([row for row in rows if row.pk is not None], ["version"], batch_size=_BATCH)


def _plain(before: dict[str, Any] | None) -> dict[str, Any] | None:
    if before is None:
        return None
    encoder = DjangoJSONEncoder()
    return {name: encoder.default(value) if isinstance(value, datetime) else value for name, value in before.items()}


def renew_tracker(tracker_id: int) -> int:
    """Work all items of a tracker out anew, some thousand at once: statuses or rules changed; return how many changed.

    Run again, it changes nothing.
    """
    n_changed, after = 0, 0
    while True:
        with transaction.atomic():
            tracker = Tracker.objects.select_for_update(no_key=True, of=["self"]).filter(pk=tracker_id).first()
            if tracker is None:
                return n_changed
            chunk = list(WorkItem.objects.filter(tracker=tracker, pk__gt=after).order_by("pk")[: 2 * _BATCH])
            if not chunk:
                return n_changed
            phases = dict(tracker.statuses.values_list("name", "phase"))
            n_changed += renew_items(tracker, chunk, phases, placer_of(tracker.pk))
            after = chunk[-1].pk


def renew_items(tracker: Tracker, items: Sequence[WorkItem], phases: Mapping[str, str], placer: Placer) -> int:
    """Work some items out anew and write those that changed; return how many did."""
    histories, changed = histories_of([item.pk for item in items]), []
    for item in items:
        before = [getattr(item, name) for name in WORKED_OUT]
        work_out(item, histories.get(item.pk, []), phases, tracker)
        placer.place(item)
        if before != [getattr(item, name) for name in WORKED_OUT]:
            changed.append(item)
    update_items(changed)
    return len(changed)
