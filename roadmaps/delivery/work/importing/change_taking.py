"""Rows of a file as changes of items' statuses, each kept once; the items they are of must be there."""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import transaction

from insights.imports.public import Fate, Import, Plan, Seen
from insights.sources.public import FileRow
from portal.people.public import Product
from portal.shell.public import is_storable
from roadmaps.delivery.work.contracts import Change, GivenItem
from roadmaps.delivery.work.importing.cells import read_moment
from roadmaps.delivery.work.importing.options import chosen_tracker
from roadmaps.delivery.work.importing.taking import form_of_times
from roadmaps.delivery.work.models import WorkItem
from roadmaps.delivery.work.writing import histories_of, write_items

_NO_TIME = "This time cannot be read. Say how times are written, or write it as 2026-11-21 17:05."


class ChangeTaker:
    """Looks at rows in the order of the file and writes changes; made anew for each check and run."""

    def __init__(self, product: Product, plan: Plan, *, actor: Any, batch: Import | None):
        self.plan, self.batch = plan, batch
        self.tracker = chosen_tracker(plan, product)
        self.times = str(plan.options.get("day_format") or "")
        self.zone = ZoneInfo(settings.WORKSPACE_TIME_ZONE)
        self._seen: set[tuple[str, Any, str]] = set()

    def look(self, rows: Sequence[FileRow]) -> list[Seen]:
        """Say what each row comes to."""
        self.times = self.times or form_of_times(rows, self.plan, ["at"])
        keys = {self.plan.cell(row, "key") for row in rows}
        items = dict(WorkItem.objects.filter(tracker=self.tracker, key__in=keys).values_list("key", "pk"))
        known = histories_of(items.values())
        kept = {(pk, change.at, change.to_status) for pk, changes in known.items() for change in changes}
        return [self._judge(row, items, kept) for row in rows]

    def _judge(self, row: FileRow, items: dict[str, int], kept: set[tuple[int, Any, str]]) -> Seen:
        key, before, after = (
            " ".join(self.plan.cell(row, name).split()) for name in ("key", "from_status", "to_status")
        )
        at = read_moment(self.plan.cell(row, "at"), self.times, self.zone)
        if key not in items:
            reason = "There is no such item in the tracker. Import its items first."
            return Seen(row, Fate.REFUSED, reason, self.plan.column("key"))
        if at is None:
            return Seen(row, Fate.REFUSED, _NO_TIME, self.plan.column("at"))
        if not after or not is_storable(before + after) or max(len(before), len(after)) > 200:
            reason = "The row does not say which status it became, in at most 200 readable characters."
            return Seen(row, Fate.REFUSED, reason, self.plan.column("to_status"))
        shown = {"key": key, "at": f"{at:%-d %b %Y, %H:%M}", "from": before, "to": after}
        mark = (key, at, after)
        is_known = (items[key], at, after) in kept or mark in self._seen
        self._seen.add(mark)
        return Seen(row, Fate.KNOWN if is_known else Fate.NEW, shown=shown, value=(key, Change(at, before, after)))

    @transaction.atomic
    def write(self, seen: Sequence[Seen]) -> None:
        """Write changes that are new; what they say of their items is worked out anew."""
        assert self.tracker is not None
        told: dict[str, list[Change]] = defaultdict(list)
        for one in seen:
            key, change = one.value
            told[key].append(change)
        write_items(
            self.tracker, [GivenItem(key, {}, "", tuple(changes)) for key, changes in told.items()], batch=self.batch
        )
