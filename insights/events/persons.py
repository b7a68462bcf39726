"""Who is behind a number: ids and current traits of persons, for lists and a person's page."""

import json
from collections import defaultdict
from collections.abc import Sequence
from contextlib import nullcontext
from typing import Any

from django.db.models import Q

from insights.events.contracts import LATEST_VALUE, PERSON_ACCOUNT_KEY, PersonSummary
from insights.events.models import Account, DistinctId
from insights.events.snapshot import EmbeddedSnapshot, open_snapshot

# `owners` says to whom each number belongs: of all ids of a person one value wins.
_LATEST = f"""
    WITH ids AS (SELECT unnest($numbers::UINTEGER[]) AS no, unnest($owners::UINTEGER[]) AS owner)
    SELECT ids.owner, t.key, {LATEST_VALUE} FROM {{traits}} t JOIN ids ON ids.no = t.subject_no
    WHERE t.subject = $subject GROUP BY ids.owner, t.key
"""


def describe_people(
    person_nos: Sequence[int],
    *,
    source_ids: Sequence[int],
    snapshot: EmbeddedSnapshot | None = None,
    has_account_ids: bool = True,
) -> dict[int, PersonSummary]:
    """Return each person's ids and current traits as these sources know them; a number without ids is left out.

    has_account_ids: give the account of a person's group by its id, else by its number.
    """
    if snapshot is None:
        with open_snapshot(source_ids, caller="events.describe_people") as opened:
            return describe_people(person_nos, source_ids=source_ids, snapshot=opened, has_account_ids=has_account_ids)
    person_of: dict[int, int] = {}
    texts: dict[int, list[str]] = defaultdict(list)
    rows = DistinctId.objects.filter(Q(no__in=person_nos) | Q(person_no__in=person_nos)).order_by("no")
    for row in rows:
        person_of[row.no] = row.resolved_no
        own_first = 0 if row.no == row.resolved_no else len(texts[row.resolved_no])
        texts[row.resolved_no].insert(own_first, row.distinct_id)
    traits = _traits_of(snapshot, person_of)
    if has_account_ids:
        _name_accounts(traits)
    numbers: dict[int, list[int]] = defaultdict(list)
    for no, person_no in person_of.items():
        numbers[person_no].append(no)
    return {
        no: PersonSummary(no, tuple(texts[no]), traits.get(no, {}), tuple(numbers[no]))
        for no in person_nos
        if no in texts
    }


def _traits_of(snapshot: EmbeddedSnapshot, person_of: dict[int, int]) -> dict[int, dict[str, Any]]:
    """Return {person: {key: value}}: of all ids of a person, the latest value of each key."""
    if not person_of:
        return {}
    params = {"subject": "person", "numbers": list(person_of), "owners": list(person_of.values())}
    found: dict[int, dict[str, Any]] = defaultdict(dict)
    for person_no, key, value in snapshot.execute(_LATEST, params).tuples:
        found[person_no][key] = json.loads(value) if value is not None else None
    return dict(found)


def _name_accounts(found: dict[int, dict[str, Any]]) -> None:
    """Put the account's id in the place of its number."""
    groups = {traits[PERSON_ACCOUNT_KEY] for traits in found.values() if traits.get(PERSON_ACCOUNT_KEY)}
    accounts = dict(Account.objects.filter(no__in=groups).values_list("no", "account_id"))
    for traits in found.values():
        if traits.get(PERSON_ACCOUNT_KEY):
            traits[PERSON_ACCOUNT_KEY] = accounts.get(traits[PERSON_ACCOUNT_KEY])


def describe_accounts(
    account_nos: Sequence[int], *, source_ids: Sequence[int], snapshot: EmbeddedSnapshot | None = None
) -> dict[int, tuple[str, dict[str, Any]]]:
    """Return {account number: (the account's id, its current traits as these sources know them)}."""
    ids = dict(Account.objects.filter(no__in=list(account_nos)).values_list("no", "account_id"))
    params = {"subject": "account", "numbers": list(ids), "owners": list(ids)}
    opened = open_snapshot(source_ids, caller="events.describe_accounts")
    with nullcontext(snapshot) if snapshot else opened as snapshot:
        rows = snapshot.execute(_LATEST, params).tuples if ids else []
    traits: dict[int, dict[str, Any]] = defaultdict(dict)
    for account_no, key, value in rows:
        traits[account_no][key] = json.loads(value) if value is not None else None
    return {no: (text, traits.get(no, {})) for no, text in ids.items()}
