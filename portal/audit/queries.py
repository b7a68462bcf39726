"""Reading the audit trail: the history of one thing, and the names of who acted."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.apps import apps
from django.contrib.auth import get_user_model
from django.db import models

from portal.audit.models import AuditEntry

LONGEST_VALUE = 80
DOORS = {"page": "page", "admin": "admin", "api": "API", "command": "command", "task": "task"}


@dataclass(frozen=True)
class ChangeLine:
    """One field's change in words; hidden where the field holds personal data."""

    label: str
    old: str
    new: str
    is_hidden: bool = False


@dataclass(frozen=True)
class HistoryEntry:
    """An entry as the history shows it: "Mara changed the dashboard", with its changes."""

    entry: AuditEntry
    actor_name: str
    change_lines: list[ChangeLine]

    @property
    def at(self) -> datetime:
        """Return when it happened."""
        return self.entry.at

    @property
    def is_making(self) -> bool:
        """Say whether the thing was made: then there is no value from before to show."""
        return all(line.old == "none" and not line.is_hidden for line in self.change_lines)

    @property
    def shown_lines(self) -> list[ChangeLine]:
        """Return the changes worth reading: of a thing that was made, what was given."""
        return [line for line in self.change_lines if line.is_hidden or line.old != line.new]

    @property
    def note(self) -> str:
        """Return the entry's note."""
        return self.entry.note

    @property
    def door(self) -> str:
        """Return where it came from."""
        return DOORS.get(self.entry.door, self.entry.door)

    @property
    def sentence(self) -> str:
        """Return what was done, from "noun.verbed" or "noun.thing_verbed"."""
        noun, _, verb = self.entry.verb.partition(".")
        words = verb.replace("_", " ")
        return f"{words} the {noun.replace('_', ' ')}" if " " not in words else f"{noun.replace('_', ' ')}: {words}"


def _value(value: Any) -> str:
    if value in (None, "", {}, []):
        return "none"
    if isinstance(value, dict):
        value = ", ".join(f"{name.replace('_', ' ')} {_value(one)}" for name, one in value.items())
    elif isinstance(value, list):
        value = ", ".join(_value(one) for one in value)
    if isinstance(value, bool):
        return "yes" if value else "no"
    text = str(value)
    return text if len(text) <= LONGEST_VALUE else f"{text[:LONGEST_VALUE]}…"


def _label(thing_type: str, name: str) -> str:
    try:
        for field in apps.get_model(thing_type)._meta.concrete_fields:
            if name in {field.name, field.attname}:
                return str(field.verbose_name)
    except (LookupError, ValueError):
        pass
    return name.removesuffix("_id").replace("_", " ")


def _lines(entry: AuditEntry) -> list[ChangeLine]:
    lines = []
    for name, change in entry.changes.items():
        if name in {"id", "created_at", "updated_at"}:
            continue
        label = _label(entry.thing_type, name)
        if isinstance(change, list) and len(change) == 2:
            lines.append(ChangeLine(label, _value(change[0]), _value(change[1])))
        else:
            lines.append(ChangeLine(label, "", "", is_hidden=True))
    return lines


def in_words(entries: Iterable[AuditEntry]) -> list[HistoryEntry]:
    """Return entries with the names of who acted, looked up now: the trail itself keeps no names."""
    entries = list(entries)
    ids = {entry.actor_id for entry in entries if entry.actor_id}
    names = {user.pk: str(user) for user in get_user_model().objects.filter(pk__in=ids)} if ids else {}
    return [HistoryEntry(one, names.get(one.actor_id, one.actor_label), _lines(one)) for one in entries]


def history_of(thing: models.Model, limit: int = 50) -> list[HistoryEntry]:
    """Return the newest entries about one thing, for `components/history.html`; one or two queries."""
    rows = AuditEntry.objects.filter(thing_type=thing._meta.label_lower, thing_id=str(thing.pk))
    return in_words(rows[:limit])
