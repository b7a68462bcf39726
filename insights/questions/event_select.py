"""Selects that every kind needs: rows of an event spec, and the first such event of each unit."""

from collections.abc import Callable
from datetime import datetime

from insights.questions.contracts import Breakdown, EventSpec, walk_filters
from insights.questions.grouped import Mode
from insights.questions.running import Run
from insights.questions.sql import EventRows, Statement

Columns = Callable[[EventRows], dict[str, str]]


def select_rows(
    statement: Statement,
    run: Run,
    spec: EventSpec,
    columns: Columns,
    mode: Mode,
    *,
    since: datetime | None,
    until: datetime | None,
    gap: tuple[datetime, datetime] | None = None,
    relation: str = "{events}",
) -> str:
    """Return the select of a spec's events that pass the question's filters, with column g where groups are asked.

    Events from the start of the gap up to its end are left out.
    """
    rows = run.event_rows(statement, relation)
    breakdown = run.question.breakdown
    group = rows.groups(breakdown) if breakdown and mode != Mode() else None
    shown = columns(rows)
    if mode.is_each:
        shown = {"g": group or "null::varchar", **shown}
    where = [*rows.matches(spec), *rows.between(since, until), *rows.holds(run.question.filters)]
    if gap:
        where.append(rows.outside(*gap))
    if run.question.unit == "account":
        where.append(f"{rows.unit()} is not null")
    return rows.select(shown, [*where, *(mode.where_value(statement, group) if group else [])])


def can_use_first_seen(run: Run, spec: EventSpec) -> bool:
    """Say whether the first such event of a person can be read from {first_seen}: nothing asks about single events."""
    question = run.question
    owners = {item.of for item in walk_filters((*spec.filters, *question.filters))}
    owners |= {item.of for item in question.breakdown}
    if all(cohort.unit == "person" for cohort in run.cohorts):
        owners -= {"cohort"}
    return question.unit == "person" and owners <= {"person"}


def select_firsts(
    statement: Statement, run: Run, spec: EventSpec, mode: Mode, *, since: datetime | None, until: datetime
) -> str:
    """Return the select of units whose first such event ever lies in [since, until): u, ts and, in mode "each", g.

    Without `since` it lies anywhere before `until`. Of several first events at one moment the group is the first by
    text, a missing one last.
    """
    if can_use_first_seen(run, spec):
        return _select_first_seen(statement, run, spec, mode, since, until)
    inner_mode = Mode(is_each=mode != Mode())
    inner = select_rows(
        statement,
        run,
        spec,
        lambda rows: {"u": rows.unit(), "t": "e.ts"},
        inner_mode,
        since=None,
        until=until,
        relation="{all_events}",
    )
    if not inner_mode.is_each:
        having = f" having min(t) >= {statement.bind(since)}" if since else ""
        return f"select u, min(t) as ts from ({inner}) group by u{having}"
    first = "arg_min({'g': g}, (t, g is null, g))"
    firsts = f"select u, min(t) as ts, struct_extract({first}, 'g') as g from ({inner}) group by u"
    where = [f"ts >= {statement.bind(since)}"] if since else []
    where += mode.where_value(statement, "g")
    return f"select u, ts{', g' if mode.is_each else ''} from ({firsts}) where {' and '.join(where) or 'true'}"


def _select_first_seen(
    statement: Statement, run: Run, spec: EventSpec, mode: Mode, since: datetime | None, until: datetime
) -> str:
    """Return the firsts from {first_seen}: who was seen in the range, without those seen before it.

    So only the range is grouped; longer history costs its reading.
    """
    rows, older = run.event_rows(statement, "{first_seen}"), run.event_rows(statement, "{first_seen}")
    breakdown: tuple[Breakdown, ...] = run.question.breakdown
    group = rows.groups(breakdown) if breakdown and mode != Mode() else None
    shown = {"u": rows.unit(), "ts": "min(e.first_ts)"}
    if mode.is_each:
        shown["g"] = f"min({group})"
    where = [*rows.matches(spec), *rows.holds(run.question.filters)]
    where += mode.where_value(statement, group) if group else []
    where.append(f"e.first_ts < {statement.bind(until)}")
    if since is None:
        return rows.select(shown, where, "group by 1")
    where.append(f"e.first_ts >= {statement.bind(since)}")
    before = [*older.matches(EventSpec(spec.event)), f"e.first_ts < {statement.bind(since)}"]
    seen = older.select({"u": older.unit()}, before)
    return f"select * from ({rows.select(shown, where, 'group by 1')}) anti join ({seen}) using (u)"
