"""What a person or an account did, a line for each local day on which they did something: told to their story.

Days are read in windows from the newest back, only as many as a page shows, so no page reads a whole history.
"""

import datetime as dt
from collections.abc import Iterator, Sequence
from typing import Any

from django.utils import timezone

from insights.events.public import aware, open_snapshot
from insights.persons.contracts import Moment, Subject
from insights.persons.reading import GROUP_OF
from insights.persons.timeline import MOST_SCANNED

_MOST_NAMES = 4
_MOST_DAYS = 366

_MEMBERS = f"""
    WITH members AS (SELECT person_no FROM ({GROUP_OF}) WHERE account_no = $account)
    SELECT person_no FROM members
    UNION SELECT distinct_no FROM {{person_map}} WHERE person_no IN (SELECT person_no FROM members)
"""
_OF_PERSON = "distinct_no IN (SELECT unnest($ids::UINTEGER[]))"
_OF_ACCOUNT = f"(account_no = $account OR (account_no IS NULL AND {_OF_PERSON}))"
_MONTHS = """
    SELECT date_trunc('month', first_ts) AS month, min(first_ts), max(last_ts)
    FROM {activity} WHERE <whose> GROUP BY 1 ORDER BY 1 DESC
"""
_DAYS = """
    WITH acts AS (SELECT ts, event_code, distinct_no FROM {events} WHERE ts >= $since AND ts <= $until AND <whose>)
    SELECT b.no, a.event_code, count(*), max(a.ts), min(a.distinct_no), max(a.distinct_no)
    FROM acts a JOIN (SELECT unnest($starts) AS low, unnest($ends) AS high, unnest($places) AS no) b
        ON a.ts >= b.low AND a.ts < b.high
    GROUP BY b.no, a.event_code ORDER BY b.no, count(*) DESC, a.event_code
"""


def tell_usage(subject: Subject, user: Any, until: dt.datetime | None, most: int) -> Sequence[Moment]:
    """Return the days on which a person or an account did something, the newest first."""
    if not subject.source_ids:
        return []
    zone = timezone.get_current_timezone()
    newest = until.astimezone(zone).date() if until else None
    with open_snapshot(list(subject.source_ids), caller="persons.tell_usage") as snapshot:
        params, whose = _whose(subject, snapshot)
        rows = snapshot.execute(_MONTHS.replace("<whose>", whose), params).tuples
        spans = [tuple(aware(at).astimezone(zone).date() for at in row[1:]) for row in rows]
        found: list[Moment] = []
        n_scanned = 0
        for first, last in _windows(spans, newest):
            told, n_rows = _read_days(snapshot, params, whose, (first, last), zone)
            found += [moment for moment in told if until is None or moment.at <= until]
            n_scanned += n_rows
            if len(found) >= most or (n_scanned > MOST_SCANNED and found):
                break
    return found[:most]


def _whose(subject: Subject, snapshot: Any) -> tuple[dict[str, Any], str]:
    if not subject.is_account:
        return {"ids": list(subject.numbers)}, _OF_PERSON
    ids = [no for (no,) in snapshot.execute(_MEMBERS, {"account": subject.no}).tuples]
    return {"ids": ids, "account": subject.no}, _OF_ACCOUNT


def _windows(spans: Sequence[tuple[dt.date, ...]], newest: dt.date | None) -> Iterator[tuple[dt.date, dt.date]]:
    """Yield (first, last) days from the newest back over all spans, each longer than the one before; none twice.

    >>> day = lambda no: dt.date(2024, 1, no)
    >>> [(one.day, two.day) for one, two in _windows([(day(2), day(5)), (day(4), day(9))], day(8))]
    [(4, 8), (2, 3)]
    """
    length, before = dt.timedelta(days=30), newest
    for first, last in sorted(spans, key=lambda span: span[1], reverse=True):
        last = min(last, before) if before else last
        while last >= first:
            since = max(first, last - length)
            yield since, last
            last, length = since - dt.timedelta(days=1), min(length * 4, dt.timedelta(days=_MOST_DAYS))
        before = min(before, last) if before else last


def _read_days(
    snapshot: Any, params: dict[str, Any], whose: str, window: tuple[dt.date, dt.date], zone: Any
) -> tuple[list[Moment], int]:
    """Return the lines of some days of the reader's zone, the newest first, and how many rows were read for them."""
    first, last = window
    days = [last - dt.timedelta(days=no) for no in range((last - first).days + 1)]
    starts = [_naive(dt.datetime.combine(day, dt.time(), zone)) for day in days]
    ends = [_naive(dt.datetime.combine(day + dt.timedelta(days=1), dt.time(), zone)) for day in days]
    more = {"starts": starts, "ends": ends, "places": list(range(len(days))), "since": starts[-1], "until": ends[0]}
    rows = snapshot.execute(_DAYS.replace("<whose>", whose), {**params, **more}, since=starts[-1], until=ends[0])
    names = snapshot.names_of({row[1] for row in rows.tuples})
    by_day: dict[int, list[tuple[Any, ...]]] = {}
    for row in rows.tuples:
        by_day.setdefault(row[0], []).append(row)
    return [_moment(by_day[no], names) for no in sorted(by_day)], rows.n_scanned


def _moment(rows: Sequence[tuple[Any, ...]], names: dict[int, str]) -> Moment:
    """Return the line of one day: how much of what, the most frequent first."""
    total = sum(row[2] for row in rows)
    said = [f"{names[row[1]]} ({row[2]:,})" if row[2] > 1 else names[row[1]] for row in rows[:_MOST_NAMES]]
    rest = len(rows) - _MOST_NAMES
    text = ", ".join(said) + (f" and {rest} more kinds of events" if rest > 1 else " and one more" if rest == 1 else "")
    return Moment(
        at=aware(max(row[3] for row in rows)),
        side="did",
        kind="Usage",
        text=text,
        detail=f"{total:,} event{'' if total == 1 else 's'}",
    )


def _naive(at: dt.datetime) -> dt.datetime:
    return at.astimezone(dt.UTC).replace(tzinfo=None)
