"""What is known of accounts by meaning: plan, segment, status, owner and revenue, the same on every page.

What was typed wins; else the trait counts of which ops said that it is the plan, and where they said nothing, the trait
that is called so.
"""

import json
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.contrib.postgres.fields import ArrayField
from django.db import transaction
from django.db.models import BigIntegerField, Q, Value
from django.db.models.functions import JSONObject

from insights.contacts.contracts import Meant, Standing
from insights.contacts.models import AccountRecord, Meaning, TraitName
from insights.contacts.written import Spaces, typed_accounts
from insights.events.public import LATEST_VALUE, Account, IdSpace, Source, open_snapshot
from portal.audit.public import record, state_of
from portal.people.public import require
from portal.shell.public import BadInput, Conflict, Stale, is_storable

_STALE = "Somebody else changed this in the meantime. Reload the page to see their change."
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
    if not any(asked.get(meaning) for meaning in FILTERED):
        return None
    typed = _typed(asked).filter(account__id_space__in=space_ids)
    return sorted(_with_values(snapshot, keys, asked, list(typed.values_list("account", _said(asked)))))


def _wanted(asked: Mapping[str, str]) -> dict[str, str]:
    """Return the field that holds what is typed of each meaning that is asked for."""
    fields = {meaning: "owner__name" if meaning == Meaning.OWNER else str(meaning) for meaning in FILTERED}
    return {str(meaning): field for meaning, field in fields.items() if asked.get(meaning)}


def _typed(asked: Mapping[str, str]) -> Any:
    """Return what is written down of accounts where one of the meanings asked for is typed."""
    has_one = Q(*((f"{field}__gt", "") for field in _wanted(asked).values()), _connector=Q.OR)
    return AccountRecord.objects.filter(has_one).order_by()


def _said(asked: Mapping[str, str]) -> JSONObject:
    return JSONObject(**_wanted(asked))


def _with_values(
    snapshot: Any, keys: Keys, asked: Mapping[str, str], typed: Iterable[tuple[int, Mapping[str, str]]]
) -> set[int]:
    """Return the accounts that have all the values asked for; what was typed of an account wins over its trait."""
    kept: set[int] | None = None
    for meaning in _wanted(asked):
        value = asked[meaning]
        rows = snapshot.execute(_WITH_VALUE, {"key": keys.of[meaning], "value": value}).tuples
        found = {no for (no,) in rows}
        for no, said in typed:
            if text := said[meaning]:
                (found.add if text == value else found.discard)(no)
        kept = found if kept is None else kept & found
    return kept or set()


def version_of(rows: Iterable[TraitName]) -> str:
    """Return in which state all that is said of an id space is, as one word; rows in the order of their meanings."""
    return " ".join(f"{row.pk}.{row.version}" for row in rows)


def accounts_of_products(product_ids: Collection[int], asked: Mapping[str, str]) -> list[int]:
    """Return the numbers of the accounts of some products that have all the values asked for, by meaning."""
    sources, groups, typed = _spaces_by_keys(product_ids, asked)
    with open_snapshot(sources, caller="contacts.accounts_of_products") as snapshot:
        found = [(spaces, _with_values(snapshot, keys, asked, typed)) for keys, spaces in groups]
    if len(found) < 2:
        return sorted(no for _, numbers in found for no in numbers)
    # The same trait may mean something else in another product.
    accounts = Account.objects.filter(no__in=set().union(*(numbers for _, numbers in found)))
    return sorted(
        no
        for no, space in accounts.values_list("no", "id_space")
        if any(space in spaces and no in numbers for spaces, numbers in found)
    )


def values_of_products(product_ids: Collection[int]) -> dict[str, list[str]]:
    """Return what is known of accounts of some products at all: by meaning the most frequent values."""
    values: dict[str, dict[str, None]] = {}
    sources, groups, _ = _spaces_by_keys(product_ids)
    with open_snapshot(sources, caller="contacts.values_of_products") as snapshot:
        for keys, spaces in groups:
            known = read_known(snapshot, keys, [said for said, _ in typed_accounts(spaces)])
            for meaning, of in known.values.items():
                values.setdefault(meaning, {}).update(dict.fromkeys(of))
    return {meaning: sorted(of, key=str.lower) for meaning, of in values.items()}


def _spaces_by_keys(
    product_ids: Collection[int], asked: Mapping[str, str] | None = None
) -> tuple[list[int], list[tuple[Keys, list[int]]], list[tuple[int, dict[str, str]]]]:
    """Return the sources of some products, their id spaces together that call traits the same, and what was typed.

    One query; products without a space of their own have no accounts to tell of.
    """
    sources = Source.objects.filter(product__in=product_ids).order_by("pk").values("pk")
    name = JSONObject(**{field: f"trait_names__{field}" for field in ("meaning", "key", "unit")})
    rows = IdSpace.objects.filter(product__in=product_ids).order_by()
    rows = rows.values_list(Value(False), "pk", ArraySubquery(sources), name)
    if asked:
        none = Value([], output_field=ArrayField(BigIntegerField()))
        typed = _typed(asked).filter(account__id_space__product__in=product_ids)
        rows = rows.union(typed.values_list(Value(True), "account", none, _said(asked)), all=True)
    names: dict[int, dict[str, TraitName]] = {}
    source_ids: list[int] = []
    said_of: list[tuple[int, dict[str, str]]] = []
    for is_typed, no, found, said in rows:
        if is_typed:
            said_of.append((no, said))
        else:
            source_ids = found
            names.setdefault(no, {})[said["meaning"]] = TraitName(**said)
    groups: dict[tuple[str, ...], tuple[Keys, list[int]]] = {}
    for space, of_space in sorted(names.items()):
        keys = _keys(of_space)
        groups.setdefault(tuple(keys.of.values()), (keys, []))[1].append(space)
    return source_ids, list(groups.values()), said_of


@transaction.atomic
def set_trait_names(
    space: IdSpace, names: Mapping[str, str], *, unit: str = "", seen: str | None = None, actor: Any
) -> None:
    """Say which trait is what, for all meanings at once; an empty name takes back what was said.

    seen: `version_of` what the change was made from; refused if it is another by now.
    """
    require(actor, "trait_names.edit")
    IdSpace.objects.select_for_update(no_key=True).get(pk=space.pk)
    known = {row.meaning: row for row in TraitName.objects.filter(id_space=space).order_by("meaning")}
    if seen is not None and seen != version_of(known.values()):
        raise Stale(_STALE)
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
        raise Stale(_STALE)
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
