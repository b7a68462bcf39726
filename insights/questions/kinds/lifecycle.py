"""Lifecycle: who is new, stays, comes back and goes, interval by interval."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

from insights.questions.bucket_sql import bucket_sql
from insights.questions.calendar import Buckets, cut, midnight, step_day
from insights.questions.cells import read_place
from insights.questions.contracts import INTERVALS, EventSpec, LifecycleQuestion, Period
from insights.questions.event_select import select_firsts, select_rows
from insights.questions.grouped import ALL
from insights.questions.kinds.contracts import Kind, range_span
from insights.questions.reading import ObjectReader
from insights.questions.running import Run
from insights.questions.specs import read_event_spec
from insights.questions.sql import Statement

PARTS = ("new", "returning", "resurrecting", "dormant")
_BITS = 63  # of a 64-bit mask, one interval before the range included


def _read(reader: ObjectReader) -> dict[str, Any]:
    if reader.has("event"):
        event = _read_event(reader)
    else:
        reader.known.add("event")
        reader.fault("event", "This is missing.")
        event = EventSpec(None)
    return {"event": event, "interval": reader.choice("interval", INTERVALS[:-1], "week")}


def _read_event(reader: ObjectReader) -> EventSpec:
    return read_event_spec(reader.take("event"), reader.at("event"), reader.faults)


def _with_one_before(question: LifecycleQuestion, run: Run) -> Buckets:
    start = question.period.start
    if question.interval == "hour":
        start -= timedelta(hours=1)
    else:
        start = midnight(step_day(start.date(), question.interval, -1))
    return cut(Period(start, question.period.end), question.interval, run.zone)


def _activity(question: LifecycleQuestion, run: Run, buckets: Buckets) -> tuple[list[int], list[int]]:
    """Return, by interval, how many units were active, and how many of them also in the one before."""
    statement = Statement()
    rows = select_rows(
        statement,
        run,
        question.event,
        lambda rows: {"u": rows.unit(), "b": bucket_sql(statement, buckets)},
        ALL,
        since=buckets.since,
        until=buckets.until,
    )
    n = len(buckets)
    active, stayed = [0] * n, [0] * n
    if n <= _BITS:
        masks = f"select bit_or(1::ubigint << b::ubigint) as m from ({rows}) group by u"
        parts = [f"count(*) filter ((m & {1 << place}) <> 0)" for place in range(n)]
        parts += [f"count(*) filter ((m & {3 << place}) = {3 << place})" for place in range(n - 1)]
        (found,) = run.execute(statement, f"select {', '.join(parts)} from ({masks})", buckets.since, buckets.until)
        return list(found[:n]), [0, *found[n:]]
    before = "lag(b) over (partition by u order by b)"
    pairs = f"select b, coalesce({before} = b - 1, false) as stays from (select distinct u, b from ({rows}))"
    final = f"select b, count(*), count(*) filter (stays) from ({pairs}) group by b"
    for place, n_active, n_stayed in run.execute(statement, final, buckets.since, buckets.until):
        active[place], stayed[place] = n_active, n_stayed
    return active, stayed


def _news(question: LifecycleQuestion, run: Run) -> list[int]:
    """Return, by interval of the range, how many units did it for the first time ever."""
    buckets, statement = run.buckets, Statement()
    firsts = select_firsts(statement, run, question.event, ALL, since=buckets.since, until=buckets.until)
    place = bucket_sql(statement, buckets, "ts")
    final = f"select {place}, count(*) from ({firsts}) group by all"
    found = dict(run.execute(statement, final, None, buckets.until))
    return [found.get(index, 0) for index in range(len(buckets))]


def _answer(question: LifecycleQuestion, run: Run) -> dict[str, Any]:
    longer = _with_one_before(question, run)
    active, stayed = _activity(question, run, longer)
    news = _news(question, run)
    buckets = run.buckets
    before, active, stayed = active[:-1], active[1:], stayed[1:]
    return {
        "labels": list(buckets.labels),
        "partial": buckets.partial(question.now),
        "interval": question.interval,
        "name": question.event.name,
        "new": news,
        "returning": stayed,
        "resurrecting": [a - n - s for a, n, s in zip(active, news, stayed, strict=True)],
        "dormant": [s - b for b, s in zip(before, stayed, strict=True)],
    }


def _behind(question: LifecycleQuestion, cell: ObjectReader) -> Callable[[Run], list[int]]:
    labels = cut(question.period, question.interval, ZoneInfo(question.timezone)).labels
    place, part = read_place(cell, "label", labels), cell.choice("part", PARTS, PARTS[0])

    def find(run: Run) -> list[int]:
        import numpy as np

        longer = _with_one_before(question, run)
        before, now = (_active(question, run, longer, place + step) for step in (0, 1))
        if part == "returning":
            return np.intersect1d(now, before).tolist()
        if part == "dormant":
            return np.setdiff1d(before, now).tolist()
        since, until = run.buckets.edges[place], run.buckets.edges[place + 1]
        statement = Statement()
        firsts = select_firsts(statement, run, question.event, ALL, since=since, until=until)
        news = run.numbers(statement, f"select u from ({firsts}) order by u", None, until)
        return news if part == "new" else np.setdiff1d(np.setdiff1d(now, before), news).tolist()

    return find


def _active(question: LifecycleQuestion, run: Run, buckets: Buckets, place: int) -> list[int]:
    """Return who was active in one interval."""
    since, until, statement = buckets.edges[place], buckets.edges[place + 1], Statement()
    rows = select_rows(statement, run, question.event, lambda rows: {"u": rows.unit()}, ALL, since=since, until=until)
    return run.numbers(statement, f"select distinct u from ({rows})", since, until)


KIND = Kind(
    name="lifecycle",
    title="Lifecycle",
    purpose="Per interval: who is new, who stays, who comes back after a pause, who goes.",
    question=LifecycleQuestion,
    read=_read,
    answer=_answer,
    span=lambda question: (None, range_span(question)[1]),
    behind=_behind,
)
