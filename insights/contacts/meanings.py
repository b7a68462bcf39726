"""What is known of accounts by meaning: plan, segment, status, owner and revenue, the same on every page.

What was typed wins; else the trait counts of which ops said that it is the plan, and where they said nothing, the trait
that is called so.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction

from insights.contacts.contracts import Meant, Standing
from insights.contacts.models import AccountRecord, Meaning, TraitName
from insights.contacts.written import Spaces
from insights.events.public import LATEST_VALUE, IdSpace
from portal.audit.public import record, state_of
from portal.people.public import require
from portal.shell.public import BadInput, Conflict, is_storable

FILTERED = (Meaning.PLAN, Meaning.SEGMENT, Meaning.STATUS, Meaning.OWNER)
MOST_CHOICES = 50

_VALUES = f"""
    WITH latest AS (
        SELECT t.key, t.subject_no, {LATEST_VALUE} ->> '$' AS value FROM {{traits}} t
        WHERE t.subject = 'account' AND t.key IN (SELECT unnest($keys)) GROUP BY t.key, t.subject_no
    )
    SELECT key, value FROM latest WHERE value IS NOT NULL AND value <> '' GROUP BY key, value
    QUALIFY row_number() OVER (PARTITION BY key ORDER BY count(*) DESC, value) <= $most ORDER BY key, value
"""
_KEYS = """
    SELECT key FROM {traits} WHERE subject = 'account' AND key NOT LIKE '$%'
    GROUP BY key ORDER BY count(DISTINCT subject_no) DESC, key LIMIT 100
"""
_WITH_VALUE = f"""
    SELECT t.subject_no FROM {{traits}} t WHERE t.subject = 'account' AND t.key = $key
    GROUP BY t.subject_no HAVING {LATEST_VALUE} ->> '$' = $value
"""


@dataclass(frozen=True)
class Keys:
    """Which trait says what of the accounts of some id spaces; `unit` is that of the revenue."""

    of: dict[str, str]
    unit: str = ""


@dataclass(frozen=True)
class Known:
    """What is known of a product's accounts at all: the values of each meaning, the most frequent ones."""

    keys: Keys
    values: dict[str, list[str]] = field(default_factory=dict)

    @property
    def shown(self) -> list[tuple[str, str]]:
        """Return the meanings of which a list has something to show, with their words."""
        return [(meaning.value, str(meaning.label)) for meaning in Meaning if self.values.get(meaning.value)]


def read_keys(space_ids: Spaces) -> Keys:
    """Return which trait is what; of several spaces, the first that says it."""
    rows: dict[str, TraitName] = {}
    for row in TraitName.objects.filter(id_space__in=space_ids).order_by("pk"):
        rows.setdefault(row.meaning, row)
    return _keys(rows)


def _keys(rows: Mapping[str, TraitName]) -> Keys:
    unit = rows[Meaning.REVENUE].unit if Meaning.REVENUE in rows else ""
    return Keys({meaning: rows[meaning].key if meaning in rows else meaning for meaning in Meaning.values}, unit)


def build_standing(traits: Mapping[str, Any], written: AccountRecord | None, keys: Keys) -> Standing:
    """Return what is known of an account, from its current traits and what was typed."""
    known: dict[str, Meant] = {}
    for meaning in Meaning.values:
        typed = typed_value(written, meaning) if written else ""
        key = keys.of[meaning]
        trait = _text(traits.get(key))
        if typed:
            known[meaning] = Meant(typed, True, key if trait else "")
        elif trait:
            known[meaning] = Meant(trait, False, key)
    return Standing(known, (written.name if written else "") or _text(traits.get("name")), keys.unit)


def typed_value(written: AccountRecord, meaning: str) -> str:
    """Return what was typed of an account, as text."""
    value = getattr(written, meaning)
    if meaning == Meaning.REVENUE and value is not None:
        return f"{value:f}".rstrip("0").rstrip(".")
    return str(value or "")


def _text(value: Any) -> str:
    if value is None or isinstance(value, str):
        return (value or "").strip()
    if isinstance(value, bool):
        return "yes" if value else "no"
    return json.dumps(value, ensure_ascii=False)


def read_known(snapshot: Any, keys: Keys, typed: Iterable[dict[str, str]]) -> Known:
    """Return what is known of accounts, for the columns and filters of their list; `typed`: what was typed of them."""
    by_key: dict[str, list[str]] = {}
    for key, value in snapshot.execute(_VALUES, {"keys": sorted(set(keys.of.values())), "most": MOST_CHOICES}).tuples:
        by_key.setdefault(key, []).append(value)
    values = {meaning: list(by_key.get(key, [])) for meaning, key in keys.of.items()}
    for said in typed:
        for meaning, value in said.items():
            if value not in values[meaning]:
                values[meaning].append(value)
    return Known(keys, {meaning: sorted(found, key=str.lower) for meaning, found in values.items()})


def trait_keys_in_use(snapshot: Any) -> list[str]:
    """Return the names of the traits that accounts have, the most frequent first."""
    return [key for (key,) in snapshot.execute(_KEYS).tuples]


def accounts_with(snapshot: Any, space_ids: Spaces, keys: Keys, asked: Mapping[str, str]) -> list[int] | None:
    """Return the numbers of the accounts that have all the values asked for; None where nothing is asked."""
    kept: set[int] | None = None
    for meaning in FILTERED:
        value = asked.get(meaning, "")
        if not value:
            continue
        rows = snapshot.execute(_WITH_VALUE, {"key": keys.of[meaning], "value": value}).tuples
        found = {no for (no,) in rows}
        field_name = "owner__name" if meaning == Meaning.OWNER else str(meaning)
        typed = AccountRecord.objects.filter(account__id_space__in=space_ids)
        typed = typed.exclude(**{"owner": None} if meaning == Meaning.OWNER else {field_name: ""}).order_by()
        for no, text in typed.values_list("account", field_name):
            (found.add if text == value else found.discard)(no)
        kept = found if kept is None else kept & found
    return None if kept is None else sorted(kept)


@transaction.atomic
def set_trait_names(space: IdSpace, names: Mapping[str, str], *, unit: str = "", actor: Any) -> None:
    """Say which trait is what, for all meanings at once; an empty name takes back what was said."""
    require(actor, "trait_names.edit")
    IdSpace.objects.select_for_update(no_key=True).get(pk=space.pk)
    known = {row.meaning: row for row in TraitName.objects.filter(id_space=space)}
    for meaning in Meaning.values:
        key, row = names.get(meaning, "").strip(), known.get(meaning)
        unit_of = unit.strip() if meaning == Meaning.REVENUE else ""
        if not key and unit_of:
            key = meaning
        if row and not key:
            delete_trait_name(row, actor=actor)
        elif row and (row.key, row.unit) != (key, unit_of):
            change_trait_name(row, actor=actor, version=row.version, key=key, unit=unit_of)
        elif key and not row:
            create_trait_name(space, meaning=meaning, key=key, unit=unit_of, actor=actor)


@transaction.atomic
def create_trait_name(space: IdSpace, *, meaning: str, key: str, unit: str = "", actor: Any) -> TraitName:
    """Say which trait of a space's accounts is what."""
    require(actor, "trait_names.edit")
    _check(key, unit)
    row, is_new = TraitName.objects.get_or_create(
        id_space=space, meaning=meaning, defaults={"key": key.strip(), "unit": unit.strip()}
    )
    if not is_new:
        raise Conflict("It is said already which trait this is. Change that.")
    record(actor, "trait_name.created", row, after=state_of(row))
    return row


@transaction.atomic
def change_trait_name(row: TraitName, *, actor: Any, version: int, **values: str) -> TraitName:
    """Name another trait, if nobody changed it since `version`."""
    require(actor, "trait_names.edit")
    current = TraitName.objects.select_for_update().filter(pk=row.pk).first()
    if current is None or current.version != version:
        raise Conflict("Somebody else changed this in the meantime. Reload the page to see their change.")
    before = state_of(current)
    current.key = values.get("key", current.key).strip()
    current.unit = values.get("unit", current.unit).strip()
    _check(current.key, current.unit)
    current.version = version + 1
    current.save()
    record(actor, "trait_name.changed", current, before=before, after=state_of(current))
    return current


@transaction.atomic
def delete_trait_name(row: TraitName, *, actor: Any) -> None:
    """Take back which trait is what: the trait that is called so counts again."""
    require(actor, "trait_names.edit")
    record(actor, "trait_name.deleted", row, before=state_of(row))
    row.delete()


def _check(key: str, unit: str) -> None:
    faults = {}
    if not key.strip() or len(key) > 200 or not is_storable(key):
        faults["key"] = ["Name a trait in at most 200 readable characters."]
    if len(unit) > 30 or not is_storable(unit):
        faults["unit"] = ["Use at most 30 readable characters."]
    if faults:
        raise BadInput(fields=faults)
