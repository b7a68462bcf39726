"""One person in full: ids, current traits, account, first and last seen."""

from collections.abc import Sequence
from contextlib import nullcontext
from typing import Any

from insights.events.public import DistinctId, open_snapshot
from insights.persons.access import Scope
from insights.persons.contracts import PersonFacts
from insights.persons.reading import ACCOUNT_KEY, account_refs, aware, current_traits, label_of
from portal.shell.public import NotFound

_ACTIVITY = """
    SELECT count(*), min(ts), max(ts), arg_max(account_no, ts), list(DISTINCT source_no)
    FROM {all_events} WHERE distinct_no IN (SELECT unnest($numbers))
"""
_SEEN = """
    SELECT distinct_no FROM {first_seen} WHERE distinct_no IN (SELECT unnest($numbers))
    UNION SELECT subject_no FROM {traits} WHERE subject = 'person' AND subject_no IN (SELECT unnest($numbers))
"""


def keep_seen(scope: Scope, ids: Sequence[DistinctId]) -> list[DistinctId]:
    """Return the ids that the reader's sources know; NotFound where they know none of them."""
    if scope.is_whole:
        return list(ids)
    with open_snapshot(scope.source_ids, caller="persons.keep_seen") as snapshot:
        seen = {no for (no,) in snapshot.execute(_SEEN, {"numbers": [row.no for row in ids]}).tuples}
    kept = [row for row in ids if row.no in seen]
    if not kept:
        raise NotFound()
    return kept


def describe_person(scope: Scope, ids: Sequence[DistinctId], snapshot: Any = None) -> PersonFacts:
    """Return what these sources know of a person with these ids, the person's own id first."""
    numbers = [row.no for row in ids]
    opened = open_snapshot(scope.source_ids, caller="persons.describe_person")
    with nullcontext(snapshot) if snapshot else opened as snapshot:
        n_events, first, last, account_no, source_nos = snapshot.execute(_ACTIVITY, {"numbers": numbers}).tuples[0]
        traits = current_traits(snapshot, "person", numbers)
    group = next((trait.value for trait in traits if trait.key == ACCOUNT_KEY), None)
    refs = account_refs([group if isinstance(group, int) else None, account_no])
    shown = tuple(trait for trait in traits if trait.key != ACCOUNT_KEY)
    known = {trait.key: trait.value for trait in shown}
    return PersonFacts(
        no=ids[0].resolved_no,
        label=label_of(shown, ids[0].distinct_id),
        distinct_ids=tuple(row.distinct_id for row in ids),
        email=str(known.get("email") or known.get("$email") or ""),
        account=refs.get(group) or refs.get(account_no),
        first_seen_at=aware(first),
        last_seen_at=aware(last),
        n_events=n_events,
        id_space=scope.space.slug,
        traits=shown,
        sources=tuple(source.name for source in scope.sources if source.pk in (source_nos or [])),
    )
