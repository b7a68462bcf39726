"""Rows of a tracker's file as items of work: what each comes to, and writing what is new or changed."""

from collections.abc import Sequence
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings

from insights.imports.public import Fate, Import, Note, Plan, Seen, guess_day_format
from insights.sources.public import FileRow
from portal.people.public import Product
from portal.shell.public import is_storable
from roadmaps.delivery.work.actions.trackers import create_tracker
from roadmaps.delivery.work.contracts import GivenItem
from roadmaps.delivery.work.flow import guess_phase
from roadmaps.delivery.work.importing.cells import key_of_address, read_estimate, read_labels, read_moment
from roadmaps.delivery.work.importing.options import chosen_tracker, tracker_name
from roadmaps.delivery.work.models import Tracker, TrackerStatus
from roadmaps.delivery.work.writing import differs, items_of, name_parents, write_items

_TEXTS = {"origin_id": 100, "title": 500, "kind": 100, "parent_key": 200, "project": 200, "milestone": 200, "url": 1000}
_TIMES = ("opened_at", "sent_started_at", "sent_finished_at", "sent_dropped_at", "changed_at")
_SAMPLED = 300
_NO_TIME = "This time cannot be read, so none was taken. Say how times are written, or write it as 2026-11-21 17:05."


def form_of_times(rows: Sequence[FileRow], plan: Plan, targets: Sequence[str]) -> str:
    """Return the form of a file's times, guessed from all of its columns of times together: one file has one form."""
    columns = [column for target in targets for column in plan.columns(target)]
    return guess_day_format([row.cells.get(column, "") for row in rows[:_SAMPLED] for column in columns])


class ItemTaker:
    """Looks at rows in the order of the file and writes items; made anew for each check and run."""

    def __init__(self, product: Product, plan: Plan, *, actor: Any, batch: Import | None):
        self.product, self.plan, self.actor, self.batch = product, plan, actor, batch
        self.tracker = chosen_tracker(plan, product)
        self.times = str(plan.options.get("day_format") or "")
        self.zone = ZoneInfo(settings.WORKSPACE_TIME_ZONE)
        self._seen: dict[str, tuple[int, GivenItem]] = {}
        self._told: set[str] = set()
        self._known = set(self._statuses())

    def _statuses(self) -> list[str]:
        """Return the statuses that mean something already."""
        if self.tracker is None:
            return []
        return list(TrackerStatus.objects.filter(tracker=self.tracker).exclude(phase="").values_list("name", flat=True))

    def look(self, rows: Sequence[FileRow]) -> list[Seen]:
        """Say what each row comes to."""
        self.times = self.times or form_of_times(rows, self.plan, _TIMES)
        read = [(row, *self._read(row)) for row in rows]
        told = name_parents(self.tracker.pk if self.tracker else 0, [given for _, given, _ in read if given])
        there, named = items_of(self.tracker.pk, told) if self.tracker else {}, iter(told)
        return [self._judge(row, next(named) if given else None, notes, there) for row, given, notes in read]

    def _judge(self, row: FileRow, given: GivenItem | None, notes: list[Note], there: dict[str, Any]) -> Seen:
        if given is None:
            return Seen(row, Fate.REFUSED, "The row names no item: it has no key.", self.plan.column("key"))
        if not all(is_storable(text) for text in (given.key, *self._texts(given))):
            return Seen(row, Fate.REFUSED, "The row holds signs that cannot be stored.", self.plan.column("title"))
        shown = self._shown(given)
        first = self._seen.setdefault(given.key, (row.no, given))
        if first[0] != row.no:
            if first[1] == given:
                return Seen(row, Fate.KNOWN, shown=shown)
            reason = f"Line {first[0]:,} has this key and says something else. The first is taken."
            return Seen(row, Fate.REFUSED, reason, self.plan.column("key"))
        item = there.get(given.key)
        fate = Fate.NEW if item is None else Fate.CHANGED if differs(item, given) else Fate.KNOWN
        return Seen(row, fate, notes=tuple(notes), shown=shown, value=given)

    def _texts(self, given: GivenItem) -> list[str]:
        return [text for value in given.said.values() for text in (value if isinstance(value, list) else [value])
                if isinstance(text, str)]  # fmt: skip

    def _read(self, row: FileRow) -> tuple[GivenItem | None, list[Note]]:
        plan, notes = self.plan, []
        url = plan.cell(row, "url")
        key = " ".join(plan.cell(row, "key").split())[:200] or key_of_address(url)
        if not key:
            return None, notes
        said: dict[str, Any] = {
            name: " ".join(plan.cell(row, name).split())[:longest]
            for name, longest in _TEXTS.items()
            if plan.column(name)
        }
        said |= {name: self._time(row, name, notes) for name in _TIMES if plan.column(name)}
        if plan.column("status"):
            said["status"] = self._status(row)
            self._tell_unknown(row, said["status"], notes)
        if plan.column("estimate"):
            said["estimate"] = self._estimate(row, notes)
        if columns := plan.columns("labels"):
            said["labels"] = read_labels([row.cells.get(column, "") for column in columns])
        return GivenItem(key, said, plan.cell(row, "category")[:60]), notes

    def _status(self, row: FileRow) -> str:
        """Return a status as it was sent, with the reason that GitHub sends beside it: it tells done from given up."""
        status, more = (" ".join(self.plan.cell(row, name).split()) for name in ("status", "status_more"))
        return (f"{status} ({more})" if more and status else status)[:200]

    def _tell_unknown(self, row: FileRow, status: str, notes: list[Note]) -> None:
        """Report once a status of which nobody has said what it means, and no name or category does."""
        if not status or status in self._known or status in self._told:
            return
        if guess_phase(status, self.plan.cell(row, "category")):
            return
        self._told.add(status)
        reason = "What this status means is not known. It stays as it is; say it on the tracker's page."
        notes.append(Note(self.plan.column("status"), status, reason))

    def _time(self, row: FileRow, name: str, notes: list[Note]) -> Any:
        text = self.plan.cell(row, name)
        found = read_moment(text, self.times, self.zone) if text else None
        if text and found is None:
            notes.append(Note(self.plan.column(name), text[:500], _NO_TIME))
        return found

    def _estimate(self, row: FileRow, notes: list[Note]) -> float | None:
        text = self.plan.cell(row, "estimate")
        found = read_estimate(text) if text else None
        if text and found is None:
            notes.append(Note(self.plan.column("estimate"), text[:500], "This is no number, so none was taken."))
        return found

    def _shown(self, given: GivenItem) -> dict[str, str]:
        said = given.said
        days = {name: f"{said[name]:%-d %b %Y}" if said.get(name) else "" for name in _TIMES}
        texts = {name: str(said.get(name) or "") for name in ("title", "status", "kind")}
        return {"key": given.key, **texts, **days, "labels": ", ".join(said.get("labels", []))}

    def write(self, seen: Sequence[Seen]) -> None:
        """Write what is new or changed; a new tracker is made with the first of it."""
        if self.tracker is None:
            self.tracker = self._make_tracker()
        write_items(self.tracker, [one.value for one in seen], batch=self.batch)

    def _make_tracker(self) -> Tracker:
        options = self.plan.options
        return create_tracker(
            product=self.product,
            name=tracker_name(self.plan),
            kind=str(options.get("kind") or Tracker.Kind.OTHER),
            counts_from_opening=bool(options.get("counts_from_opening")),
            actor=self.actor,
        )
