"""What a person did, newest first: windows of time that grow as one looks back, so that no page reads everything.

A place in the timeline is "<time>~<n>": events up to that time, without the first n that lie exactly on it.
"""

import datetime as dt
import json
from collections.abc import Iterator, Sequence
from contextlib import nullcontext
from typing import Any

from insights.events.public import DistinctId, open_snapshot
from insights.persons.access import Scope
from insights.persons.contracts import AccountRef, PersonFacts, Timeline, TimelineEvent
from insights.persons.describing import describe_person
from insights.persons.reading import account_refs, aware
from portal.shell.public import BadInput

PAGE_SIZE = 50
_FIRST_WINDOW = dt.timedelta(days=7)
_GROWTH = 4
_STEP = dt.timedelta(microseconds=1)

_EVENTS = """
    SELECT ts, event_code, source_no, distinct_no, account_no, batch_no, properties::JSON::VARCHAR AS properties
    FROM {events} WHERE distinct_no IN (SELECT unnest($numbers)) AND ts > $since AND ts <= $until
    ORDER BY ts DESC, event_code, source_no, distinct_no, batch_no, properties LIMIT $most
"""


def parse_place(text: str) -> tuple[dt.datetime, int] | None:
    """Return (UTC time, events of that time to leave out) of a place, or None for the newest."""
    if not text:
        return None
    time, _, skip = text.partition("~")
    try:
        at = dt.datetime.fromisoformat(time)
        return (at.astimezone(dt.UTC) if at.tzinfo else at.replace(tzinfo=dt.UTC)), int(skip or 0)
    except (ValueError, OverflowError) as fault:
        raise BadInput(fields={"before": ["Use the value that the page before gave, or an ISO time."]}) from fault


def windows(first: dt.datetime, last: dt.datetime) -> Iterator[tuple[dt.datetime, dt.datetime]]:
    """Yield (since, until] from `last` back to before `first`, each longer than the one before.

    >>> day = lambda no: dt.datetime(2024, 1, no)
    >>> [(until - since).days for since, until in windows(day(1), day(31))]
    [7, 23]
    """
    length, until = _FIRST_WINDOW, last
    while until >= first:
        since = max(until - length, first - _STEP)
        yield since, until
        until, length = since, length * _GROWTH


def read_timeline(
    scope: Scope,
    ids: Sequence[DistinctId],
    first: dt.datetime | None,
    last: dt.datetime | None,
    *,
    before: str = "",
    limit: int = PAGE_SIZE,
    snapshot: Any = None,
    known: AccountRef | None = None,
) -> Timeline:
    """Return a page of a person's events; first and last bound all of them, `before` is a place."""
    place = parse_place(before)
    if first is None or last is None:
        return Timeline((), None)
    skip = place[1] if place else 0
    start = min(last, place[0]) if place else last
    rows: list[tuple[Any, ...]] = []
    opened = open_snapshot(scope.source_ids, caller="persons.read_timeline")
    with nullcontext(snapshot) if snapshot else opened as snapshot:
        for since, until in windows(_naive(first), _naive(start)):
            most = skip + limit + 1 - len(rows)
            params = {"numbers": [row.no for row in ids], "since": since, "until": until, "most": most}
            rows += snapshot.execute(_EVENTS, params, since=since, until=until).tuples
            if len(rows) > skip + limit:
                break
        shown = rows[skip : skip + limit]
        names = snapshot.names_of({row[1] for row in shown})
    older = _place_after(rows, skip, shown) if len(rows) > skip + limit else None
    return Timeline(_events(scope, ids, shown, names, known), older)


def read_person(scope: Scope, ids: Sequence[DistinctId], before: str) -> tuple[PersonFacts, Timeline]:
    """Return a person in full and a page of their events, of one version of the store."""
    with open_snapshot(scope.source_ids, caller="persons.read_person") as snapshot:
        person = describe_person(scope, ids, snapshot)
        first, last = person.first_seen_at, person.last_seen_at
        return person, read_timeline(scope, ids, first, last, before=before, snapshot=snapshot, known=person.account)


def _naive(time: dt.datetime) -> dt.datetime:
    return time.astimezone(dt.UTC).replace(tzinfo=None)


def _place_after(rows: list[tuple[Any, ...]], skip: int, shown: list[tuple[Any, ...]]) -> str:
    at = shown[-1][0]
    n_before = sum(row[0] == at for row in rows[: skip + len(shown)])
    return f"{at.isoformat()}Z~{n_before}"


def _events(
    scope: Scope,
    ids: Sequence[DistinctId],
    rows: list[tuple[Any, ...]],
    names: dict[int, str],
    known: AccountRef | None,
) -> tuple[TimelineEvent, ...]:
    texts = {row.no: row.distinct_id for row in ids}
    sources = {source.pk: source.name for source in scope.sources}
    # Mostly one and the same account, which the page knows already.
    accounts = {known.no: known} if known else {}
    accounts |= account_refs({row[4] for row in rows} - set(accounts))
    return tuple(
        TimelineEvent(
            at=aware(ts),
            event=names[code],
            source=sources[source_no],
            distinct_id=texts[distinct_no],
            account=accounts.get(account_no),
            batch_no=batch_no,
            properties=json.loads(properties) if properties else {},
        )
        for ts, code, source_no, distinct_no, account_no, batch_no, properties in rows
    )
