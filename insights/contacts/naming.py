"""What persons and accounts are called on lists and pages: as written down, else by name, e-mail address or id."""

import json
from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from typing import Any

from django.db.models import OuterRef, Subquery

from insights.contacts.contracts import Named
from insights.contacts.models import Meaning, TraitName
from insights.contacts.written import contacts_of_rows
from insights.events.public import LATEST_VALUE, Account, DistinctId, describe_people, open_snapshot

_OF_ACCOUNTS = f"""
    SELECT t.subject_no, t.key, {LATEST_VALUE} FROM {{traits}} t
    WHERE t.subject = 'account' AND t.key IN (SELECT unnest($keys)) AND t.subject_no IN (SELECT unnest($numbers))
    GROUP BY t.subject_no, t.key
"""


def name_speakers(
    persons: Iterable[DistinctId | None], accounts: Iterable[Account | None], source_ids: Sequence[int]
) -> tuple[dict[int, Named], dict[int, Named]]:
    """Return (persons, accounts) by the number of the id given, as these sources know them; one read for all.

    A person is named as they are now: an id that was joined to another's is that person. What is written down of them
    by hand comes first.
    """
    person_rows = {row.no: row for row in persons if row is not None}
    account_rows = {row.no: row for row in accounts if row is not None}
    if not person_rows and not account_rows:
        return {}, {}
    owner_of = {no: row.resolved_no for no, row in person_rows.items()}
    typed = _typed_of(account_rows)
    with open_snapshot(source_ids, caller="contacts.name_speakers") as snapshot:
        owners = sorted(set(owner_of.values()))
        people = (
            describe_people(owners, source_ids=source_ids, snapshot=snapshot, has_account_ids=False) if owners else {}
        )
        keys = sorted({"name", *(key for _, _, key in typed.values())})
        traits = _account_traits(snapshot, sorted(account_rows), keys)
    written = contacts_of_rows(list(person_rows.values()))
    named = {}
    for no, owner in owner_of.items():
        if person := people.get(owner):
            email, contact = str(person.traits.get("email") or ""), written.get(owner)
            label = contact.name if contact and contact.name else person.label
            if contact and contact.address:
                email, label = contact.address, label if label != person.distinct_ids[0] else contact.address
            named[no] = Named(owner, label, person.distinct_ids[0], email)
    shown = {}
    for no, row in account_rows.items():
        name, plan, key = typed[no]
        known = {meaning: str(traits[no].get(of) or "") for meaning, of in (("name", "name"), ("plan", key))}
        shown[no] = Named(no, name or known["name"] or row.account_id, row.account_id, plan or known["plan"])
    return named, shown


def id_of_person(row: DistinctId) -> Named:
    """Return a person by the id alone, where the store is not asked."""
    return Named(row.resolved_no, row.distinct_id, row.distinct_id)


def id_of_account(row: Account) -> Named:
    """Return an account by its id alone, where the store is not asked."""
    return Named(row.no, row.account_id, row.account_id)


def _typed_of(accounts: Collection[int]) -> dict[int, tuple[str, str, str]]:
    """Return (name and plan as they were typed, the trait that is the plan) of each account, in one query."""
    said = TraitName.objects.filter(id_space=OuterRef("id_space"), meaning=Meaning.PLAN).values("key")[:1]
    rows = Account.objects.filter(no__in=accounts).order_by() if accounts else Account.objects.none()
    values = rows.values_list("no", "record__name", "record__plan", Subquery(said))
    return {no: (name or "", plan or "", key or Meaning.PLAN) for no, name, plan, key in values}


def _account_traits(snapshot: Any, numbers: list[int], keys: list[str]) -> dict[int, dict[str, Any]]:
    found: dict[int, dict[str, Any]] = defaultdict(dict)
    if not numbers:
        return found
    for no, key, value in snapshot.execute(_OF_ACCOUNTS, {"numbers": numbers, "keys": keys}).tuples:
        found[no][key] = json.loads(value) if value is not None else None
    return found
