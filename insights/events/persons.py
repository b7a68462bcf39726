"""Who is behind a number: ids and current traits of persons, for lists and a person's page."""

import json
from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from django.db.models import Q

from insights.events.contracts import PERSON_ACCOUNT_KEY, PersonSummary
from insights.events.models import Account, DistinctId
from insights.events.snapshot import EmbeddedSnapshot, open_snapshot

_LATEST = """
    SELECT subject_no, key, arg_max(value, (ts, batch_no)) AS value, max(ts) AS ts FROM {traits}
    WHERE subject = $subject AND subject_no IN (SELECT unnest($numbers)) GROUP BY subject_no, key
"""


def describe_people(
    person_nos: Sequence[int], *, source_ids: Sequence[int], snapshot: EmbeddedSnapshot | None = None
) -> dict[int, PersonSummary]:
    """Return each person's ids and current traits as these sources know them; a number without ids is left out."""
    if snapshot is None:
        with open_snapshot(source_ids, caller="events.describe_people") as opened:
            return describe_people(person_nos, source_ids=source_ids, snapshot=opened)
    person_of: dict[int, int] = {}
    texts: dict[int, list[str]] = defaultdict(list)
    rows = DistinctId.objects.filter(Q(no__in=person_nos) | Q(person_no__in=person_nos)).order_by("no")
    for row in rows:
        person_of[row.no] = row.resolved_no
        own_first = 0 if row.no == row.resolved_no else len(texts[row.resolved_no])
        texts[row.resolved_no].insert(own_first, row.distinct_id)
    traits = _traits_of(snapshot, person_of)
    return {no: PersonSummary(no, tuple(texts[no]), traits.get(no, {})) for no in person_nos if no in texts}


def _traits_of(snapshot: EmbeddedSnapshot, person_of: dict[int, int]) -> dict[int, dict[str, Any]]:
    """Return {person: {key: value}}: of all ids of a person, the latest value of each key."""
    if not person_of:
        return {}
    rows = snapshot.execute(_LATEST, {"subject": "person", "numbers": list(person_of)}).tuples
    found: dict[int, dict[str, Any]] = defaultdict(dict)
    for distinct_no, key, value, _ in sorted(rows, key=lambda row: row[3]):
        found[person_of[distinct_no]][key] = json.loads(value) if value is not None else None
    groups = {traits[PERSON_ACCOUNT_KEY] for traits in found.values() if traits.get(PERSON_ACCOUNT_KEY)}
    accounts = dict(Account.objects.filter(no__in=groups).values_list("no", "account_id"))
    for traits in found.values():
        if traits.get(PERSON_ACCOUNT_KEY):
            traits[PERSON_ACCOUNT_KEY] = accounts.get(traits[PERSON_ACCOUNT_KEY])
    return dict(found)


def describe_accounts(
    account_nos: Sequence[int], *, source_ids: Sequence[int]
) -> dict[int, tuple[str, dict[str, Any]]]:
    """Return {account number: (the account's id, its current traits as these sources know them)}."""
    ids = dict(Account.objects.filter(no__in=list(account_nos)).values_list("no", "account_id"))
    with open_snapshot(source_ids, caller="events.describe_accounts") as snapshot:
        rows = snapshot.execute(_LATEST, {"subject": "account", "numbers": list(ids)}).tuples if ids else []
    traits: dict[int, dict[str, Any]] = defaultdict(dict)
    for account_no, key, value, _ in rows:
        traits[account_no][key] = json.loads(value) if value is not None else None
    return {no: (text, traits.get(no, {})) for no, text in ids.items()}
