"""One person in full: ids, current traits, account, first and last seen."""

import datetime as dt
from collections.abc import Sequence
from contextlib import nullcontext
from typing import Any, NamedTuple

from insights.contacts.contracts import Written
from insights.contacts.written import contacts_of, written_of
from insights.events.public import DistinctId, aware, open_snapshot
from insights.persons.access import Scope
from insights.persons.contracts import AccountRef, PersonFacts
from insights.persons.reading import ACCOUNT_KEY, account_refs, current_traits, label_of
from portal.shell.public import NotFound

# One row a source and month; of few rows a person, so that nothing is read that others did.
_ACTIVITY = """
    SELECT source_no, date_trunc('month', first_ts) AS month, sum(n_events)::BIGINT, min(first_ts), max(last_ts),
        arg_max(account_no, last_ts), max(last_ts) FILTER (account_no IS NOT NULL)
    FROM {activity} WHERE distinct_no IN (SELECT unnest($numbers)) GROUP BY 1, 2 ORDER BY 4
"""
_SEEN = """
    SELECT distinct_no FROM {activity} WHERE distinct_no IN (SELECT unnest($numbers))
    UNION SELECT subject_no FROM {traits} WHERE subject = 'person' AND subject_no IN (SELECT unnest($numbers))
"""


class Month(NamedTuple):
    """What a person did in one month of one source; the account is the newest that their events name."""

    source_no: int
    month: dt.datetime
    n_events: int
    first: dt.datetime
    last: dt.datetime
    account_no: int | None
    account_at: dt.datetime | None


def keep_seen(scope: Scope, ids: Sequence[DistinctId]) -> list[DistinctId]:
    """Return the ids that the reader's sources know; NotFound where they know none of them."""
    if scope.is_whole:
        return list(ids)
    with open_snapshot(scope.source_ids, caller="persons.keep_seen") as snapshot:
        seen = {no for (no,) in snapshot.execute(_SEEN, {"numbers": [row.no for row in ids]}).tuples}
    if scope.sees_written:
        seen |= {contact.person_id for contact in contacts_of(ids)}
    kept = [row for row in ids if row.no in seen]
    if not kept:
        raise NotFound()
    return kept


def describe_person(scope: Scope, ids: Sequence[DistinctId], snapshot: Any = None) -> PersonFacts:
    """Return what these sources know of a person with these ids, the person's own id first."""
    numbers = [row.no for row in ids]
    opened = open_snapshot(scope.source_ids, caller="persons.describe_person")
    with nullcontext(snapshot) if snapshot else opened as snapshot:
        months = [Month(*row) for row in snapshot.execute(_ACTIVITY, {"numbers": numbers}).tuples]
        traits = current_traits(snapshot, "person", numbers)
    named = [month for month in months if month.account_at]
    account_no = max(named, key=lambda month: month.account_at).account_no if named else None
    group = next((trait.value for trait in traits if trait.key == ACCOUNT_KEY), None)
    no = ids[0].resolved_no
    written = written_of(contacts_of(ids)) if scope.sees_written else Written()
    refs = account_refs([group if isinstance(group, int) else None, account_no])
    of_contact = AccountRef(written.account_no, written.account_id or "") if written.account_no else None
    shown = tuple(trait for trait in traits if trait.key != ACCOUNT_KEY)
    known = {trait.key: trait.value for trait in shown}
    source_nos = {month.source_no for month in months}
    email = written.address or str(known.get("email") or known.get("$email") or "")
    label = label_of(shown, ids[0].distinct_id)
    return PersonFacts(
        no=no,
        label=written.name or (label if label != ids[0].distinct_id else email or label),
        distinct_ids=tuple(row.distinct_id for row in ids),
        email=email,
        account=refs.get(group) or refs.get(account_no) or of_contact,
        first_seen_at=aware(min((month.first for month in months), default=None)),
        last_seen_at=aware(max((month.last for month in months), default=None)),
        n_events=sum(month.n_events for month in months),
        id_space=scope.space.slug,
        traits=shown,
        sources=tuple(source.name for source in scope.sources if source.pk in source_nos),
        months=tuple((aware(month.first), aware(month.last), month.n_events) for month in months),
    )
