"""Rolling retention in SQL: intervals of whole hours, days of 24 hours or weeks from each unit's own target event."""

from datetime import datetime
from typing import Any

from insights.questions.bucket_sql import bucket_sql
from insights.questions.calendar import Buckets
from insights.questions.contracts import RetentionQuestion
from insights.questions.event_select import select_firsts, select_rows
from insights.questions.grouped import ALL, EACH, Mode
from insights.questions.running import MAX_GROUPS, Run
from insights.questions.sql import Statement

OTHER_RANK = MAX_GROUPS + 1
RANKED = f"coalesce(r, 0) as rank, case when r < {OTHER_RANK} then g end as shown"


def rank_groups(statement: Statement, run: Run) -> None:
    """Rank the groups of the subquery `sizes` as `ranked`: 1 to 25 for those shown, 26 for the others together."""
    forced = run.forced.get(0)
    if forced is None:
        place = f"least(row_number() over (order by size desc, g), {OTHER_RANK})"
    else:
        listed = f"list_position({statement.bind(list(forced.top))}::varchar[], g)"
        place = f"coalesce({listed}, {OTHER_RANK})"
    statement.cte("ranked", f"select g, {place} as r from sizes")


def rolling_until(question: RetentionQuestion, buckets: Buckets) -> datetime:
    """Return the first moment that no unit's last interval reaches, naive UTC."""
    n = question.intervals
    return max(buckets.edges[row + 1] + (n - row) * question.settling for row in range(n))


def fetch_cells(question: RetentionQuestion, run: Run) -> tuple[dict[int, dict[Any, int]], dict[int, str]]:
    """Return the cells by (row, column) of each rank of groups, and the ranks' names."""
    statement = Statement()
    _build(statement, question, run)
    group = "g, " if question.breakdown else ""
    sizes = f"select {group}i, 0 as j, count(*) as n from targets group by all"
    back = f"select {group}i, j, count(*) as n from backs where j < {question.intervals} - i group by all"
    if question.unbounded:
        back = (
            f"select {group}i, j, count(*) as n from backs, range(1, {question.intervals}) columns(j)"
            f" where j < {question.intervals} - i and last >= j group by all"
        )
    statement.cte("counted", f"{sizes} union all {back}")
    ranked = "0 as rank, null as shown"
    source = "counted"
    if question.breakdown:
        statement.cte("sizes", "select g, sum(n) as size from counted where j = 0 and g is not null group by g")
        rank_groups(statement, run)
        ranked, source = RANKED, "counted left join ranked using (g)"
    final = (
        f"select rank, any_value(shown), i, j, sum(n)::bigint from (select {ranked}, i, j, n from {source})"
        " group by rank, i, j"
    )
    cells: dict[int, dict[Any, int]] = {}
    names: dict[int, str] = {}
    for rank, shown, row, column, count in run.execute(statement, final, *_read_span(question, run)):
        cells.setdefault(rank, {})[row, column] = count
        names[rank] = shown
    return cells, names


def find_units(question: RetentionQuestion, run: Run, row: int, column: int, group: Mode) -> list[int]:
    """Return the units that one cell counts, sorted."""
    statement = Statement()
    _build(statement, question, run)
    where = [f"i = {row}", *group.where_value(statement, "g")]
    if column:
        where.append(f"last >= {column}" if question.unbounded else f"j = {column}")
    final = f"select u from {'backs' if column else 'targets'} where {' and '.join(where)} order by u"
    return run.numbers(statement, final, *_read_span(question, run))


def _read_span(question: RetentionQuestion, run: Run) -> tuple[datetime, datetime | None]:
    return run.buckets.since, None if question.unbounded else rolling_until(question, run.buckets)


def _build(statement: Statement, question: RetentionQuestion, run: Run) -> None:
    """Name `targets` (u, row i, time t, group g) and `backs`: u, i, g, and column j or, unbounded, the last one."""
    statement.cte("targets", _targets(statement, question, run), is_materialized=True)
    since, until = _read_span(question, run)
    returns = select_rows(
        statement,
        run,
        question.returning,
        lambda rows: {"u": rows.unit(), "back": "e.ts"},
        ALL,
        since=since,
        until=until,
    )
    length = statement.bind(int(question.settling.total_seconds()) * 1_000_000)
    column = f"((epoch_us(back) - epoch_us(t)) // {length})::integer"
    group = "g, " if question.breakdown else ""
    came = (
        f"select u, {group}i, {column} as j from targets join ({returns}) r using (u)"
        f" where epoch_us(back) >= epoch_us(t) + {length}"
    )
    least = question.minimum
    if question.unbounded:
        last = "max(j)" if least == 1 else f"list_extract(max(j, {least}), {least})"
        statement.cte("backs", f"select u, {group}i, {last} as last from ({came}) group by u, {group}i")
    else:
        statement.cte(
            "backs", f"select u, {group}i, j from ({came}) group by u, {group}i, j having count(*) >= {least}"
        )


def target_rows(statement: Statement, question: RetentionQuestion, run: Run) -> str:
    """Return the select of target events: unit u, time ts, row i and, with a breakdown, group g.

    They are each unit's first ever, or all those of the rows.
    """
    buckets, mode = run.buckets, EACH if question.breakdown else ALL
    if question.mode == "first_time":
        firsts = select_firsts(statement, run, question.target, mode, since=buckets.since, until=buckets.until)
        return f"select *, {bucket_sql(statement, buckets, 'ts')} as i from ({firsts})"
    return select_rows(
        statement,
        run,
        question.target,
        lambda rows: {"u": rows.unit(), "ts": "e.ts", "i": bucket_sql(statement, buckets)},
        mode,
        since=buckets.since,
        until=buckets.until,
    )


# The group of the first of several events, the first by text of those of one moment, a missing one last.
FIRST_GROUP = "struct_extract(arg_min({'g': g}, (ts, g is null, g)), 'g') as g"


def _targets(statement: Statement, question: RetentionQuestion, run: Run) -> str:
    """Return each unit's first target event in each row, or its first ever; the group is that event's."""
    rows, group = target_rows(statement, question, run), ", g" if question.breakdown else ""
    if question.mode == "first_time":
        return f"select u, i, ts as t{group} from ({rows})"
    return f"select u, i, min(ts) as t{f', {FIRST_GROUP}' if group else ''} from ({rows}) group by u, i"
