"""Rows of a file as initiatives, or as changes of their status: what each comes to, and writing what is new."""

import datetime as dt
import re
from collections.abc import Sequence
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings

from insights.imports.public import Fate, Import, Note, Plan, Seen, read_day, read_time
from insights.sources.public import FileRow
from portal.people.public import Product, possible_owners
from portal.shell.public import BadInput
from roadmaps.goals.public import Objective
from roadmaps.planning.initiatives.actions import change_initiative, create_initiative
from roadmaps.planning.initiatives.dependencies import add_dependency
from roadmaps.planning.initiatives.models import (
    Horizon,
    ImportedInitiative,
    Initiative,
    Stage,
    ToldStage,
)
from roadmaps.planning.initiatives.retelling import retell
from roadmaps.planning.initiatives.stage_names import note_names, stages_of

_APART = re.compile(r"[,;|]")
_DAYS = ("starts_on", "ends_on", "promised_on")
_LONGEST = {"reference": 60, "title": 200, "stage": 60}


class _Taker:
    """What both kinds share: the product, the zone, and reading cells."""

    def __init__(self, product: Product, plan: Plan, *, actor: Any, batch: Import | None):
        self.product, self.plan, self.actor, self.batch = product, plan, actor, batch
        self.zone = ZoneInfo(settings.WORKSPACE_TIME_ZONE)
        self.day_format = str(plan.options.get("day_format") or "iso")

    def text(self, row: FileRow, target: str) -> str:
        """Return a cell as one line."""
        text = " ".join(self.plan.cell(row, target).split())
        if len(text) > _LONGEST.get(target, 20_000):
            raise BadInput(fields={target: [f"This is longer than {_LONGEST[target]} letters."]})
        return text

    def note(self, target: str, value: str, reason: str) -> Note:
        """Return that a value could not be taken."""
        return Note(self.plan.column(target), value[:500], reason)

    def refused(self, row: FileRow, fault: BadInput) -> Seen:
        """Return that a row could not be taken, and why."""
        name, sentences = next(iter(fault.fields.items()), ("", [fault.message]))
        return Seen(row, Fate.REFUSED, sentences[0], self.plan.column(name))

    def unknown_stage(self, sent: str) -> Note:
        """Return that nobody said what a status means."""
        said = "Nobody said what this status means. It stays as it was sent; name it under “Statuses of files”."
        return self.note("stage", sent, said)


class InitiativeTaker(_Taker):
    """Rows that are initiatives, known by their reference, or by their title where there is none."""

    def __init__(self, product: Product, plan: Plan, *, actor: Any, batch: Import | None):
        super().__init__(product, plan, actor=actor, batch=batch)
        people = list(possible_owners([product.team_id]))
        self.owners = {text.lower(): person for person in people for text in (person.name, person.email)}
        goals = Objective.objects.visible_to(actor).filter(state=Objective.State.OPEN)
        self.goals = {one.title.lower(): one for one in goals.filter(product=product) | goals.filter(product=None)}
        self.first: dict[str, int] = {}
        self.pending: list[tuple[str, list[str]]] = []

    def look(self, rows: Sequence[FileRow]) -> list[Seen]:
        """Say what each row comes to; writes nothing."""
        read = []
        seen = []
        for row in rows:
            try:
                read.append((row, self._read(row)))
            except BadInput as fault:
                seen.append(self.refused(row, fault))
        there = self._there([key for _, (key, _, _) in read])
        self.first_in_chunk = {key for _, (key, _, _) in read}
        meaning = stages_of(self.product, {said.get("sent_stage", "") for _, (_, said, _) in read})
        return seen + [self._judge(row, *one, there, meaning) for row, one in read]

    def _read(self, row: FileRow) -> tuple[str, dict[str, Any], list[Note]]:
        notes: list[Note] = []
        reference, title = self.text(row, "reference"), self.text(row, "title")
        if not title and not reference:
            raise BadInput(fields={"title": ["The row has neither a title nor a reference."]})
        said: dict[str, Any] = {"title": title or reference, "reference": reference}
        said |= {"summary": self.plan.cell(row, "summary")} if self.plan.cell(row, "summary") else {}
        if sent := self.text(row, "stage"):
            said["sent_stage"] = sent
        if horizon := self.text(row, "horizon"):
            if horizon.lower() in Horizon.values:
                said["horizon"] = horizon.lower()
            else:
                notes.append(self.note("horizon", horizon, "Use now, next or later."))
        for name in _DAYS:
            if text := self.text(row, name):
                day = read_day(text, self.day_format, self.zone)
                said |= {name: day} if day else {}
                notes += [] if day else [self.note(name, text, "This day cannot be read.")]
        said |= self._effort(row, notes) | self._people(row, notes)
        begun = read_time(text, self.day_format, self.zone) if (text := self.text(row, "begun")) else None
        if text and (begun is None or begun > dt.datetime.now(dt.UTC)):
            notes.append(self.note("begun", text, "This is no day of the past."))
            begun = None
        said |= {"at": begun} if begun else {}
        needs = [one.strip() for one in _APART.split(self.plan.cell(row, "needs")) if one.strip()]
        said |= {"needs": needs} if needs else {}
        return (reference or title).lower(), said, notes

    def _effort(self, row: FileRow, notes: list[Note]) -> dict[str, Any]:
        text = self.text(row, "effort_months")
        if not text:
            return {}
        try:
            months = float(text.replace(",", "."))
        except ValueError:
            months = -1.0
        if 0 <= months <= 10_000:
            return {"effort_months": months}
        notes.append(self.note("effort_months", text, "This is no number of person-months."))
        return {}

    def _people(self, row: FileRow, notes: list[Note]) -> dict[str, Any]:
        said: dict[str, Any] = {}
        for target, known, fault in (
            ("owner", self.owners, "Nobody of the product's team has this name or address."),
            ("objective", self.goals, "No open goal of the product or of the company has this title."),
        ):
            if text := self.text(row, target):
                if text.lower() in known:
                    said[target] = known[text.lower()]
                else:
                    notes.append(self.note(target, text, fault))
        return said

    def _there(self, keys: list[str]) -> dict[str, Initiative]:
        rows = Initiative.objects.filter(product=self.product).of_rows().order_by("-pk")
        found: dict[str, Initiative] = {}
        for one in rows if keys else ():
            found[(one.reference or one.title).lower()] = one
        return found

    def _judge(
        self,
        row: FileRow,
        key: str,
        said: dict[str, Any],
        notes: list[Note],
        there: dict[str, Initiative],
        meaning: dict[str, str],
    ) -> Seen:
        if self.first.setdefault(key, row.no) != row.no:
            reason = f"Line {self.first[key]:,} has the same reference or title. The first is taken."
            return Seen(row, Fate.REFUSED, reason)
        sent = said.get("sent_stage", "")
        if sent and not meaning[sent.lower()]:
            notes.append(self.unknown_stage(sent))
        needs = [one for one in said.get("needs", ()) if one.lower() not in there.keys() | self.first_in_chunk]
        notes += [self.note("needs", one, "No initiative has this reference.") for one in needs]
        thing = there.get(key)
        changes = self._changes(thing, said, meaning) if thing else {}
        fate = Fate.NEW if thing is None else Fate.CHANGED if changes or said.get("needs") else Fate.KNOWN
        if thing is not None and not changes and said.get("needs"):
            known = {one.needs.reference.lower() for one in thing.dependencies.select_related("needs")}
            fate = Fate.CHANGED if {one.lower() for one in said["needs"]} - known else Fate.KNOWN
        shown = {name: str(value) for name, value in said.items() if name not in ("at", "needs", "summary")}
        return Seen(row, fate, notes=tuple(notes), shown=shown, value=(thing, said, changes, meaning))

    def _changes(self, thing: Initiative, said: dict[str, Any], meaning: dict[str, str]) -> dict[str, Any]:
        changes = {
            name: value
            for name, value in said.items()
            if name not in ("at", "needs", "sent_stage") and getattr(thing, name) != value
        }
        sent = said.get("sent_stage", "")
        if sent and sent.lower() != thing.sent_stage.lower():
            changes |= {"sent_stage": sent, "stage": meaning[sent.lower()] or thing.stage}
        return changes

    def write(self, seen: Sequence[Seen]) -> None:
        """Write what is new or changed, each as it was before; then what needs what."""
        note_names(self.product, {one.value[1].get("sent_stage", "") for one in seen})
        written: dict[str, Initiative] = {}
        for one in seen:
            thing, said, changes, meaning = one.value
            made = self._create(said, meaning) if thing is None else self._update(thing, said, changes)
            written[(made.reference or made.title).lower()] = made
            if said.get("needs"):
                self.pending.append(((made.reference or made.title).lower(), said["needs"]))
        everything = self._there([key for key, _ in self.pending]) if self.pending else {}
        for key, needs in self.pending:
            for needed in needs:
                if key in everything and needed.lower() in everything:
                    self._link(everything[key], everything[needed.lower()])
        self.pending = []

    def _link(self, initiative: Initiative, needs: Initiative) -> None:
        try:
            add_dependency(initiative, needs, actor=self.actor)
        except BadInput:  # a circle, or too many: what the file says cannot be
            return

    def _create(self, said: dict[str, Any], meaning: dict[str, str]) -> Initiative:
        values = {name: value for name, value in said.items() if name not in ("at", "needs")}
        sent = said.get("sent_stage", "")
        values |= {"stage": meaning[sent.lower()] or Stage.DISCOVERY} if sent else {}
        values.setdefault("owner", None)
        made = create_initiative(self.product, actor=self.actor, why=self._why, at=said.get("at"), **values)
        self._keep(made, said, {}, was_new=True)
        return made

    def _update(self, thing: Initiative, said: dict[str, Any], changes: dict[str, Any]) -> Initiative:
        if not changes:
            return thing
        columns = {name: f"{name}_id" if name in ("owner", "objective") else name for name in changes}
        before = {column: _plain(getattr(thing, column)) for column in columns.values()}
        changed = change_initiative(thing, actor=self.actor, changes=changes, why=self._why)
        self._keep(changed, said, before, was_new=False)
        return changed

    @property
    def _why(self) -> str:
        return f"Import {self.batch.pk}" if self.batch else ""

    def _keep(self, made: Initiative, said: dict[str, Any], before: dict[str, Any], *, was_new: bool) -> None:
        about = {"before": before, "was_new": was_new, "version": made.version}
        about["sent_stage"] = said.get("sent_stage", "")
        ImportedInitiative.objects.update_or_create(batch=self.batch, initiative=made, defaults=about)


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, dt.date) else value


class ChangeTaker(_Taker):
    """Rows that are changes of the status of initiatives that are here, each from its moment on."""

    def look(self, rows: Sequence[FileRow]) -> list[Seen]:
        """Say what each row comes to; writes nothing."""
        own = Initiative.objects.filter(product=self.product).exclude(reference="")
        there = {reference.lower(): pk for pk, reference in own.values_list("pk", "reference")}
        known = set(ToldStage.objects.filter(initiative__product=self.product).values_list("initiative", "at", "sent"))
        meaning = stages_of(self.product, {self.plan.cell(row, "stage")[:60] for row in rows})
        return [self._judge(row, there, known, meaning) for row in rows]

    def _judge(self, row: FileRow, there: dict[str, int], known: set[Any], meaning: dict[str, str]) -> Seen:
        try:
            reference, sent, when = (self.text(row, name) for name in ("reference", "stage", "at"))
        except BadInput as fault:
            return self.refused(row, fault)
        if not sent:
            return Seen(row, Fate.REFUSED, "The row says no status.", self.plan.column("stage"))
        number = there.get(reference.lower())
        if number is None:
            reason = "No initiative of this product has this reference. Import the initiatives first."
            return Seen(row, Fate.REFUSED, reason, self.plan.column("reference"))
        at = read_time(when, self.day_format, self.zone)
        if at is None or at > dt.datetime.now(dt.UTC):
            return Seen(row, Fate.REFUSED, "This is no moment of the past.", self.plan.column("at"))
        at = at.astimezone(dt.UTC)
        notes = () if meaning[sent.lower()] else (self.unknown_stage(sent),)
        fate = Fate.KNOWN if (number, at, sent) in known else Fate.NEW
        shown = {"reference": reference, "stage": sent, "at": f"{at:%Y-%m-%d %H:%M} UTC"}
        return Seen(row, fate, notes=notes, shown=shown, value=(number, at, sent))

    def write(self, seen: Sequence[Seen]) -> None:
        """Write the statuses down, the last one of a moment, and tell the past of those initiatives anew."""
        note_names(self.product, {one.value[2] for one in seen})
        rows = {(number, at): sent for number, at, sent in (one.value for one in seen)}
        told = [ToldStage(initiative_id=pk, at=at, sent=sent, batch=self.batch) for (pk, at), sent in rows.items()]
        ToldStage.objects.bulk_create(
            told,
            update_conflicts=True,
            unique_fields=["initiative", "at"],
            update_fields=["sent", "batch"],
            batch_size=500,
        )
        retell(self.product, {number for number, _ in rows})
