"""The number of a row's bucket in SQL, with daylight-saving changes as bound offsets."""

from datetime import datetime, timedelta
from itertools import pairwise

from insights.questions.calendar import EPOCH, Buckets, offset_segments, to_local
from insights.questions.sql import Statement

_HOUR_US, _DAY_US = 3_600_000_000, 86_400_000_000


def bucket_sql(statement: Statement, buckets: Buckets, column: str = "e.ts") -> str:
    """Return the place of a time in the buckets: 0 for the first, n or more after the last, below 0 before the first.

    `column` is a UTC timestamp. Months and longer are exact inside the range, NULL outside.
    """
    if buckets.interval == "all":
        return "0"
    if buckets.interval == "hour":
        return _hour_sql(statement, buckets, column)
    first = (buckets.days[0] - EPOCH.date()).days
    local = f"(epoch_us({column}) + {_offset_sql(statement, buckets, column)})"
    if buckets.interval == "day":
        return f"({local} // {_DAY_US} - {statement.bind(first)})::integer"
    if buckets.interval == "week":
        return f"(({local} - {statement.bind(first * _DAY_US)}) // {7 * _DAY_US})::integer"
    after = to_local(buckets.until, buckets.zone).date()
    lookup = [
        place for place, day in enumerate(buckets.days) for _ in range(((*buckets.days, after)[place + 1] - day).days)
    ]
    return f"({statement.bind(lookup)}::integer[])[({local} // {_DAY_US} - {statement.bind(first - 1)})]"


def _hour_sql(statement: Statement, buckets: Buckets, column: str) -> str:
    edges = buckets.edges
    if all(later - earlier == timedelta(hours=1) for earlier, later in pairwise(edges)):
        return f"((epoch_us({column}) - {statement.bind(_us(edges[0]))}) // {_HOUR_US})::integer"
    # Only where the clocks change by half an hour: count the edges passed.
    bound = statement.bind([_us(edge) for edge in edges])
    return f"(len(list_filter({bound}::bigint[], lambda edge: edge <= epoch_us({column}))) - 1)::integer"


def _offset_sql(statement: Statement, buckets: Buckets, column: str) -> str:
    segments = offset_segments(buckets.zone, buckets.since, buckets.until)
    if len(segments) == 1:
        return statement.bind(segments[0][1] * 1_000_000)
    cases = [
        f"when {column} < {statement.bind(later)} then {statement.bind(offset * 1_000_000)}"
        for (_, offset), (later, _) in pairwise(segments)
    ]
    return f"case {' '.join(cases)} else {statement.bind(segments[-1][1] * 1_000_000)} end"


def _us(moment: datetime) -> int:
    return (moment - EPOCH) // timedelta(microseconds=1)
