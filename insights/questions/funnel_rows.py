"""The rows that a funnel searches, in SQL: who did which step when, and the value that a breakdown puts them under."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from insights.questions.calendar import EPOCH
from insights.questions.contracts import EventSpec
from insights.questions.funnel_contracts import FunnelQuestion
from insights.questions.running import Run
from insights.questions.sql import EventRows, Statement

Rows = dict[str, Any]
Words = list[str | None]


def fetch_events(question: FunnelQuestion, run: Run) -> Rows:
    """Return the events to search as arrays: unit u, microseconds t from the start of the range, and mask m."""
    since, until = run.buckets.since, _until(question, run)
    statement = Statement()
    found = run.arrays(statement, _steps_sql(statement, question, run, with_group=False), since, until)
    return {name: _plain(column) for name, column in found.items()}


def fetch_grouped_events(question: FunnelQuestion, run: Run) -> tuple[Rows, Words]:
    """Return the same with g, the code of each event's value, and the values by code."""
    since, until = run.buckets.since, _until(question, run)
    statement = Statement()
    return _encoded(run, statement, _steps_sql(statement, question, run, with_group=True), since, until)


def fetch_groups(question: FunnelQuestion, run: Run) -> tuple[Rows, Words]:
    """Return the events that may say the group of an attempt: u, t and g as above, and mask m of the steps.

    That of the first step lies in the range, those of later steps may lie after it.
    """
    statement = Statement()
    rows = run.event_rows(statement)
    is_first = question.attribution == "first"
    since, until = run.buckets.since, run.buckets.until if is_first else _until(question, run)
    conditions = _conditions(rows, question.required)
    meant = conditions
    if question.order != "any" and question.attribution != "last":
        meant = [conditions[0 if is_first else question.n_required(int(question.attribution)) - 1]]
    columns = {
        "u": rows.unit(),
        "t": _time_sql(statement, since),
        "g": rows.group(question.breakdown[0]),
        "m": _mask_sql(conditions),
    }
    where = [f"({' or '.join(f'({sql})' for sql in meant)})", *_where(rows, question, since, until)]
    return _encoded(run, statement, rows.select(columns, where), since, until)


def _until(question: FunnelQuestion, run: Run) -> datetime:
    """Return the first moment that no attempt reaches."""
    return run.buckets.until + timedelta(microseconds=question.window.microseconds + 1)


def _encoded(run: Run, statement: Statement, selected: str, since: datetime, until: datetime) -> tuple[Rows, Words]:
    """Return rows with codes for texts, in text order, and the texts by code; a missing one has the last code.

    The store makes the codes: a text a row took Python longer than all the rest. The texts themselves come as rows
    of their own after the others.
    """
    statement.cte("rows_found", selected, is_materialized=True)
    texts = "select distinct g from rows_found where g is not null"
    statement.cte("words", f"select g as word, row_number() over (order by g) - 1 as code from ({texts})")
    final = (
        "select u, t, m, coalesce(code, -1) as code, null::varchar as word from rows_found left join words on g = word"
        " union all select 0, 0, -1, code, word from words"
    )
    found = {name: _plain(column) for name, column in run.arrays(statement, final, since, until).items()}
    is_word = found["m"] == -1
    codes = found.pop("code")
    words = dict(zip(codes[is_word].tolist(), found.pop("word")[is_word].tolist(), strict=True))
    rows = {name: column[~is_word] for name, column in found.items()}
    rows["g"] = codes[~is_word]
    rows["g"][rows["g"] < 0] = len(words)
    return rows, [*(words[code] for code in range(len(words))), None]


def _plain(column: Any) -> Any:
    """Return a column without its mask: only words may be NULL."""
    return column.data if hasattr(column, "mask") else column


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


def _mask_sql(conditions: Sequence[str]) -> str:
    parts = [f"case when {sql} then {1 << k} else 0 end" for k, sql in enumerate(conditions)]
    return f"({' | '.join(parts)})::integer"


def _steps_sql(statement: Statement, question: FunnelQuestion, run: Run, *, with_group: bool) -> str:
    """Return the rows to search: unit u, time t, group g, and which of the `event_specs` it satisfies as the mask m."""
    rows = run.event_rows(statement)
    since = run.buckets.since
    columns = {"u": rows.unit(), "t": _time_sql(statement, since)}
    columns["m"] = _mask_sql(_conditions(rows, question.event_specs()))
    if with_group:
        columns["g"] = rows.group(question.breakdown[0])
    where = _where(rows, question, since, _until(question, run))
    if question.order != "any" and not _names(rows, question) and not question.required[0].takes_any:
        where += _near_starts(statement, question, run, rows)
    selected = rows.select(columns, where)
    return selected if question.order == "strict" else f"select {', '.join(columns)} from ({selected}) where m <> 0"


def _near_starts(statement: Statement, question: FunnelQuestion, run: Run, rows: EventRows) -> list[str]:
    """Join the times of each unit's first steps; return the conditions that leave out what no attempt can reach."""
    starts = run.event_rows(statement)
    fits = starts.matches(question.required[0])
    where = [*fits, *_where(starts, question, run.buckets.since, run.buckets.until)]
    columns = {"u": starts.unit(), "began": "min(e.ts)", "ended": "max(e.ts)"}
    statement.cte("starts", starts.select(columns, where, "group by 1"), is_materialized=True)
    rows.joins["starts"] = f"join starts on starts.u = {rows.unit()}"
    window = statement.bind(timedelta(microseconds=question.window.microseconds))
    return ["e.ts >= starts.began", f"e.ts <= starts.ended + {window}"]
