"""Rows of a file as contacts or accounts: what each comes to, and writing what is new or changed.

An empty cell says nothing: it never empties what is written down. A file may be run again: what stands there already is
known.
"""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import Q

from insights.contact_imports.models import ImportedRow
from insights.contact_imports.shapes import CONTACT, RECORD, Shape, read_amount
from insights.contacts.actions import check_values, noun_of
from insights.contacts.finding import clean_id, find_known
from insights.events.public import Account, DistinctId, default_id_space, number_ids
from insights.imports.public import Fate, Import, Note, Plan, Seen, read_day
from insights.sources.public import FileRow
from portal.audit.public import record
from portal.people.public import Product, possible_owners
from portal.shell.public import BadInput


class Taker(ABC):
    """Looks at rows in the order of the file and writes; made anew for each check and run."""

    shape: Shape

    def __init__(self, product: Product, plan: Plan, *, actor: Any, batch: Import | None):
        self.product, self.plan, self.actor, self.batch = product, plan, actor, batch
        self.space = default_id_space(product)
        self.zone = ZoneInfo(settings.WORKSPACE_TIME_ZONE)
        people = list(possible_owners([product.team_id]))
        self.owners = {text.lower(): person.pk for person in people for text in (person.name, person.email)}
        self.names = {person.pk: str(person) for person in people}
        self._first: dict[Any, tuple[int, dict[str, Any]]] = {}

    # What a kind says of its rows.

    @abstractmethod
    def who(self, row: FileRow) -> str:
        """Return the id or address by which a row names its person or account."""

    @abstractmethod
    def known(self, texts: set[str]) -> dict[str, int]:
        """Return the numbers of those who are known; nobody is numbered."""

    @abstractmethod
    def number(self, texts: set[str]) -> dict[str, int]:
        """Return the numbers of all, numbering those who are new."""

    @abstractmethod
    def rows_of(self, numbers: set[int]) -> dict[int, Any]:
        """Return what is written down of persons or accounts, by number."""

    @abstractmethod
    def values_of(self, row: FileRow, notes: list[Note]) -> dict[str, Any]:
        """Return what a row says, by field; what cannot be read is noted."""

    # Looking and writing.

    def look(self, rows: Sequence[FileRow]) -> list[Seen]:
        """Say what each row comes to; writes nothing."""
        named, seen = [], []
        for row in rows:
            try:
                named.append((row, self.who(row)))
            except BadInput as fault:
                seen.append(self._refused(row, fault))
        known = self.known({who for _, who in named})
        there = self.rows_of(set(known.values()))
        return seen + [self._judge(row, who, known.get(who), there) for row, who in named]

    def _judge(self, row: FileRow, who: str, number: int | None, there: dict[int, Any]) -> Seen:
        notes: list[Note] = []
        try:
            said = self.values_of(row, notes)
            check_values(self.shape.model, {name: value for name, value in said.items() if name in _CHECKED})
        except BadInput as fault:
            return self._refused(row, fault)
        shown = self._shown(who, said)
        key = number if number is not None else who.lower()
        first = self._first.setdefault(key, (row.no, said))
        if first[0] != row.no:
            if first[1] == said:
                return Seen(row, Fate.KNOWN, shown=shown)
            reason = f"Line {first[0]:,} names the same one and says something else. The first is taken."
            return Seen(row, Fate.REFUSED, reason)
        thing = there.get(number) if number is not None else None
        fate = Fate.NEW if thing is None else Fate.CHANGED if self._changes(thing, said) else Fate.KNOWN
        return Seen(row, fate, notes=tuple(notes), shown=shown, value=(who, said))

    def _changes(self, thing: Any, said: dict[str, Any]) -> dict[str, Any]:
        """Return the fields that are said otherwise than they stand; an account is compared by its id."""
        now = {**self.shape.plain(thing)}
        if "account" in said:
            now["account"] = thing.account.account_id if thing.account else ""
        return {name: value for name, value in said.items() if now[name] != value}

    def _shown(self, who: str, said: dict[str, Any]) -> dict[str, str]:
        owner = self.names.get(said.get("owner_id", 0), "")
        return {"who": who, "owner": owner, **{name: str(value) for name, value in said.items() if name != "owner_id"}}

    def _refused(self, row: FileRow, fault: BadInput) -> Seen:
        name, sentences = next(iter(fault.fields.items()), ("", [fault.message]))
        return Seen(row, Fate.REFUSED, sentences[0], self.plan.column(name))

    def write(self, seen: Sequence[Seen]) -> None:
        """Write what is new or changed, each noted as it was before; in the run's transaction."""
        numbers = self.number({one.value[0] for one in seen})
        texts = {one.value[1]["account"] for one in seen if one.value[1].get("account")}
        accounts = number_ids(Account, self.space, texts) if texts else {}
        list(self.shape.model.objects.select_for_update().filter(**{f"{self.shape.of}__in": numbers.values()}))
        there = self.rows_of(set(numbers.values()))
        for one in seen:
            who, said = one.value
            self._write(numbers[who], said, there.get(numbers[who]), accounts)

    def _write(self, number: int, said: dict[str, Any], thing: Any, accounts: dict[str, int]) -> None:
        was_new = thing is None
        if was_new:
            thing = self.shape.model(**{f"{self.shape.of}_id": number}, created_by_id=self.actor.pk, version=0)
        changes = {name: value for name, value in said.items() if name != "account"}
        if "account" in said:
            changes["account_id"] = accounts[said["account"]]
        standing = self.shape.plain(thing)
        before = {name: standing[name] for name, value in changes.items() if standing[name] != value}
        if not before and not was_new:
            return
        after = {name: changes[name] for name in before}
        self.shape.put(thing, after)
        thing.version += 1
        thing.save()
        target = {f"{self.shape.of}_id": getattr(thing, f"{self.shape.of}_id")}
        kept = {"before": before, "after": after, "was_new": was_new, "version": thing.version}
        ImportedRow.objects.create(batch=self.batch, **target, **kept)
        verb = f"{noun_of(self.shape.model)}.{'created' if was_new else 'changed'}"
        record(
            self.actor, verb, thing, before=before, after=after, note=f"Import {self.batch.pk if self.batch else ''}"
        )

    # Reading cells.

    def _texts(self, row: FileRow, names: Sequence[str]) -> dict[str, Any]:
        cells = {name: " ".join(self.plan.cell(row, name).split()) for name in names}
        return {name: text for name, text in cells.items() if text}

    def _owner(self, row: FileRow, notes: list[Note]) -> dict[str, Any]:
        text = self.plan.cell(row, "owner")
        if not text:
            return {}
        if text.lower() in self.owners:
            return {"owner_id": self.owners[text.lower()]}
        notes.append(self._note("owner", text, "Nobody of the product's team has this name or address."))
        return {}

    def _note(self, target: str, value: str, reason: str) -> Note:
        return Note(self.plan.column(target), value[:500], reason)


_CHECKED = frozenset({"name", "address", "title", "status", "next_step", "segment", "plan"})


class ContactTaker(Taker):
    """Rows that are persons."""

    shape = CONTACT

    def who(self, row: FileRow) -> str:
        """Return the person's id, else their address."""
        typed = clean_id(self.plan.cell(row, "person"), "person") or clean_id(self.plan.cell(row, "address"), "address")
        if not typed:
            raise BadInput(fields={"address": ["The row names nobody: it has neither an id nor an e-mail address."]})
        return typed

    def known(self, texts: set[str]) -> dict[str, int]:
        """Return the numbers of the ids and addresses that are known."""
        return find_known(self.product, texts)

    def number(self, texts: set[str]) -> dict[str, int]:
        """Return the numbers of all, numbering those who are new."""
        known = self.known(texts)
        return known | number_ids(DistinctId, self.space, texts - known.keys())

    def rows_of(self, numbers: set[int]) -> dict[int, Any]:
        """Return the contacts of persons, by the number of any of their ids."""
        ids = {row.no: row.resolved_no for row in DistinctId.objects.filter(no__in=numbers)}
        owners = set(ids.values())
        contacts = self.shape.model.objects.filter(Q(person__in=owners) | Q(person__person_no__in=owners))
        found = {one.person.resolved_no: one for one in contacts.select_related("person", "account").order_by("-pk")}
        return {no: found[owner] for no, owner in ids.items() if owner in found}

    def values_of(self, row: FileRow, notes: list[Note]) -> dict[str, Any]:
        """Return what a row says of a person; a name in two columns is one."""
        said = self._texts(row, ("name", "address", "title", "status", "next_step"))
        if "name" not in said:
            parts = self._texts(row, ("first_name", "last_name"))
            if parts:
                said["name"] = " ".join(parts.values())
        if account := clean_id(self.plan.cell(row, "account"), "account"):
            said["account"] = account
        if text := self.plan.cell(row, "next_step_on"):
            day = read_day(text, "iso", self.zone)
            if day is None:
                notes.append(self._note("next_step_on", text, "This day cannot be read. Write it as 2026-11-21."))
            else:
                said["next_step_on"] = day.isoformat()
        return {**said, **self._owner(row, notes)}


class AccountTaker(Taker):
    """Rows that are accounts."""

    shape = RECORD

    def who(self, row: FileRow) -> str:
        """Return the account's id."""
        typed = clean_id(self.plan.cell(row, "account"), "account")
        if not typed:
            raise BadInput(fields={"account": ["The row names no account: its id is empty."]})
        return typed

    def known(self, texts: set[str]) -> dict[str, int]:
        """Return the numbers of the accounts that are known."""
        rows = Account.objects.filter(id_space=self.space, account_id__in=texts)
        return dict(rows.values_list("account_id", "no"))

    def number(self, texts: set[str]) -> dict[str, int]:
        """Return the numbers of all, numbering those that are new."""
        return number_ids(Account, self.space, texts)

    def rows_of(self, numbers: set[int]) -> dict[int, Any]:
        """Return the records of accounts, by number."""
        return {row.account_id: row for row in self.shape.model.objects.filter(account__in=numbers)}

    def values_of(self, row: FileRow, notes: list[Note]) -> dict[str, Any]:
        """Return what a row says of an account."""
        said = self._texts(row, ("name", "plan", "segment", "status"))
        if text := self.plan.cell(row, "revenue"):
            amount = read_amount(text)
            if amount is None or len(str(amount)) > 17:
                notes.append(self._note("revenue", text, "This is no amount. Write it as 1200.50."))
            else:
                said["revenue"] = f"{amount:.2f}"
        return {**said, **self._owner(row, notes)}
