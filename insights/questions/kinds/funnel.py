"""Funnel: who gets from step to step, and how long it takes."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from insights.questions.calendar import EPOCH
from insights.questions.cells import read_group
from insights.questions.contracts import EventSpec, Exclusion, FunnelQuestion, Window
from insights.questions.grouped import Line
from insights.questions.kinds.contracts import Kind, Span, range_span
from insights.questions.rates import rate_of
from insights.questions.reading import ObjectReader
from insights.questions.running import MAX_GROUPS, Groups, Run
from insights.questions.specs import read_event, read_event_spec, read_filters
from insights.questions.sql import EventRows, Statement

MAX_STEPS = 12
MAX_EXCLUSIONS = 10
_WINDOW_UNITS = ("second", "minute", "hour", "day", "week")
_LONGEST_WINDOW = {"second": 31_622_400, "minute": 527_040, "hour": 8784, "day": 366, "week": 53}
_ORDERS = ("ordered", "strict", "any")


def _read(reader: ObjectReader) -> dict[str, Any]:
    steps = reader.items(
        "steps",
        lambda value, path: read_event_spec(value, path, reader.faults, later=("optional",)),
        least=1,
        most=MAX_STEPS,
    )
    reader.refuse_later("attribution", "view", "interval")
    return {
        "steps": steps,
        "order": reader.choice("order", _ORDERS, "ordered"),
        "window": _read_window(reader),
        "exclusions": _read_exclusions(reader, len(steps)),
    }


def _read_exclusions(reader: ObjectReader, n_steps: int) -> tuple[Exclusion, ...]:
    def read(value: Any, path: str) -> Exclusion:
        inner = ObjectReader(value, path, reader.faults)
        event, filters = read_event(inner), read_filters(inner)
        after = inner.whole_number("after", 1, least=1, most=max(n_steps - 1, 1))
        before = inner.whole_number("before", max(n_steps, 2), least=2, most=max(n_steps, 2))
        if before <= after:
            inner.fault("before", f"This step must come after step {after}.")
        inner.finish()
        return Exclusion(event, filters, after, before)

    found = reader.items("exclusions", read, most=MAX_EXCLUSIONS)
    if found and n_steps == 1:
        reader.fault("exclusions", "Between the steps of a funnel with one step lies nothing. Add a step.")
    return found


def _read_window(reader: ObjectReader) -> Window:
    if reader.take("window") is None:
        return Window(14, "day")
    inner = ObjectReader(reader.value["window"], reader.at("window"), reader.faults)
    unit = inner.choice("unit", _WINDOW_UNITS, "day")
    value = inner.whole_number("value", 14, least=0, most=_LONGEST_WINDOW[unit])
    inner.finish()
    return Window(value, unit)


@dataclass(frozen=True)
class _Outcome:
    """Everybody's best attempt, the code of each one's group, and the groups' values in the order of their codes."""

    attempts: Any
    codes: Any
    values: list[str | None]


def _since_until(question: FunnelQuestion, run: Run) -> tuple[datetime, datetime]:
    return run.buckets.since, run.buckets.until + timedelta(microseconds=question.window.microseconds)


def _find(question: FunnelQuestion, run: Run) -> _Outcome:
    from insights.questions.funnel_kernel import codes_at, find_attempts

    since, until = _since_until(question, run)
    statement = Statement()
    final = _steps_sql(statement, question, run, since, until)
    found = {name: _plain(column) for name, column in run.arrays(statement, final, since, until).items()}
    span = (run.buckets.until - since) // timedelta(microseconds=1)
    attempts = find_attempts(
        found["u"],
        found["t"],
        found["m"],
        n_steps=len(question.steps),
        order=question.order,
        window=question.window.microseconds,
        span=span,
        check=run.check_time,
        exclusions=[(item.after, item.before) for item in question.exclusions],
    )
    if not question.breakdown:
        return _Outcome(attempts, None, [])
    starts = _starts(question, run)
    codes, values = _encode(starts["g"])
    return _Outcome(attempts, codes_at(attempts, starts["u"], starts["t"], codes), values)


def _plain(column: Any) -> Any:
    """Return a column without its mask; what was NULL is None (only the group may be)."""
    if not hasattr(column, "mask"):
        return column
    found = column.data
    if found.dtype == object:
        found = found.copy()
        found[column.mask] = None
    return found


def _encode(texts: Any) -> tuple[Any, list[str | None]]:
    """Return a code for each text, in text order, and the texts by code; a missing one has the last code."""
    import numpy as np

    words = texts.tolist()
    values: list[str | None] = [*sorted({word for word in words if word is not None}), None]
    places = {word: place for place, word in enumerate(values)}
    return np.fromiter((places[word] for word in words), np.int64, len(words)), values


def _conditions(rows: EventRows, specs: Sequence[EventSpec]) -> list[str]:
    return [" and ".join(rows.matches(spec) or ["true"]) for spec in specs]


def _names(rows: EventRows, question: FunnelQuestion) -> list[str]:
    """Return a condition that lets the store skip other events, when every step and exclusion has a name."""
    specs = question.event_specs()
    if question.order == "strict" or any(spec.event is None for spec in specs):
        return []
    names = sorted({spec.event for spec in specs if spec.event is not None})
    codes = [rows.scope.codes[name] for name in names if name in rows.scope.codes]
    return [f"e.event_code in {rows.statement.bind_all(codes)}"] if codes else ["false"]


def _where(rows: EventRows, question: FunnelQuestion, since: datetime, until: datetime) -> list[str]:
    where = [*_names(rows, question), *rows.between(since, until), *rows.holds(question.filters)]
    return [*where, f"{rows.unit()} is not null"] if question.unit == "account" else where


def _time_sql(statement: Statement, since: datetime) -> str:
    return f"(epoch_us(e.ts) - {statement.bind((since - EPOCH) // timedelta(microseconds=1))})::bigint"


def _steps_sql(statement: Statement, question: FunnelQuestion, run: Run, since: datetime, until: datetime) -> str:
    """Return the rows to search: unit u, time t, and the mask m of the steps and exclusions that an event satisfies."""
    rows = run.event_rows(statement)
    conditions = _conditions(rows, question.event_specs())
    parts = [f"case when {sql} then {1 << k} else 0 end" for k, sql in enumerate(conditions)]
    columns = {"u": rows.unit(), "t": _time_sql(statement, since), "m": f"({' | '.join(parts)})::integer"}
    where = _where(rows, question, since, until + timedelta(microseconds=1))
    if question.order != "any" and not _names(rows, question) and question.steps[0] != EventSpec(None):
        where += _near_starts(statement, question, run, rows)
    selected = rows.select(columns, where)
    return selected if question.order == "strict" else f"select u, t, m from ({selected}) where m <> 0"


def _near_starts(statement: Statement, question: FunnelQuestion, run: Run, rows: EventRows) -> list[str]:
    """Join the times of each unit's first steps; return the conditions that leave out what no attempt can reach."""
    starts = run.event_rows(statement)
    fits = starts.matches(question.steps[0])
    where = [*fits, *_where(starts, question, run.buckets.since, run.buckets.until)]
    columns = {"u": starts.unit(), "began": "min(e.ts)", "ended": "max(e.ts)"}
    statement.cte("starts", starts.select(columns, where, "group by 1"), is_materialized=True)
    rows.joins["starts"] = f"join starts on starts.u = {rows.unit()}"
    window = statement.bind(timedelta(microseconds=question.window.microseconds))
    return ["e.ts >= starts.began", f"e.ts <= starts.ended + {window}"]


def _starts(question: FunnelQuestion, run: Run) -> dict[str, Any]:
    """Return the events with which attempts may begin: unit u, time t, and the value g of the breakdown."""
    statement = Statement()
    rows = run.event_rows(statement)
    since, until = run.buckets.since, run.buckets.until
    conditions = _conditions(rows, question.steps)
    starts = " or ".join(f"({sql})" for sql in conditions) if question.order == "any" else conditions[0]
    columns = {"u": rows.unit(), "t": _time_sql(statement, since), "g": rows.group(question.breakdown[0])}
    final = rows.select(columns, [f"({starts})", *_where(rows, question, since, until)])
    return {name: _plain(column) for name, column in run.arrays(statement, final, since, until).items()}


def _lines(outcome: _Outcome, run: Run) -> list[tuple[Line, Any]]:
    """Return each group shown and which of the attempts are its."""
    import numpy as np

    if outcome.codes is None:
        return [(Line("all", None, {}), np.ones(len(outcome.attempts.units), bool))]
    sizes = np.bincount(outcome.codes, minlength=len(outcome.values))
    none = len(outcome.values) - 1
    if 0 in run.forced:
        groups = run.forced[0]
    else:
        ranked = [code for code in np.argsort(-sizes[:none], kind="stable").tolist() if sizes[code]]
        top = tuple(str(outcome.values[code]) for code in ranked[:MAX_GROUPS])
        groups = Groups(top, len(ranked) > MAX_GROUPS)
    run.groups[0] = groups
    places = {value: code for code, value in enumerate(outcome.values)}
    shown = [places.get(value, -1) for value in groups.top]
    lines = [(Line("value", value, {}), outcome.codes == code) for value, code in zip(groups.top, shown, strict=True)]
    if groups.has_other:
        lines.append((Line("other", None, {}), ~np.isin(outcome.codes, [*shown, none])))
    if sizes[none]:
        lines.append((Line("none", None, {}), outcome.codes == none))
    return lines


def _answer(question: FunnelQuestion, run: Run) -> dict[str, Any]:
    outcome = _find(question, run)
    found = []
    for line, is_here in _lines(outcome, run):
        found += _steps(question, line, outcome.attempts.reach[is_here], outcome.attempts.times[is_here])
    return {"order": question.order, "steps": found}


def _steps(question: FunnelQuestion, line: Line, reach: Any, times: Any) -> list[dict[str, Any]]:
    import numpy as np

    counts = [int((reach > step).sum()) for step in range(len(question.steps))]
    found = []
    for step, spec in enumerate(question.steps):
        average = median = None
        if step and counts[step]:
            took = (times[:, step] - times[:, step - 1])[reach > step] / 1_000_000
            average, median = float(np.mean(took)), float(np.median(took))
        first, previous = rate_of(counts[step], counts[0]), rate_of(counts[step], counts[max(step - 1, 0)])
        found.append(
            {
                "name": spec.name if question.order != "any" else f"{step + 1} of {len(question.steps)}",
                "step": step + 1,
                **line.labels(),
                "count": counts[step],
                "dropped": counts[step - 1] - counts[step] if step else 0,
                "from_first": first["rate"],
                "from_previous": previous["rate"],
                "rates": {"from_first": first, "from_previous": previous},
                "average_s": average,
                "median_s": median,
            }
        )
    return found


def _behind(question: FunnelQuestion, cell: ObjectReader) -> Callable[[Run], list[int]]:
    step = cell.whole_number("step", 1, least=1, most=len(question.steps))
    is_dropped = cell.flag("dropped")
    if is_dropped and step == 1:
        cell.fault("dropped", "Nobody is dropped at the first step. Name a later one.")
    group = read_group(cell, question)

    def find(run: Run) -> list[int]:
        outcome = _find(question, run)
        reach = outcome.attempts.reach
        is_meant = reach == step - 1 if is_dropped else reach >= step
        for line, is_here in _lines(outcome, run):
            if line.group == group[0] and (line.group != "value" or line.value == group[1]):
                return sorted(outcome.attempts.units[is_meant & is_here].tolist())
        return []

    return find


def _span(question: FunnelQuestion) -> Span:
    since, until = range_span(question)
    return since, until and until + timedelta(microseconds=question.window.microseconds)


KIND = Kind(
    name="funnel",
    title="Funnel",
    purpose="Who gets from step to step, where they are lost, and how long each step takes.",
    question=FunnelQuestion,
    read=_read,
    answer=_answer,
    span=_span,
    behind=_behind,
)
