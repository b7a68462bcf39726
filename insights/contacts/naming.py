"""What persons and accounts are called on lists and pages: by name, else e-mail address, else id."""

import json
from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

from insights.contacts.contracts import Named
from insights.events.public import LATEST_VALUE, Account, DistinctId, describe_people, open_snapshot

_OF_ACCOUNTS = f"""
    SELECT t.subject_no, t.key, {LATEST_VALUE} FROM {{traits}} t
    WHERE t.subject = 'account' AND t.key IN ('name', 'plan') AND t.subject_no IN (SELECT unnest($numbers))
    GROUP BY t.subject_no, t.key
"""


def name_speakers(
    persons: Iterable[DistinctId | None], accounts: Iterable[Account | None], source_ids: Sequence[int]
) -> tuple[dict[int, Named], dict[int, Named]]:
    """Return (persons, accounts) by the number of the id given, as these sources know them; one read for all.

    A person is named as they are now: an id that was joined to another's is that person.
    """
    owner_of = {row.no: row.resolved_no for row in persons if row is not None}
    account_ids = {row.no: row.account_id for row in accounts if row is not None}
    if not owner_of and not account_ids:
        return {}, {}
    with open_snapshot(source_ids, caller="contacts.name_speakers") as snapshot:
        owners = sorted(set(owner_of.values()))
        people = (
            describe_people(owners, source_ids=source_ids, snapshot=snapshot, has_account_ids=False) if owners else {}
        )
        traits = _account_traits(snapshot, sorted(account_ids))
    named = {
        no: Named(owner, person.label, person.distinct_ids[0], str(person.traits.get("email") or ""))
        for no, owner in owner_of.items()
        if (person := people.get(owner))
    }
    return named, {
        no: Named(no, str(traits[no].get("name") or text), text, str(traits[no].get("plan") or ""))
        for no, text in account_ids.items()
    }


def id_of_person(row: DistinctId) -> Named:
    """Return a person by the id alone, where the store is not asked."""
    return Named(row.resolved_no, row.distinct_id, row.distinct_id)


def id_of_account(row: Account) -> Named:
    """Return an account by its id alone, where the store is not asked."""
    return Named(row.no, row.account_id, row.account_id)


def _account_traits(snapshot: Any, numbers: list[int]) -> dict[int, dict[str, Any]]:
    found: dict[int, dict[str, Any]] = defaultdict(dict)
    if not numbers:
        return found
    for no, key, value in snapshot.execute(_OF_ACCOUNTS, {"numbers": numbers}).tuples:
        found[no][key] = json.loads(value) if value is not None else None
    return found
