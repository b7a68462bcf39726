"""Statements on the store that several lists share, and the marks that they use.

A template's {events} and its sisters are filled in by the store; see `insights.events.snapshot`.
"""

import json
import re
from collections.abc import Iterable, Sequence
from typing import Any

from insights.events.public import LATEST_VALUE, Account, DistinctId, aware
from insights.persons.contracts import AccountRef, Trait
from insights.persons.models import PersonJob

ACCOUNT_KEY = "$account"
MOST_MATCHES = 2_000
_ONCE_PER_MATCH = 10
# Traits by whose beginning somebody is found.
NAME_KEYS = [
    "name", "email", "$name", "$email", "username", "first_name", "last_name", "firstName", "lastName",
]  # fmt: skip

# The account of each person's group: the latest of all their ids.
GROUP_OF = f"""
    SELECT coalesce(m.person_no, t.subject_no) AS person_no, try_cast({LATEST_VALUE} AS UINTEGER) AS account_no
    FROM {{traits}} t LEFT JOIN {{person_map}} m ON m.distinct_no = t.subject_no
    WHERE t.subject = 'person' AND t.key = '{ACCOUNT_KEY}' GROUP BY 1
"""
_NAMES = "t.subject = $subject AND t.key IN ({})".format(", ".join(f"'{key}'" for key in NAME_KEYS))
# Who was ever called so, as far as JSON text tells; then who of them is called so now.
_ONCE_NAMED_SO = f"SELECT DISTINCT t.subject_no FROM {{traits}} t WHERE {_NAMES} AND <so> LIMIT $most"
_NAMED_SO = f"""
    SELECT DISTINCT subject_no FROM (
        SELECT t.subject_no FROM {{traits}} t WHERE {_NAMES} AND t.subject_no IN (SELECT unnest($numbers::UINTEGER[]))
        GROUP BY t.subject_no, t.key HAVING contains(' ' || lower({LATEST_VALUE} ->> '$'), ' ' || $text)
    ) LIMIT $most
"""
_PLAIN = re.compile(r"[a-z0-9 .@_+-]+")  # looks the same in JSON, whoever wrote it
_ANY_PIECE = re.compile(r"[a-z0-9]+")
_CURRENT = f"""
    SELECT t.key, {LATEST_VALUE} AS value, max(t.ts) AS ts FROM {{traits}} t
    WHERE t.subject = $subject AND t.subject_no IN (SELECT unnest($numbers)) GROUP BY t.key ORDER BY t.key
"""


def people_of(jobs: Iterable[PersonJob]) -> dict[int, DistinctId]:
    """Return the ids that stand for the persons of jobs, by number; the erased ones are not among them."""
    numbers = {no for job in jobs for no in job.numbers}
    return {row.no: row for row in DistinctId.objects.filter(pk__in=numbers)} if numbers else {}


def name_job(job: PersonJob, people: dict[int, DistinctId]) -> str:
    """Return what was asked, in a few words, with the ids that stand for its persons while they are there."""

    def known(no: int | None, else_: str) -> str:
        person = people.get(no) if no else None
        return person.distinct_id if person else else_

    if job.kind == PersonJob.Kind.ERASE:
        return f"Erase {known(job.person_no, 'a person')}"
    if job.kind == PersonJob.Kind.LOOK:
        return f"Look for mentions of {known(job.person_no, 'an erased person')}"
    if job.kind == PersonJob.Kind.MERGE:
        return f"Merge {known(job.other_no, 'an erased person')} into {known(job.person_no, 'an erased person')}"
    return f"Split {known(job.other_no, 'an erased id')} from {known(job.person_no, 'an erased person')}"


def named_so(snapshot: Any, subject: str, text: str) -> list[int]:
    """Return the numbers of persons or accounts of whose name or address a word begins so; one more than the most."""
    text = text.lower()
    so = "contains(lower(t.value), $piece)"
    if _PLAIN.fullmatch(text):
        so += """ AND (contains(lower(t.value), '"' || $text) OR contains(lower(t.value), ' ' || $text))"""
        piece = text
    else:
        piece = max(_ANY_PIECE.findall(text), key=len, default="")
    asked = {"subject": subject, "text": text, "piece": piece, "most": _ONCE_PER_MATCH * MOST_MATCHES}
    once = [no for (no,) in snapshot.execute(_ONCE_NAMED_SO.replace("<so>", so), asked).tuples]
    if not once:
        return []
    asked = {"subject": subject, "numbers": once, "text": text, "most": MOST_MATCHES + 1}
    return [no for (no,) in snapshot.execute(_NAMED_SO, asked).tuples]


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
