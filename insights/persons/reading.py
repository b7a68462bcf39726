"""Statements on the store that several lists share, and the marks that they use.

A template's {events} and its sisters are filled in by the store; see `insights.events.snapshot`.
"""

import datetime as dt
import json
from collections.abc import Iterable, Sequence
from typing import Any

from insights.events.public import Account, DistinctId
from insights.persons.contracts import AccountRef, Trait
from insights.persons.models import PersonJob

ACCOUNT_KEY = "$account"
# Traits by whose beginning somebody is found.
NAME_KEYS = [
    "name", "email", "$name", "$email", "username", "first_name", "last_name", "firstName", "lastName",
]  # fmt: skip

# The account of each person's group: the latest of all their ids.
GROUP_OF = """
    SELECT coalesce(m.person_no, t.subject_no) AS person_no,
        try_cast(arg_max(t.value, (t.ts, t.batch_no)) AS UINTEGER) AS account_no
    FROM {traits} t LEFT JOIN {person_map} m ON m.distinct_no = t.subject_no
    WHERE t.subject = 'person' AND t.key = '$account' GROUP BY 1
"""
NAMED_SO = """
    SELECT subject_no FROM {traits} WHERE subject = $subject AND key IN (SELECT unnest($keys))
    GROUP BY subject_no, key
    HAVING contains(' ' || lower(arg_max(value, (ts, batch_no)) ->> '$'), ' ' || $text)
    LIMIT $most
"""
_CURRENT = """
    SELECT key, arg_max(value, (ts, batch_no)) AS value, max(ts) AS ts FROM {traits}
    WHERE subject = $subject AND subject_no IN (SELECT unnest($numbers)) GROUP BY key ORDER BY key
"""


def people_of(jobs: Iterable[PersonJob]) -> dict[int, DistinctId]:
    """Return the ids that stand for the persons of jobs, by number; the erased ones are not among them."""
    numbers = {no for job in jobs for no in job.numbers}
    return {row.no: row for row in DistinctId.objects.filter(pk__in=numbers)} if numbers else {}


def aware(ts: dt.datetime | None) -> dt.datetime | None:
    """Return the store's naive UTC time as an aware one."""
    return ts.replace(tzinfo=dt.UTC) if ts is not None else None


def parse(value: str | None) -> Any:
    """Return a trait's JSON text as a value; text that is none stays text."""
    try:
        return json.loads(value) if value is not None else None
    except ValueError:
        return value


def account_refs(numbers: Iterable[int | None]) -> dict[int, AccountRef]:
    """Return accounts to link to, by number."""
    wanted = {no for no in numbers if no is not None}
    rows = Account.objects.filter(no__in=wanted).values_list("no", "account_id") if wanted else []
    return {no: AccountRef(no, text) for no, text in rows}


def current_traits(snapshot: Any, subject: str, numbers: Sequence[int]) -> list[Trait]:
    """Return the latest value of each key of one person (all their ids) or one account, by key."""
    rows = snapshot.execute(_CURRENT, {"subject": subject, "numbers": list(numbers)}).tuples
    return [Trait(key, parse(value), aware(ts)) for key, value, ts in rows]


def label_of(traits: Iterable[Trait], fallback: str) -> str:
    """Return a name to show: the name, else the e-mail address, else the id."""
    known = {trait.key: trait.value for trait in traits}
    return str(next((known[key] for key in ("name", "$name", "email", "$email") if known.get(key)), fallback))
