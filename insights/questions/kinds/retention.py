"""Retention: who comes back, interval after interval."""

from typing import Any

from insights.questions.contracts import INTERVALS, RetentionQuestion
from insights.questions.kinds.contracts import Kind
from insights.questions.reading import ObjectReader
from insights.questions.specs import read_event_spec
from insights.questions.words import capitalised, say_extras, say_spec, units_of

MAX_INTERVALS = 62
_LETTERS = {"day": "d", "week": "w", "month": "m", "quarter": "q", "year": "y"}


def _read(reader: ObjectReader) -> dict[str, Any]:
    specs = {}
    for key in ("target", "returning"):
        if not reader.has(key):
            reader.known.add(key)
            reader.fault(key, "This is missing.")
            continue
        specs[key] = read_event_spec(reader.take(key), reader.at(key), reader.faults)
    reader.refuse_later("rolling")
    return {
        **specs,
        "mode": reader.choice("mode", ("recurring", "first_time"), "recurring"),
        "interval": reader.choice("interval", INTERVALS[:-1], "week"),
        "intervals": reader.whole_number("intervals", 8, least=1, most=MAX_INTERVALS),
        "unbounded": reader.flag("unbounded"),
        "minimum": reader.whole_number("minimum", 1, least=1, most=1000),
    }


def _default_from(own: dict[str, Any]) -> str:
    if own["interval"] == "hour":
        return f"-{-(-own['intervals'] // 24)}d"
    return f"-{own['intervals']}{_LETTERS[own['interval']]}"


def _describe(question: RetentionQuestion) -> str:
    first = "for the first time did" if question.mode == "first_time" else "did"
    back = "came back for" if question.minimum == 1 else f"came back at least {question.minimum} times for"
    when = " or later" if question.unbounded else ""
    n, unit = question.intervals, question.interval
    span = f"over {n} {unit}{'' if n == 1 else 's'} from {question.period.start:%Y-%m-%d}"
    sentence = f"{units_of(question)} who {first} {say_spec(question.target)} and {back} {say_spec(question.returning)}"
    return capitalised(f"{sentence}, per {unit}{when}, {span}{say_extras(question)}")


KIND = Kind(
    name="retention",
    title="Retention",
    purpose="Of those who did one thing, how many come back, interval after interval.",
    question=RetentionQuestion,
    read=_read,
    describe=_describe,
    default_from=_default_from,
)
