"""A question said in a sentence, and the caption and facts of its answer."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from insights.explore.charts.reading import question_of
from insights.explore.charts.words import INTERVALS, OPERATORS, say_day, say_number, say_unit, say_units
from insights.explore.contracts import FactLine

Question = dict[str, Any]


def say_event(spec: Question | None) -> str:
    """Return an event spec in words."""
    spec = spec or {}
    name = f"“{spec['event']}”" if spec.get("event") else "any event"
    conditions = say_filters(spec.get("filters"))
    return f"{name} where {conditions}" if conditions else name


def say_filters(filters: list[Any] | None, joint: str = " and ") -> str:
    """Return filters in words, "" for none."""
    parts = []
    for item in filters or []:
        if "any" in item:
            parts.append(f"({say_filters(item['any'], ' or ')})")
        elif "all" in item:
            parts.append(f"({say_filters(item['all'])})")
        else:
            value = item.get("value")
            joined = " or ".join(str(one) for one in value) if isinstance(value, list) else value
            if item.get("op") == "between" and isinstance(value, list):
                joined = " and ".join(str(one) for one in value)
            owner = "" if item.get("of", "event") == "event" else f"the {item['of']}'s "
            words = f"{owner}{item.get('property')} {OPERATORS.get(item.get('op', 'is'), item.get('op'))}"
            parts.append(words if joined in (None, "") else f"{words} “{joined}”")
    return joint.join(parts)


def say_period(question: Question) -> str:
    """Return the range in words: "1 Jan 2024 to 31 Jan 2024" or "the 30 days to today"."""
    start, end = str(question.get("date_from", "")), question.get("date_to")
    until = say_day(str(end)) if end else "today"
    if start.startswith("-"):
        span = {"d": "days", "w": "weeks", "m": "months", "q": "quarters", "y": "years"}.get(start[-1], "")
        return f"the {start[1:-1]} {span} to {until}"
    return f"{say_day(start)} to {until}"


def _trend(question: Question) -> str:
    parts = []
    for spec in question.get("series") or []:
        measure = spec.get("measure", "total")
        what = say_unit(question, measure)
        if spec.get("property"):
            what = f"{what} of {spec['property']}"
        parts.append(f"{what}, {say_event(spec)}")
    return "; ".join(parts) + f", by {INTERVALS.get(question.get('interval', 'day'))}"


def _funnel(question: Question) -> str:
    window = question.get("window") or {"value": 14, "unit": "day"}
    how = {"strict": "directly after one another", "any": "in any order"}.get(question.get("order", ""), "in order")
    steps = ", then ".join(say_event(step) for step in question.get("steps") or [])
    return f"{say_units(question)} who did {steps}, {how}, within {window['value']} {window['unit']}s"


def _retention(question: Question) -> str:
    first = "for the first time " if question.get("mode") == "first_time" else ""
    return (
        f"of the {say_units(question)} who {first}did {say_event(question.get('target'))}, how many did "
        f"{say_event(question.get('returning'))} in later {question.get('interval', 'day')}s"
    )


def _stickiness(question: Question) -> str:
    events = "; ".join(say_event(spec) for spec in question.get("series") or [])
    return f"{say_units(question)} by the number of {question.get('interval', 'day')}s on which they did {events}"


def _lifecycle(question: Question) -> str:
    return f"{say_units(question)} new, returning, resurrecting and dormant by {say_event(question.get('event'))}"


_SAY: dict[str, Callable[[Question], str]] = {
    "trend": _trend,
    "funnel": _funnel,
    "retention": _retention,
    "stickiness": _stickiness,
    "lifecycle": _lifecycle,
}


def say_question(question: Question) -> str:
    """Return the whole question in one sentence."""
    kind = str(question.get("kind", ""))
    if kind not in _SAY:
        return ""
    text = _SAY[kind](question)
    filters = say_filters(question.get("filters"))
    if filters:
        text += f"; only where {filters}"
    if question.get("breakdown"):
        text += "; broken down by " + ", ".join(str(item["property"]) for item in question["breakdown"])
    if question.get("compare"):
        text += "; compared with the " + ("year before" if question["compare"] == "year" else "period before")
    text += f"; {say_period(question)} ({question.get('timezone', 'UTC')})"
    return text[0].upper() + text[1:] + "."


def say_days(answer: dict[str, Any]) -> str:
    """Return the days that an answer covers: "1 to 31 Jan 2024"."""
    covered = (answer.get("facts") or {}).get("range") or {}
    if not covered:
        return say_period(question_of(answer))
    first, last = (datetime.fromisoformat(covered[key]) for key in ("from", "to"))
    if first.date() == last.date():
        return say_day(covered["to"][:10])
    if (first.year, first.month) == (last.year, last.month):
        return f"{first.day} to {say_day(covered['to'][:10])}"
    start = say_day(covered["from"][:10])
    return f"{start.removesuffix(f' {last.year}')} to {say_day(covered['to'][:10])}"


def say_caption(answer: dict[str, Any]) -> str:
    """Return the line under a chart's title: days, interval, unit and time zone in words."""
    question = question_of(answer)
    parts = [say_days(answer)]
    kind, interval = question.get("kind"), question.get("interval", "day")
    if kind != "funnel":
        parts.append("in one number" if interval == "all" else f"by {INTERVALS.get(interval, interval)}")
    if kind == "trend":
        units = {say_unit(question, spec.get("measure", "total")) for spec in question.get("series") or []}
        parts.append(", ".join(sorted(units)))
    else:
        parts.append(say_units(question))
    parts.append(f"time zone {question.get('timezone', 'UTC')}")
    return " · ".join(part for part in parts if part)


def _say_left_out(left_out: list[dict[str, Any]] | None) -> str:
    return (
        "; ".join(f"{say_number(item['count'])} {item.get('why', item['reason'])}" for item in left_out or []) or "none"
    )


def _moment(value: Any) -> datetime | None:
    try:
        return datetime.fromisoformat(str(value))
    except ValueError:
        return None


def fact_lines(answer: dict[str, Any]) -> list[FactLine]:
    """Return "why this number": where it comes from, line by line."""
    facts = answer.get("facts") or {}
    if not facts:
        return []
    question = question_of(answer)
    version = facts.get("definition_version", "")
    lines = [
        FactLine("In words", say_question(question)),
        FactLine("Definition", f"{question.get('kind', '')}, version {version}"),
    ]
    for label, value in (("Data until", facts.get("data_until")), ("Computed", facts.get("computed_at"))):
        lines.append(FactLine(label, str(value) if value else "no data yet", at=_moment(value) if value else None))
    lines += [
        FactLine("Sources", ", ".join(facts.get("sources") or []) or "none"),
        FactLine("Rows read", say_number(facts.get("rows_scanned"))),
        FactLine("Left out", _say_left_out(facts.get("left_out"))),
        FactLine("Quarantined", _say_quarantined(facts)),
        FactLine("Came late", f"{say_number(facts.get('late_events') or 0)} events after an earlier answer"),
    ]
    lines += [FactLine("SQL", text, is_code=True) for text in facts.get("sql") or []]
    return lines


def _say_quarantined(facts: dict[str, Any]) -> str:
    text = f"{say_number(facts.get('quarantined') or 0)} rows in this period"
    without = facts.get("quarantined_without_time")
    return f"{text}, {say_number(without)} more without a readable time" if without else text
