"""Trend: how much, over time."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial
from itertools import accumulate
from typing import Any, cast
from zoneinfo import ZoneInfo

from insights.questions.bucket_sql import bucket_sql
from insights.questions.calendar import Buckets, cut, lead_period, midnight, utc_span
from insights.questions.cells import group_mode, read_group, read_place
from insights.questions.contracts import UNIT_MEASURES, VALUE_MEASURES, Period, TrendQuestion, TrendSeries
from insights.questions.event_select import select_firsts, select_rows
from insights.questions.grouped import Line, Mode, Series, fetch_lines, fetch_together
from insights.questions.kinds.combined import Valued, combine
from insights.questions.kinds.contracts import Kind, Span, range_span
from insights.questions.kinds.running_up import IN_PAIRS, add_up, cumulative_sql, moving_average
from insights.questions.reading import ObjectReader
from insights.questions.running import Run
from insights.questions.sql import EventRows, Statement
from insights.questions.trend_reading import ACTIVE_DAYS, read_trend

_BITS = 63  # of a 64-bit mask
Gap = tuple[datetime, datetime]


@dataclass(frozen=True)
class _Measure:
    """How a measure is made of rows: an aggregate over b, u and v, what ranks groups, and what an empty bucket says."""

    aggregate: str
    columns: str = ""
    size: str = "sum(value)"
    empty: int | None = 0


def _of_value(aggregate: str, size: str = "sum(n)", empty: int | None = None) -> _Measure:
    return _Measure(aggregate, "v", size, empty)


_MEASURES = {
    "total": _Measure("count(*)"),
    "persons": _Measure("count(distinct u)", "u"),
    "per_person": _Measure("count(*)::double / count(distinct u)", "u", "sum(n)", None),
    "sum": _of_value("coalesce(fsum(v), 0)", "sum(value)", 0),
    "avg": _of_value("favg(v)"),
    "min": _of_value("min(v)"),
    "max": _of_value("max(v)"),
    **{
        name: _of_value(f"quantile_cont(v, {share})")
        for name, share in {"median": 0.5, "p75": 0.75, "p90": 0.9, "p95": 0.95, "p99": 0.99}.items()
    },
}


def _columns(rows: EventRows, series: TrendSeries, bucket: Callable[[Statement], str], kind: str) -> dict[str, str]:
    shown = {"b": bucket(rows.statement)}
    if kind == "u":
        shown["u"] = rows.unit()
    if kind == "v":
        value = rows.value("event", series.property or "")
        shown |= {"v": value.number, "t": value.text}
    return shown


def _plain_cells(
    statement: Statement,
    mode: Mode,
    *,
    run: Run,
    series: TrendSeries,
    measure: _Measure,
    is_cumulative: bool = False,
    gap: Gap | None = None,
) -> str:
    buckets = run.buckets
    rows = select_rows(
        statement,
        run,
        series,
        lambda rows: _columns(rows, series, lambda s: bucket_sql(s, buckets), measure.columns),
        mode,
        since=buckets.since,
        until=buckets.until,
        gap=gap,
    )
    group = "g, " if mode.is_each else ""
    if is_cumulative:
        return cumulative_sql(series.measure, measure.aggregate, rows, group)
    if _uses_masks(series, measure, len(buckets)):
        return _by_masks(rows, group, len(buckets))
    odd = "count(t) - count(v) as x, count(*) - count(t) as y" if measure.columns == "v" else "0 as x, 0 as y"
    return f"select {group}b, {measure.aggregate} as value, count(*) as n, {odd} from ({rows}) group by {group}b"


def _uses_masks(series: TrendSeries, measure: _Measure, n_buckets: int) -> bool:
    """Say whether units are counted through masks: measured faster where a unit has events in many buckets.

    Of a single event most units have few; there the distinct count took half the time.
    """
    return measure is _MEASURES["persons"] and series.event is None and 1 < n_buckets <= _BITS


def _by_masks(rows: str, group: str, n: int, n_days: int = 1) -> str:
    """Count units by bucket through one mask of buckets for each.

    A unit counts where any of the n_days bits from the bucket's place on is set.
    """
    masks = f"select {group}u, bit_or(1::ubigint << b::ubigint) as m from ({rows}) group by {group}u"
    counts = ", ".join(f"count(*) filter ((m & {((1 << n_days) - 1) << place}) <> 0)" for place in range(n))
    listed = f"select {group}[{counts}] as counts from ({masks}){' group by g' if group else ''}"
    return (
        f"select {group}unnest(range({n}))::integer as b, unnest(counts) as value, 0 as n, 0 as x, 0 as y"
        f" from ({listed})"
    )


def _first_cells(statement: Statement, mode: Mode, *, run: Run, series: TrendSeries) -> str:
    buckets = run.buckets
    firsts = select_firsts(statement, run, series, mode, since=buckets.since, until=buckets.until)
    group = "g, " if mode.is_each else ""
    place = bucket_sql(statement, buckets, "ts")
    return f"select {group}{place} as b, count(*) as value, count(*) as n, 0 as x, 0 as y from ({firsts}) group by all"


def _active_cells(statement: Statement, mode: Mode, *, run: Run, series: TrendSeries, n_days: int) -> str:
    """Return the active units per day or, of a range too long for masks, by how much their number rises or falls.

    A unit active on day d counts on the n_days days from d on; a span ends where the next one begins.
    """
    longer = cut(_earlier(run.question.period, n_days - 1), "day", run.zone)
    rows = select_rows(
        statement,
        run,
        series,
        lambda rows: {"b": bucket_sql(statement, longer), "u": rows.unit()},
        mode,
        since=longer.since,
        until=longer.until,
    )
    by, group = ("u, g", "g, ") if mode.is_each else ("u", "")
    n = len(run.buckets)
    if not _adds_up(run.buckets, n_days):
        return _by_masks(rows, group, n, n_days)
    spans = statement.cte(
        f"spans_{len(statement.ctes)}",
        f"select {group}greatest(d, 0) as start, least(d + {n_days}, {n},"
        f" coalesce(lead(d) over (partition by {by} order by d), {n})) as stop from"
        f" (select distinct {group}u, b - {n_days - 1} as d from ({rows}))",
    )
    return (
        f"select {group}b, sum(step) as value, 0 as n, 0 as x, 0 as y from"
        f" (select {group}start as b, 1 as step from {spans} where stop > start"
        f" union all select {group}stop as b, -1 as step from {spans} where stop > start) where b < {n} group by all"
    )


def _adds_up(buckets: Buckets, n_days: int) -> bool:
    """Say whether the cells of active units are changes from day to day, to be summed up."""
    return len(buckets) + n_days - 1 > _BITS


def _earlier(period: Period, n_days: int) -> Period:
    return replace(period, start=period.start - timedelta(days=n_days))


def _is_active(question: TrendQuestion, series: TrendSeries) -> bool:
    return series.measure in ACTIVE_DAYS and question.interval == "day"


def _empty(series: TrendSeries) -> int | None:
    """Return what a bucket without events says."""
    return _MEASURES[series.measure].empty if series.measure in _MEASURES else 0


def _across(question: TrendQuestion, run: Run) -> tuple[Run, Gap | None] | None:
    """Return a run from the compared range to the end of this one, and the gap between them: read in one scan.

    None where its buckets are not theirs.
    """
    if run.before is None or question.breakdown or question.cumulative:
        return None
    whole = run.over(replace(question, period=Period(run.before.question.period.start, question.period.end)))
    edges, earlier, later = whole.buckets.edges, run.before.buckets.edges, run.buckets.edges
    is_whole = edges[: len(earlier)] == earlier and edges[-len(later) :] == later
    if not is_whole or earlier[-1] > later[0]:
        return None
    return whole, (earlier[-1], later[0]) if earlier[-1] < later[0] else None


def _asked_across(question: TrendQuestion, run: Run, whole: Run, gap: Gap | None, index: int) -> Series | None:
    """Return one series over both ranges, None where the measure of a bucket is not made of its own rows alone."""
    series = question.series[index]
    measure = _MEASURES.get(series.measure)
    if measure is None or _uses_masks(series, measure, len(run.buckets)):
        return None
    build = partial(_plain_cells, run=whole, series=series, measure=measure, gap=gap)
    span, n_before = (whole.buckets.since, whole.buckets.until), len(whole.buckets) - len(run.buckets)
    return Series(build, measure.size, *span, _holds(series, False), n_before=n_before, gap=gap)


def _asked(question: TrendQuestion, run: Run, index: int) -> Series:
    series, buckets = question.series[index], run.buckets
    if series.measure == "first_time":
        build = partial(_first_cells, run=run, series=series)
        return Series(build, "sum(value)", None, buckets.until, adds_up=True)
    if _is_active(question, series):
        n_days = ACTIVE_DAYS[series.measure]
        since = cut(_earlier(question.period, n_days - 1), "day", run.zone).since
        build = partial(_active_cells, run=run, series=series, n_days=n_days)
        size = f"sum(value * ({len(buckets)} - b))" if _adds_up(buckets, n_days) else "sum(value)"
        return Series(build, size, since, buckets.until)
    measure = _MEASURES["persons" if series.measure in ACTIVE_DAYS else series.measure]
    build = partial(_plain_cells, run=run, series=series, measure=measure, is_cumulative=question.cumulative)
    holds, adds_up = _holds(series, question.cumulative), series.measure == "total"
    return Series(build, measure.size, buckets.since, buckets.until, holds, adds_up)


Elements = list[tuple[dict[str, Any], list[Valued]]]


def _holds(series: TrendSeries, is_cumulative: bool) -> str:
    if series.measure == "total" or series.measure in UNIT_MEASURES:
        return "counts"
    return "pairs" if is_cumulative and series.measure in IN_PAIRS else "numbers"


def _values(question: TrendQuestion, run: Run, indexes: Sequence[int]) -> dict[int, list[Valued]]:
    """Return the lines of some series with a value for each bucket."""
    asked = {index: _asked(question, run, index) for index in indexes}
    earlier = {index: _asked(_question(run.before), run.before, index) for index in indexes} if run.before else {}
    if across := _across(question, run):
        both = {index: _asked_across(question, run, *across, index) for index in indexes}
        asked |= {index: one for index, one in both.items() if one}
    if question.breakdown:
        lines = {index: fetch_lines(run, index, one, earlier.get(index)) for index, one in asked.items()}
    else:
        lines = {index: [line] for index, line in fetch_together(run, asked, earlier).items()}
    return {index: _filled(question, run, index, lines[index]) for index in indexes}


def _question(run: Run) -> TrendQuestion:
    return cast(TrendQuestion, run.question)


def _filled(question: TrendQuestion, run: Run, index: int, lines: list[Line]) -> list[Valued]:
    series, n = question.series[index], len(run.buckets)
    empty = _empty(series)
    if question.cumulative:
        return [(line, add_up(series.measure, line.cells, n, empty)) for line in lines]
    found = [(line, [line.cells.get(place, empty) for place in range(n)]) for line in lines]
    if _is_active(question, series) and _adds_up(run.buckets, ACTIVE_DAYS[series.measure]):
        return [(line, list(accumulate(values))) for line, values in found]
    return found


def _answer(question: TrendQuestion, run: Run) -> dict[str, Any]:
    shown = _averaged(question, run) if question.moving_average else _elements(question, run)
    return {
        "labels": list(run.buckets.labels),
        "partial": run.buckets.partial(question.now),
        "interval": question.interval,
        "series": [{**name, **line.labels(), "values": values} for name, lines in shown for line, values in lines],
    }


def _averaged(question: TrendQuestion, run: Run) -> Elements:
    """Return the moving averages, for which the buckets before the range are read too."""
    longer, n = replace(question, period=_lead(question)), question.moving_average or 1
    wider = run.over(longer)
    if run.before:
        earlier = _question(run.before)
        wider.before = run.before.over(replace(earlier, period=_lead(earlier)))
    found = _elements(longer, wider)
    run.n_scanned += wider.n_scanned
    first = len(wider.buckets) - len(run.buckets) - n + 1
    return [(name, [(line, moving_average(values[first:], n)) for line, values in lines]) for name, lines in found]


def _lead(question: TrendQuestion) -> Period:
    """Return the range with the buckets before it that its first moving average needs."""
    if not question.moving_average:
        return question.period
    return lead_period(question.period, question.interval, ZoneInfo(question.timezone), question.moving_average - 1)


def _elements(question: TrendQuestion, run: Run) -> Elements:
    """Return what each element of the answer is called, with its lines: one a series, or a formula's result alone."""
    values = partial(_values, question, run)
    if question.formula:
        name = {"name": question.formula.text, "index": 0, "measure": "formula"}
        return [(name, combine(question.formula, run, values, [_empty(one) for one in question.series]))]
    names = [{"name": one.name, "index": i, "measure": one.measure} for i, one in enumerate(question.series)]
    found = values(range(len(names)))
    return [(name, found[index]) for index, name in enumerate(names)]


def _behind(question: TrendQuestion, cell: ObjectReader) -> Callable[[Run], list[int]]:
    if question.formula or question.moving_average:
        what = (
            "a formula. Ask for one of its series alone." if question.formula else "a moving average. Ask without it."
        )
        cell.fault("series", f"Nobody in particular stands behind {what}")
    index = cell.whole_number("series", 0, least=0, most=len(question.series) - 1)
    labels = cut(question.period, question.interval, ZoneInfo(question.timezone)).labels
    place, group = read_place(cell, "label", labels), read_group(cell, question)

    def find(run: Run) -> list[int]:
        if group[0] == "other":
            fetch_lines(run, index, _asked(question, run, index))
        return _units(question, run, index, place, group_mode(group, run.groups.get(index)))

    return find


def _units(question: TrendQuestion, run: Run, index: int, place: int, mode: Mode) -> list[int]:
    series, statement = question.series[index], Statement()
    since, until = run.buckets.edges[0 if question.cumulative else place], run.buckets.edges[place + 1]
    if series.measure == "first_time":
        firsts = select_firsts(statement, run, series, mode, since=since, until=until)
        return run.numbers(statement, f"select u from ({firsts}) order by u", None, until)
    if _is_active(question, series):
        day = Period(midnight(run.buckets.days[place]), midnight(run.buckets.days[place] + timedelta(days=1)))
        since = cut(_earlier(day, ACTIVE_DAYS[series.measure] - 1), "all", run.zone).since
    kind = "v" if series.measure in VALUE_MEASURES else "u"
    rows = select_rows(
        statement,
        run,
        series,
        lambda rows: {**_columns(rows, series, lambda _: "0", kind), "u": rows.unit()},
        mode,
        since=since,
        until=until,
    )
    final = f"select distinct u from ({rows}){' where v is not null' if kind == 'v' else ''} order by u"
    return run.numbers(statement, final, since, until)


def _span(question: TrendQuestion) -> Span:
    _, until = range_span(question)
    if any(series.measure == "first_time" for series in question.series):
        return None, until
    days = [ACTIVE_DAYS[series.measure] - 1 for series in question.series if _is_active(question, series)]
    earlier = _earlier(_lead(question), max(days, default=0))
    return utc_span(earlier, ZoneInfo(question.timezone))[0], until


KIND = Kind(
    name="trend",
    title="Trend",
    purpose="How much, over time: events, people, or a number that events carry.",
    question=TrendQuestion,
    read=read_trend,
    answer=_answer,
    span=_span,
    behind=_behind,
)
