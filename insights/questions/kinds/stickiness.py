"""Stickiness: in how many intervals of the range units did something."""

from collections.abc import Callable
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

from insights.questions.bucket_sql import bucket_sql
from insights.questions.calendar import cut
from insights.questions.cells import group_mode, read_group
from insights.questions.contracts import INTERVALS, EventSpec, StickinessQuestion
from insights.questions.event_select import select_rows
from insights.questions.grouped import Line, Mode, Series, fetch_lines
from insights.questions.kinds.contracts import Kind
from insights.questions.reading import ObjectReader
from insights.questions.running import Run
from insights.questions.specs import read_event_spec
from insights.questions.sql import Statement

MAX_SERIES = 26
_BITS = 63  # of a 64-bit mask; longer ranges are counted without one


def _read(reader: ObjectReader) -> dict[str, Any]:
    series = reader.items(
        "series", lambda value, path: read_event_spec(value, path, reader.faults), least=1, most=MAX_SERIES
    )
    return {"series": series, "interval": reader.choice("interval", INTERVALS[:-1], "day")}


def _cells(statement: Statement, mode: Mode, *, run: Run, spec: EventSpec) -> str:
    buckets = run.buckets
    rows = select_rows(
        statement,
        run,
        spec,
        lambda rows: {"u": rows.unit(), "b": bucket_sql(statement, buckets)},
        mode,
        since=buckets.since,
        until=buckets.until,
    )
    is_short = len(buckets) <= _BITS
    counted = "bit_count(bit_or(1::ubigint << b::ubigint))" if is_short else "count(distinct b)"
    by, group = ("u, g", "g, ") if mode.is_each else ("u", "")
    return (
        f"select {group}k::integer as b, count(*) as value, count(*) as n, 0 as x, 0 as y"
        f" from (select {by}, {counted} as k from ({rows}) group by {by}) group by all"
    )


def _lines(question: StickinessQuestion, run: Run, index: int) -> list[Line]:
    build = partial(_cells, run=run, spec=question.series[index])
    return fetch_lines(run, index, Series(build, "sum(n)", run.buckets.since, run.buckets.until))


def _answer(question: StickinessQuestion, run: Run) -> dict[str, Any]:
    labels = list(range(1, len(run.buckets) + 1))
    found = []
    for index, spec in enumerate(question.series):
        for line in _lines(question, run, index):
            values = [line.cells.get(label, 0) for label in labels]
            found.append({"name": spec.name, "index": index, **line.labels(), "values": values})
    return {"labels": labels, "interval": question.interval, "series": found}


def _behind(question: StickinessQuestion, cell: ObjectReader) -> Callable[[Run], list[int]]:
    index = cell.whole_number("series", 0, least=0, most=len(question.series) - 1)
    n = len(cut(question.period, question.interval, ZoneInfo(question.timezone)))
    label, group = cell.whole_number("label", 1, least=1, most=n), read_group(cell, question)

    def find(run: Run) -> list[int]:
        if group[0] == "other":
            _lines(question, run, index)
        mode = group_mode(group, run.groups.get(index))
        statement, buckets = Statement(), run.buckets
        rows = select_rows(
            statement,
            run,
            question.series[index],
            lambda rows: {"u": rows.unit(), "b": bucket_sql(statement, buckets)},
            mode,
            since=buckets.since,
            until=buckets.until,
        )
        final = f"select u from ({rows}) group by u having count(distinct b) = {statement.bind(label)} order by u"
        return run.numbers(statement, final, buckets.since, buckets.until)

    return find


KIND = Kind(
    name="stickiness",
    title="Stickiness",
    purpose="In how many days, weeks or months of the range each person did something.",
    question=StickinessQuestion,
    read=_read,
    answer=_answer,
    behind=_behind,
)
