"""Reading the audit trail: the history of one thing, and the names of who acted."""

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.apps import apps
from django.contrib.auth import get_user_model
from django.db import connection, models
from django.utils import timezone
from django.utils.dateparse import parse_date, parse_datetime
from django.utils.formats import date_format

from portal.audit.models import AuditEntry
from portal.audit.words import say_verb

LONGEST_VALUE = 80
NAMED_FOR_ALL = frozenset({"portal_people.user", "portal_people.team"})
_USER = re.compile(r"\buser (\d+)\b")
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
    note: str
    change_lines: list[ChangeLine]

    @property
    def at(self) -> datetime:
        """Return when it happened."""
        return self.entry.at

    @property
    def is_making(self) -> bool:
        """Say whether the thing was made: then there is no value from before to show."""
        return all(line.is_hidden or line.old == "none" for line in self.change_lines)

    @property
    def shown_lines(self) -> list[ChangeLine]:
        """Return the changes worth reading: of a thing that was made, what was given."""
        return [line for line in self.change_lines if line.is_hidden or line.old != line.new]

    @property
    def door(self) -> str:
        """Return where it came from."""
        return DOORS.get(self.entry.door, self.entry.door)

    @property
    def sentence(self) -> str:
        """Return what was done: "changed the dashboard"."""
        return say_verb(self.entry.verb)


Names = dict[tuple[type[models.Model], str], str]  # (model, primary key as text) → what it is called now


def _fields(entry: AuditEntry) -> dict[str, models.Field]:
    try:
        found = apps.get_model(entry.thing_type)._meta.concrete_fields
    except (LookupError, ValueError):
        return {}
    return {name: field for field in found for name in (field.name, field.attname)}


def _is_pair(change: Any) -> bool:
    return isinstance(change, list) and len(change) == 2


def _is_key(value: Any) -> bool:
    # Some entries name a thing by its slug or in words.
    return isinstance(value, int) and not isinstance(value, bool)


def _links(entries: Iterable[AuditEntry]) -> dict[type[models.Model], set[str]]:
    """Return the keys of other things that changes speak of, by model."""
    found: dict[type[models.Model], set[str]] = defaultdict(set)
    for entry in entries:
        fields = _fields(entry)
        for name, change in entry.changes.items():
            field = fields.get(name)
            if isinstance(field, models.ForeignKey) and _is_pair(change):
                found[field.related_model] |= {str(key) for key in change if _is_key(key)}
        found[get_user_model()] |= set(_USER.findall(entry.note))
        if entry.actor_id:
            found[get_user_model()].add(str(entry.actor_id))
    return found


def _look_up(links: dict[type[models.Model], set[str]]) -> Names:
    return {
        (model, str(thing.pk)): str(thing)
        for model, keys in links.items()
        if keys
        for thing in model._base_manager.filter(pk__in=keys)
    }


def _value(value: Any, field: models.Field | None, names: Names) -> str:
    if value in (None, "", {}, []):
        return "none"
    if isinstance(field, models.ForeignKey) and _is_key(value):
        return names.get((field.related_model, str(value)), f"{field.related_model._meta.verbose_name} {value}")
    if isinstance(field, models.DateTimeField):
        at = parse_datetime(str(value))
        return date_format(timezone.localtime(at), "j M Y, H:i") if at else str(value)
    if isinstance(field, models.DateField):
        on = parse_date(str(value))
        return date_format(on, "j M Y") if on else str(value)
    choices = dict(field.flatchoices) if field else {}
    return str(choices[value]) if isinstance(value, str | int) and value in choices else _text(value)


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, dict):
        value = ", ".join(f"{name.replace('_', ' ')} {_text(one)}" for name, one in value.items())
    elif isinstance(value, list):
        value = ", ".join(_text(one) for one in value)
    text = "none" if value in (None, "") else str(value)
    return text if len(text) <= LONGEST_VALUE else f"{text[:LONGEST_VALUE]}…"


_NOT_WORTH_READING = frozenset({"id", "created_at", "updated_at", "revision"})


def _is_deep(change: Any) -> bool:
    """Say whether a change is of rows within a value, such as a question's: nobody reads that in a line."""
    inner = [part for one in change if isinstance(one, dict) for part in one.values()] if _is_pair(change) else []
    return any(isinstance(part, list) and any(isinstance(row, dict) for row in part) for part in inner)


def _label(name: str, fields: dict[str, models.Field]) -> str:
    field = fields.get(name)
    return str(field.verbose_name) if field else name.removesuffix("_id").replace("_", " ")


def _lines(entry: AuditEntry, names: Names) -> list[ChangeLine]:
    lines, fields = [], _fields(entry)
    for name, change in entry.changes.items():
        if name in _NOT_WORTH_READING:
            continue
        if _is_deep(change):
            lines += [ChangeLine(_label(name, fields), "", "", is_hidden=True)] if change[0] else []
            continue
        field = fields.get(name)
        label = _label(name, fields)
        if _is_pair(change):
            lines.append(ChangeLine(label, _value(change[0], field, names), _value(change[1], field, names)))
        else:
            lines.append(ChangeLine(label, "", "", is_hidden=True))
    return lines


def _entry_in_words(entry: AuditEntry, names: Names) -> HistoryEntry:
    user = get_user_model()
    actor = names.get((user, str(entry.actor_id)), entry.actor_label)
    note = _USER.sub(lambda found: names.get((user, found[1]), found[0]), entry.note)
    return HistoryEntry(entry, actor, note, _lines(entry, names))


_VERBS = """
WITH RECURSIVE found AS (
    (SELECT verb FROM portal_audit_auditentry ORDER BY verb LIMIT 1)
    UNION ALL
    SELECT (SELECT verb FROM portal_audit_auditentry WHERE verb > found.verb ORDER BY verb LIMIT 1)
    FROM found WHERE found.verb IS NOT NULL
)
SELECT verb FROM found WHERE verb IS NOT NULL
"""


def verb_words(verb: str) -> str:
    """Return a verb of the trail as words: "dashboard.put_on_home" is "dashboard put on home"."""
    return verb.replace(".", " ").replace("_", " ")


def kind_words(thing_type: str) -> str:
    """Return what a kind of thing is called: "insights_dashboards.tile" is "tile"."""
    try:
        return str(apps.get_model(thing_type)._meta.verbose_name)
    except (LookupError, ValueError):
        return thing_type


def list_verbs() -> list[tuple[str, str]]:
    """Return each verb that the trail holds, with its words: one step along the index for each, however long it is."""
    with connection.cursor() as cursor:
        cursor.execute(_VERBS)
        return [(verb, verb_words(verb)) for (verb,) in cursor.fetchall()]


def in_words(entries: Iterable[AuditEntry]) -> list[HistoryEntry]:
    """Return entries for an admin: with the names of all they speak of, looked up now, for the trail keeps no names."""
    entries = list(entries)
    names = _look_up(_links(entries))
    return [_entry_in_words(entry, names) for entry in entries]


def history_of(thing: models.Model, limit: int = 50) -> list[HistoryEntry]:
    """Return the newest entries about one thing, for `components/history.html`; a few queries.

    For everybody who may see the thing: it names people, teams and what the thing belongs to now, and no other thing.
    """
    rows = list(AuditEntry.objects.filter(thing_type=thing._meta.label_lower, thing_id=str(thing.pk))[:limit])
    links = _links(rows)
    names = _look_up({model: keys for model, keys in links.items() if model._meta.label_lower in NAMED_FOR_ALL})
    for field in thing._meta.concrete_fields:
        key = str(getattr(thing, field.attname))
        if isinstance(field, models.ForeignKey) and key in links.get(field.related_model, ()):
            names.setdefault((field.related_model, key), str(getattr(thing, field.name)))
    return [_entry_in_words(entry, names) for entry in rows]
