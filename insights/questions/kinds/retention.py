"""Retention: who comes back, interval after interval."""

from collections.abc import Callable
from datetime import UTC
from typing import Any
from zoneinfo import ZoneInfo

from insights.questions.bucket_sql import bucket_sql
from insights.questions.calendar import Buckets, cut
from insights.questions.cells import group_mode, read_group, read_place
from insights.questions.contracts import INTERVALS, ROLLING_S, RetentionQuestion
from insights.questions.event_select import select_rows
from insights.questions.grouped import ALL, Line
from insights.questions.kinds.contracts import Kind, Span, range_span
from insights.questions.rates import rate_of
from insights.questions.reading import ObjectReader
from insights.questions.rolling import (
    FIRST_GROUP,
    OTHER_RANK,
    RANKED,
    fetch_cells,
    find_units,
    rank_groups,
    rolling_until,
    target_rows,
)
from insights.questions.running import Groups, Run
from insights.questions.specs import read_event_spec
from insights.questions.sql import Statement

MAX_INTERVALS = 62  # one bit each in a 64-bit mask
_LETTERS = {"day": "d", "week": "w", "month": "m", "quarter": "q", "year": "y"}


def _read(reader: ObjectReader) -> dict[str, Any]:
    specs = {}
    for key in ("target", "returning"):
        if not reader.has(key):
            reader.known.add(key)
            reader.fault(key, "This is missing.")
            continue
        specs[key] = read_event_spec(reader.take(key), reader.at(key), reader.faults)
    interval = reader.choice("interval", INTERVALS[:-1], "week")
    is_rolling = reader.flag("rolling")
    if is_rolling and interval not in ROLLING_S:
        reader.fault("rolling", f"Days of 24 hours make no whole {interval}. Choose hours, days or weeks.")
    return {
        **specs,
        "mode": reader.choice("mode", ("recurring", "first_time"), "recurring"),
        "interval": interval,
        "rolling": is_rolling,
        "intervals": reader.whole_number("intervals", 8, least=1, most=MAX_INTERVALS),
        "unbounded": reader.flag("unbounded"),
        "minimum": reader.whole_number("minimum", 1, least=1, most=1000),
    }


def _default_from(own: dict[str, Any]) -> str:
    if own["interval"] == "hour":
        return f"-{-(-own['intervals'] // 24)}d"
    return f"-{own['intervals']}{_LETTERS[own['interval']]}"


def _targets(statement: Statement, question: RetentionQuestion, run: Run) -> str:
    """Return the select of u, tm (a bit for each interval with a target event) and, with a breakdown, g.

    A unit belongs to one group in each interval: that of its first target event there.
    """
    rows, group = target_rows(statement, question, run), ", g" if question.breakdown else ""
    if question.mode == "first_time":
        return f"select u{group}, 1::ubigint << i::ubigint as tm from ({rows})"
    bits = "bit_or(1::ubigint << i::ubigint) as tm"
    if not group:
        return f"select u, {bits} from ({rows}) group by u"
    return f"select u, g, {bits} from (select u, i, {FIRST_GROUP} from ({rows}) group by u, i) group by u, g"


def _returns(statement: Statement, question: RetentionQuestion, run: Run) -> str:
    """Return the select of u and rm: a bit for each interval of return or, unbounded, the last that counts."""
    buckets, n, least = run.buckets, question.intervals, question.minimum
    until = None if question.unbounded else buckets.until
    place = bucket_sql(statement, buckets)
    if question.unbounded:
        place = f"case when e.ts >= {statement.bind(buckets.until)} then {n} else {place} end"
    rows = select_rows(
        statement,
        run,
        question.returning,
        lambda rows: {"u": rows.unit(), "b": place},
        ALL,
        since=buckets.since,
        until=until,
    )
    if question.unbounded:
        last = "max(b)" if least == 1 else f"list_extract(max(b, {least}), {least})"
        return f"select u, {last} as rm from ({rows}) group by u"
    if least > 1:
        rows = f"select u, b from ({rows}) group by u, b having count(*) >= {least}"
    return f"select u, bit_or(1::ubigint << b::ubigint) as rm from ({rows}) group by u"


def _pairs(statement: Statement, question: RetentionQuestion, run: Run) -> str:
    """Return the select of tm, rm, n (units) and, with a breakdown, g: units that share both count together."""
    is_plain = not (question.breakdown or question.unbounded or question.minimum > 1)
    if is_plain and question.mode == "recurring" and question.target == question.returning:
        return f"select tm, tm as rm, count(*) as n from ({_targets(statement, question, run)}) group by tm"
    targets, returns = _targets(statement, question, run), _returns(statement, question, run)
    group = "g, " if question.breakdown else ""
    return f"select {group}tm, rm, count(*) as n from ({targets}) t left join ({returns}) r using (u) group by all"


def _ranked_pairs(statement: Statement, run: Run) -> str:
    """Return pairs with the rank of their group."""
    statement.cte("sizes", "select g, sum(bit_count(tm) * n) as size from pairs where g is not null group by g")
    rank_groups(statement, run)
    return f"select {RANKED}, tm, rm, n from pairs left join ranked using (g)"


def _groups(question: RetentionQuestion, run: Run) -> list[Line]:
    """Return a line for each group, its cells by (row, column)."""
    if question.rolling:
        return _in_order(run, *fetch_cells(question, run))
    statement, n = Statement(), question.intervals
    statement.cte("pairs", _pairs(statement, question, run), is_materialized=True)
    came_back = "rm >= i + j" if question.unbounded else "((rm >> (i + j)::ubigint) & 1) = 1"
    one = "select 0 as rank, null as shown, tm, rm, n from pairs"
    source = _ranked_pairs(statement, run) if question.breakdown else one
    final = (
        f"select rank, any_value(shown), i, j, sum(n)::bigint from ({source}), range({n}) rows(i), range({n}) cols(j)"
        f" where i + j < {n} and ((tm >> i::ubigint) & 1) = 1 and (j = 0 or {came_back}) group by rank, i, j"
    )
    since, until = run.buckets.since, None if question.unbounded else run.buckets.until
    cells: dict[int, dict[Any, int]] = {}
    names: dict[int, str] = {}
    for rank, shown, row, column, count in run.execute(statement, final, since, until):
        cells.setdefault(rank, {})[row, column] = count
        names[rank] = shown
    return _in_order(run, cells, names)


def _in_order(run: Run, cells: dict[int, dict[Any, int]], names: dict[int, str]) -> list[Line]:
    if not run.question.breakdown:
        return [Line("all", None, cells.get(0, {}))]
    forced = run.forced.get(0)
    if forced is None:
        forced = Groups(tuple(names[rank] for rank in sorted(names) if 0 < rank < OTHER_RANK), OTHER_RANK in cells)
    run.groups[0] = forced
    lines = [Line("value", name, cells.get(rank, {})) for rank, name in enumerate(forced.top, 1)]
    if forced.has_other:
        lines.append(Line("other", None, cells.get(OTHER_RANK, {})))
    if 0 in cells:
        lines.append(Line("none", None, cells[0]))
    return lines


def _answer(question: RetentionQuestion, run: Run) -> dict[str, Any]:
    n, labels = question.intervals, run.buckets.labels
    partial = [_partial(question, run.buckets, row) for row in range(n)]
    cohorts, means = [], []
    for line in _groups(question, run):
        rows = [[line.cells.get((row, column), 0) for column in range(n - row)] for row in range(n)]
        for row, values in enumerate(rows):
            shown = {"label": labels[row], **line.labels(), "size": values[0], "values": values}
            rates = [rate_of(value, values[0]) for value in values]
            cohorts.append({**shown, "rates": rates, "partial": partial[row]})
        means.append({**line.labels(), "values": [_mean(rows, partial, column) for column in range(n)]})
    return {"intervals": n, "interval": question.interval, "cohorts": cohorts, "means": means}


def _partial(question: RetentionQuestion, buckets: Buckets, row: int) -> list[bool]:
    """Say of each column of a row whether its interval is not over; where it is each unit's own, for all of them."""
    flags = buckets.partial(question.now)[row:]
    if not question.rolling:
        return flags
    moment = question.now.astimezone(UTC).replace(tzinfo=None)
    later = [buckets.edges[row + 1] + (column + 1) * question.settling for column in range(1, len(flags))]
    return [flags[0], *(end > moment for end in later)]


def _mean(rows: list[list[int]], partial: list[list[bool]], column: int) -> dict[str, Any]:
    """Return the rate of a column over all rows, weighted by their size; intervals that are not over are left out."""
    whole = [values for row, values in enumerate(rows) if column < len(values) and not partial[row][column]]
    return rate_of(sum(values[column] for values in whole), sum(values[0] for values in whole))


def _behind(question: RetentionQuestion, cell: ObjectReader) -> Callable[[Run], list[int]]:
    labels = cut(question.period, question.interval, ZoneInfo(question.timezone)).labels
    row = read_place(cell, "row", labels)
    column = cell.whole_number("column", 0, least=0, most=question.intervals - 1 - row)
    group = read_group(cell, question)

    def find(run: Run) -> list[int]:
        if group[0] == "other":
            _groups(question, run)
        if question.rolling:
            return find_units(question, run, row, column, group_mode(group, run.groups.get(0)))
        statement, n = Statement(), row + column
        targets = statement.cte("targets", _targets(statement, question, run))
        where = f"((tm >> {row}::ubigint) & 1) = 1"
        named = group_mode(group, run.groups.get(0)).where_value(statement, "g")
        where = " and ".join([where, *named])
        final = f"select u from {targets} where {where} order by u"
        if column:
            returns = statement.cte("returns", _returns(statement, question, run))
            back = f"rm >= {n}" if question.unbounded else f"((rm >> {n}::ubigint) & 1) = 1"
            final = f"select u from {targets} join {returns} using (u) where {where} and {back} order by u"
        return run.numbers(statement, final, run.buckets.since, None if question.unbounded else run.buckets.until)

    return find


def _span(question: RetentionQuestion) -> Span:
    since, until = range_span(question)
    if question.rolling:
        until = rolling_until(question, cut(question.period, question.interval, ZoneInfo(question.timezone)))
    return None if question.mode == "first_time" else since, None if question.unbounded else until


KIND = Kind(
    name="retention",
    title="Retention",
    purpose="Of those who did one thing, how many come back, interval after interval.",
    question=RetentionQuestion,
    read=_read,
    answer=_answer,
    span=_span,
    behind=_behind,
    default_from=_default_from,
)
