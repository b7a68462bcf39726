"""What stands around a chart: the caption under its title, and "why this number"."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from insights.explore.charts.reading import question_of
from insights.explore.charts.words import say_number
from insights.explore.contracts import FactLine
from insights.questions.words import (
    INTERVAL_WORDS,
    say_day,
    say_filters,
    say_period,
    say_question,
    say_unit,
    say_units,
    say_ways,
)


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
    if kind not in ("funnel", "paths", "goes_with") or question.get("view") == "trend":
        parts.append("in one number" if interval == "all" else f"by {INTERVAL_WORDS.get(interval, interval)}")
    if question.get("formula"):
        parts.append(str(question["formula"]))
    elif kind == "trend":
        units = {say_unit(question, spec.get("measure", "total")) for spec in question.get("series") or []}
        parts.append(", ".join(sorted(units)))
    else:
        parts.append(say_units(question))
    parts += say_ways(question) if kind == "trend" else []
    if question.get("compare"):
        parts.append("compared with the " + ("year before" if question["compare"] == "year" else "period before"))
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


def _say_insights(taken: list[dict[str, Any]]) -> str:
    """Return which series took their number from which saved insight."""
    return "; ".join(f"{chr(65 + one['series'])} is “{one['title']}”, version {one['version']}" for one in taken)


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
    if facts.get("insights"):
        lines.append(FactLine("Saved insights", _say_insights(facts["insights"])))
    for label, value in (("Data until", facts.get("data_until")), ("Computed", facts.get("computed_at"))):
        lines.append(FactLine(label, str(value) if value else "no data yet", at=_moment(value) if value else None))
    lines += [
        FactLine("Sources", ", ".join(facts.get("sources") or []) or "none"),
        FactLine("Rows read", say_number(facts.get("rows_scanned"))),
        FactLine("Left out", _say_left_out(facts.get("left_out"))),
        FactLine("Quarantined", _say_quarantined(facts)),
        FactLine("Came late", f"{say_number(facts.get('late_events') or 0)} events after an earlier answer"),
    ]
    statements = facts.get("sql") or []
    label = "SQL" if len(statements) < 2 else f"SQL, {len(statements)} statements"
    return [*lines, FactLine(label, ";\n\n".join(statements), is_code=True)] if statements else lines


ROUNDING = (
    "numbers in this file are exact; pages show three significant digits of fractions, two decimals from 100 on, "
    "and rates to a tenth of a percent"
)


def say_moment(value: Any, zone: str) -> str:
    """Return an ISO moment in a time zone: "21 Nov 2026, 05:12 (UTC)"."""
    moment = _moment(value)
    if moment is None:
        return "none yet"
    local = moment.astimezone(ZoneInfo(zone)) if moment.tzinfo else moment
    return f"{say_day(local.strftime('%Y-%m-%dT%H:%M'))} ({zone})"


def say_source(answer: dict[str, Any]) -> str:
    """Return in one line, for a picture, where an answer's numbers come from and how fresh they are."""
    facts, zone = answer.get("facts") or {}, question_of(answer).get("timezone") or "UTC"
    if not facts:
        return ""
    sources = ", ".join((facts.get("sources") or [])[:3]) + (" …" if len(facts.get("sources") or []) > 3 else "")
    until, computed = (say_moment(facts.get(key), zone) for key in ("data_until", "computed_at"))
    return f"Source: {sources or 'none'} · data to {until} · computed {computed}"


def about_answer(answer: dict[str, Any], title: str) -> list[tuple[str, str]]:
    """Return what a file of an answer's numbers says of itself, as (label, text)."""
    facts, question = answer.get("facts") or {}, question_of(answer)
    zone = question.get("timezone") or "UTC"
    lines = [("Title", title), ("Shows", say_caption(answer)), ("In words", say_question(question))]
    lines += [
        ("Range", say_days(answer)),
        ("Time zone", zone),
        ("Filters", say_filters(question.get("filters")) or "none"),
    ]
    if facts:
        lines += [
            ("Data until", say_moment(facts.get("data_until"), zone)),
            ("Computed", say_moment(facts.get("computed_at"), zone)),
            ("Sources", ", ".join(facts.get("sources") or []) or "none"),
            ("Definition", f"{question.get('kind', '')}, version {facts.get('definition_version', '')}"),
            ("Left out", _say_left_out(facts.get("left_out"))),
            ("Quarantined", _say_quarantined(facts)),
        ]
    return [*lines, ("Rounding", ROUNDING)]


def _say_quarantined(facts: dict[str, Any]) -> str:
    text = f"{say_number(facts.get('quarantined') or 0)} rows in this period"
    without = facts.get("quarantined_without_time")
    return f"{text}, {say_number(without)} more without a readable time" if without else text
