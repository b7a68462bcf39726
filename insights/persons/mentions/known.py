"""By which names the portal knows a person: traits, contacts, what rooms say, and what whoever erases them adds."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Q, TextField, Value
from django.db.models.functions import Cast, Lower

from insights.contacts.public import AccountRecord, Contact
from insights.events.public import DistinctId, IdSpace, Source, open_snapshot
from insights.persons.contracts import NameTeller
from insights.persons.mentions.naming import Names, sort_names
from insights.persons.reading import NAME_KEYS, parse
from portal.people.public import Product, Team, User
from portal.shell.public import registry

_FIRST, _LAST = ("first_name", "firstName", "$first_name"), ("last_name", "lastName", "$last_name")
_PHONES = ("phone", "$phone", "mobile", "phone_number")
_KEYS = [*NAME_KEYS, "full_name", "fullName", "nickname", "$first_name", "$last_name", *_PHONES]
_SAID = """
    SELECT DISTINCT key, value FROM {traits}
    WHERE subject = 'person' AND key IN (SELECT unnest($keys)) AND subject_no IN (SELECT unnest($numbers))
"""
_NAMESAKES = """
    SELECT DISTINCT lower(value ->> '$') FROM {traits} WHERE key IN (SELECT unnest($keys))
    AND lower(value ->> '$') IN (SELECT unnest($names))
    AND (subject = 'account' OR subject_no NOT IN (SELECT unnest($numbers)))
"""


def names_of(space: IdSpace, distinct_ids: Sequence[str], more: Iterable[str] = ()) -> Names:
    """Return all names of a person, now and before; one that somebody else has too, or a company, is only perhaps."""
    every = Source.objects.order_by().values("pk")  # a namesake may be of another product
    ids = DistinctId.objects.filter(id_space=space, distinct_id__in=list(distinct_ids))
    rows = list(ids.values_list("no", ArraySubquery(every)))
    numbers, sources = [no for no, _ in rows], rows[0][1] if rows else [pk for (pk,) in every.values_list("pk")]
    sure, perhaps = _told(space, distinct_ids, numbers)
    known = [*distinct_ids, *more, *sure]
    with open_snapshot(sources, caller="persons.names_of") as snapshot:
        said = snapshot.execute(_SAID, {"keys": _KEYS, "numbers": numbers}).tuples
        known += _from_traits(said)
        whole = sorted({name.lower() for name in [*known, *perhaps] if " " in name})
        asked = {"keys": _KEYS, "names": whole, "numbers": numbers}
        others = [name for (name,) in snapshot.execute(_NAMESAKES, asked).tuples] if whole else []
    others += _others(whole, numbers)
    return sort_names(known, perhaps, others)


def _told(space: IdSpace, distinct_ids: Sequence[str], numbers: list[int]) -> tuple[list[str], list[str]]:
    """Return the names that contacts and rooms know, those that are sure and those that are not, in one query."""
    asked = [(True, Contact.objects.filter(person__in=numbers).values("name", "address"))]
    asked += [(teller.is_sure, teller.tell(space, distinct_ids)) for teller in registry.all(NameTeller)]
    first, *others = (
        rows.order_by().values_list(Value(is_sure), *_two(rows.query.values_select)).distinct()
        for is_sure, rows in asked
    )
    known: list[str] = []
    perhaps: list[str] = []
    for is_sure, *names in first.union(*others, all=True):
        (known if is_sure else perhaps).extend(filter(None, names))
    return known, perhaps


def _two(fields: Sequence[str]) -> list[Any]:
    texts = [Cast(field, TextField()) for field in fields]
    return [*texts, *[Value("", output_field=TextField())] * (2 - len(texts))]


def _from_traits(said: Iterable[tuple[str, str]]) -> list[str]:
    values: dict[str, list[str]] = {}
    for key, text in said:
        value = parse(text)
        if isinstance(value, str | int) and not isinstance(value, bool) and value != "":
            values.setdefault(key, []).append(str(value))
    firsts = [value for key in _FIRST for value in values.get(key, [])]
    lasts = [value for key in _LAST for value in values.get(key, [])]
    whole = [f"{first} {last}" for first in firsts for last in lasts]
    return [*(value for found in values.values() for value in found), *whole]


def _others(whole: list[str], numbers: list[int]) -> list[str]:
    """Return which whole names another contact, a company, a team, a product or a colleague has as well."""
    if not whole:
        return []
    mine = Q(person__in=numbers) | Q(person__person_no__in=numbers)
    named = [Contact.objects.exclude(mine), *(model.objects.all() for model in (AccountRecord, Product, Team, User))]
    first, *others = (
        rows.order_by().annotate(lower=Lower("name")).filter(lower__in=whole).values_list("lower", flat=True)
        for rows in named
    )
    return list(first.union(*others))
