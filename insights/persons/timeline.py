"""What a person did, newest first: windows of time in which they did something, so that no page reads everything.

A place in the timeline is "<time>~<n>": events up to that time, without the first n that lie exactly on it.
"""

import datetime as dt
import json
from collections.abc import Iterator, Sequence
from typing import Any

from insights.events.public import DistinctId, aware, open_snapshot
from insights.persons.access import Scope
from insights.persons.contracts import AccountRef, PersonFacts, Timeline, TimelineEvent
from insights.persons.describing import describe_person
from insights.persons.reading import account_refs
from portal.shell.public import BadInput

PAGE_SIZE = 50
MOST_SCANNED = 6_000_000
_PAGES_READ = 2  # a window's expected events, in pages
_SHORTEST = dt.timedelta(hours=1)
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


def windows(
    months: Sequence[tuple[dt.datetime, dt.datetime, int]], last: dt.datetime, n_wanted: int, most_months: int = 12
) -> Iterator[tuple[dt.datetime, dt.datetime]]:
    """Yield (since, until] from `last` back over all times with events, each wide enough for what is wanted.

    months: (first event, last event, number), a source's month each. Quiet months come in one window, up to
    `most_months` of them; a busy one comes in pieces, each longer than the one before.

    >>> day = lambda no: dt.datetime(2024, 1, no)
    >>> months = [(day(21), day(31), 100), (day(25), day(30), 20), (day(9), day(10), 4), (day(2), day(3), 4)]
    >>> [(since.day, until.day) for since, until in windows(months, day(31), 30)]
    [(28, 31), (20, 28), (1, 10)]
    """
    for first, end, n_events in _together(_spans(months), n_wanted, most_months):
        until = min(end, last)
        length = max(_SHORTEST, (end - first) / max(1.0, n_events / n_wanted)) + _STEP
        while until >= first:
            since = max(until - length, first - _STEP)
            yield since, until
            until, length = since, length * _GROWTH


def _together(
    spans: Sequence[tuple[dt.datetime, dt.datetime, int]], n_wanted: int, most_months: int
) -> Iterator[tuple[dt.datetime, dt.datetime, int]]:
    """Yield neighbouring spans as one as long as they hold no more than is wanted, newest first."""
    group: list[tuple[dt.datetime, dt.datetime, int]] = []
    for span in spans:
        if group and (sum(one[2] for one in group) + span[2] > n_wanted or len(group) >= most_months):
            yield group[-1][0], group[0][1], sum(one[2] for one in group)
            group = []
        group.append(span)
    if group:
        yield group[-1][0], group[0][1], sum(one[2] for one in group)


def _spans(
    months: Sequence[tuple[dt.datetime, dt.datetime, int]],
) -> list[tuple[dt.datetime, dt.datetime, int]]:
    """Return the months with those that overlap taken together, newest first."""
    spans: list[tuple[dt.datetime, dt.datetime, int]] = []
    for first, last, n_events in sorted(months):
        if spans and first <= spans[-1][1]:
            known = spans.pop()
            first, last, n_events = known[0], max(known[1], last), known[2] + n_events
        spans.append((first, last, n_events))
    return spans[::-1]


def read_timeline(
    scope: Scope, ids: Sequence[DistinctId], person: PersonFacts, snapshot: Any, *, before: str = ""
) -> Timeline:
    """Return a page of a person's events; `before` is a place."""
    place = parse_place(before)
    if person.last_seen_at is None:
        return Timeline((), None)
    skip = place[1] if place else 0
    start = _naive(min(person.last_seen_at, place[0]) if place else person.last_seen_at)
    months = [(_naive(first), _naive(last), n_events) for first, last, n_events in person.months]
    rows: list[tuple[Any, ...]] = []
    n_scanned, stopped_at = 0, None
    for since, until in windows(months, start, _PAGES_READ * PAGE_SIZE, _months_at_once(snapshot)):
        if n_scanned > MOST_SCANNED and len(rows) > skip:
            stopped_at = until
            break
        most = skip + PAGE_SIZE + 1 - len(rows)
        params = {"numbers": [row.no for row in ids], "since": since, "until": until, "most": most}
        found = snapshot.execute(_EVENTS, params, since=since, until=until)
        rows, n_scanned = rows + found.tuples, n_scanned + found.n_scanned
        if len(rows) > skip + PAGE_SIZE:
            break
    shown = rows[skip : skip + PAGE_SIZE]
    older = f"{stopped_at.isoformat()}Z~0" if stopped_at else None
    if len(rows) > skip + PAGE_SIZE:
        older = _place_after(rows, skip, shown)
    return Timeline(_events(scope, ids, shown, snapshot.names_of({row[1] for row in shown}), person.account), older)


def _months_at_once(snapshot: Any) -> int:
    """Return how many months of the store may be read for one window."""
    return max(1, MOST_SCANNED * snapshot.n_months // max(1, snapshot.n_rows))


def read_person(scope: Scope, ids: Sequence[DistinctId], before: str) -> tuple[PersonFacts, Timeline]:
    """Return a person in full and a page of their events, of one version of the store."""
    with open_snapshot(scope.source_ids, caller="persons.read_person") as snapshot:
        person = describe_person(scope, ids, snapshot)
        return person, read_timeline(scope, ids, person, snapshot, before=before)


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
