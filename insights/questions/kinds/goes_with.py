"""What goes with it: events of the first days that go with coming back, or converting, later."""

from collections.abc import Callable
from dataclasses import astuple
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from insights.questions.calendar import midnight, to_utc
from insights.questions.effects import Counts, difference_interval, does_hold, false_discovery, p_value
from insights.questions.event_select import select_firsts
from insights.questions.goes_with_contracts import GoesWithQuestion
from insights.questions.grouped import ALL
from insights.questions.kinds.contracts import Kind, Span, range_span
from insights.questions.rates import rate_of
from insights.questions.reading import ObjectReader
from insights.questions.running import Run
from insights.questions.specs import read_event_spec
from insights.questions.sql import EventRows, Statement

MOST_DAYS, MOST_UNTIL = 60, 365
HALVES = 2
_DAY_US = 86_400_000_000


def _read(reader: ObjectReader) -> dict[str, Any]:
    specs = {}
    for key in ("target", "returning"):
        if not reader.has(key):
            reader.known.add(key)
            reader.fault(key, "This is missing.")
            continue
        specs[key] = read_event_spec(reader.take(key), reader.at(key), reader.faults)
    days = reader.whole_number("days", 7, least=1, most=MOST_DAYS)
    until = reader.whole_number("until", max(28, 4 * days), least=2, most=MOST_UNTIL)
    if until <= days:
        reader.fault("until", f"Look further than the first {days} days: later begins after them.")
    return {**specs, "days": days, "until": until}


def followed_until(question: GoesWithQuestion) -> datetime:
    """Return the first moment, naive UTC, whose people cannot be followed to the end yet: whole local days only."""
    zone = ZoneInfo(question.timezone)
    day = (question.now.astimezone(UTC) - question.settling).astimezone(zone).date()
    ends = [midnight(day), question.period.end]
    return to_utc(max(min(ends), question.period.start), zone)


def _people(statement: Statement, question: GoesWithQuestion, run: Run) -> None:
    """Name `done` (u, code of what they did in the first days) and `people` (u, half, y: whether they did it later).

    One scan finds both: on a large store reading the events of all these days twice took a third longer.
    """
    cutoff = followed_until(question)
    firsts = select_firsts(statement, run, question.target, ALL, since=run.buckets.since, until=cutoff)
    half = f"((u::ubigint * 2654435761) // 65536 % {HALVES})::integer as half"
    statement.cte("began", f"select u, epoch_us(ts) as t0, {half} from ({firsts})", is_materialized=True)
    statement.cte("did", _did(statement, question, run), is_materialized=True)
    statement.cte("done", "select u, code from did where is_first")
    later = "select distinct u from did where is_later"
    columns = "began.u, half, (later.u is not null)::integer as y"
    people = f"select {columns} from began left join ({later}) later using (u)"
    statement.cte("people", people, is_materialized=True)


def _did(statement: Statement, question: GoesWithQuestion, run: Run) -> str:
    """Return the select of u, code, is_first and is_later: what those who began did until they are followed no more."""
    rows: EventRows = run.event_rows(statement)
    unit, since = rows.unit(), "epoch_us(e.ts) - began.t0"
    first_days, all_days = (statement.bind(days * _DAY_US) for days in (question.days, question.until))
    is_returning = " and ".join([f"{since} >= {first_days}", *rows.matches(question.returning)])
    where = [*rows.holds(question.filters), f"{since} >= 0", f"{since} < {all_days}"]
    where += rows.between(run.buckets.since, followed_until(question) + question.settling)
    rows.joins["began"] = f"join began on began.u = {unit}"
    shown = {
        "u": unit,
        "code": "e.event_code",
        "is_first": f"bool_or({since} < {first_days})",
        "is_later": f"coalesce(bool_or({is_returning}), false)",
    }
    return rows.select(shown, where, "group by all")


def _count(question: GoesWithQuestion, run: Run) -> tuple[list[Counts], dict[int, tuple[Counts, Counts]]]:
    """Return, by half, everybody's counts (as if all had done it), and those of each event code."""
    statement = Statement()
    _people(statement, question, run)
    final = (
        "select null::uinteger as code, half, count(*), sum(y)::bigint from people group by half union all"
        " select code, half, count(*), sum(y)::bigint from done join people using (u) group by code, half"
    )
    until = followed_until(question) + question.settling
    everybody = [Counts(0, 0, 0, 0)] * HALVES
    did: dict[int, list[tuple[int, int]]] = {}
    for code, half, n, later in run.execute(statement, final, run.buckets.since, until):
        if code is None:
            everybody[half] = Counts(n, later, 0, 0)
        else:
            did.setdefault(code, [(0, 0)] * HALVES)[half] = (n, later)
    first, second = everybody
    return everybody, {code: (_of(first, *halves[0]), _of(second, *halves[1])) for code, halves in did.items()}


def _of(everybody: Counts, n: int, later: int) -> Counts:
    return Counts(n, later, everybody.did - n, everybody.did_later - later)


def _answer(question: GoesWithQuestion, run: Run) -> dict[str, Any]:
    everybody, by_code = _count(question, run)
    names = run.snapshot.names_of(sorted(by_code))
    # What is asked for later says nothing about itself, and everybody began with the target.
    own = {question.returning.event, question.target.event}
    halves = {name: by_code[code] for code, name in names.items() if name not in own}
    tested = sorted(name for name, (one, other) in halves.items() if one.is_enough and other.is_enough)
    qs = dict(zip(tested, false_discovery([p_value(halves[name][0]) for name in tested]), strict=True))
    events = [_event(name, *pair, q=qs.get(name)) for name, pair in sorted(halves.items())]
    order = {"goes_with": 0, "not_confirmed": 1, "too_few": 2}
    events.sort(key=lambda one: (order[one["state"]], -abs(one["effect"] or 0), one["event"]))
    n, later = sum(one.did for one in everybody), sum(one.did_later for one in everybody)
    return {
        "label": "goes with, not caused by",
        "days": question.days,
        "until": question.until,
        "n": n,
        "later": later,
        "rate": rate_of(later, n),
        "n_tested": len(tested),
        "n_too_few": len(halves) - len(tested),
        "events": events,
    }


def _event(name: str, first: Counts, second: Counts, *, q: float | None) -> dict[str, Any]:
    """Return what is known of an event; its effect is that of the half which did not find it."""
    both = Counts(*(one + other for one, other in zip(astuple(first), astuple(second), strict=True)))
    found: dict[str, Any] = {
        "event": name,
        "did": rate_of(both.did_later, both.did) | {"n": both.did, "later": both.did_later},
        "others": rate_of(both.others_later, both.others) | {"n": both.others, "later": both.others_later},
        "state": "too_few",
        **dict.fromkeys(("effect", "low", "high", "found_effect", "q", "p")),
    }
    if q is None:
        return found
    low, high = difference_interval(second)
    state = "goes_with" if does_hold(q, first, second) else "not_confirmed"
    measured = {"effect": second.effect, "low": low, "high": high, "found_effect": first.effect}
    return found | measured | {"q": q, "p": p_value(second), "state": state}


def _behind(question: GoesWithQuestion, cell: ObjectReader) -> Callable[[Run], list[int]]:
    """Read {"event"?, "others"?, "later"?}: who did it in the first days, or did not, all of them or who came later."""
    event = cell.text("event") if cell.has("event") else None
    is_others, is_later = cell.flag("others"), cell.flag("later")
    if is_others and event is None:
        cell.fault("event", "Name the event that they did not do.")

    def find(run: Run) -> list[int]:
        statement = Statement()
        _people(statement, question, run)
        where = ["y = 1"] if is_later else []
        if event is not None:
            code = run.snapshot.codes_of([event]).get(event)
            meant = f"select u from done where code = {statement.bind(-1 if code is None else code)}"
            where.append(f"u {'not ' if is_others else ''}in ({meant})")
        final = f"select u from people{' where ' + ' and '.join(where) if where else ''} order by u"
        return run.numbers(statement, final, run.buckets.since, followed_until(question) + question.settling)

    return find


def _span(question: GoesWithQuestion) -> Span:
    _, until = range_span(question)
    return None, until and until + question.settling


KIND = Kind(
    name="goes_with",
    title="What goes with it",
    purpose="Which events of the first days go with coming back, or converting, later.",
    question=GoesWithQuestion,
    read=_read,
    answer=_answer,
    span=_span,
    behind=_behind,
    default_from=lambda own: "-90d",
)
