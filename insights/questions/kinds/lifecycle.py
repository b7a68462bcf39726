"""Lifecycle: who is new, stays, comes back and goes, interval by interval."""

from typing import Any

from insights.questions.contracts import INTERVALS, EventSpec, LifecycleQuestion
from insights.questions.kinds.contracts import Kind
from insights.questions.reading import ObjectReader
from insights.questions.specs import read_event_spec
from insights.questions.words import capitalised, say_extras, say_range, say_spec, units_of


def _read(reader: ObjectReader) -> dict[str, Any]:
    if reader.has("event"):
        event = read_event_spec(reader.take("event"), reader.at("event"), reader.faults)
    else:
        reader.known.add("event")
        reader.fault("event", "This is missing.")
        event = EventSpec(None)
    return {"event": event, "interval": reader.choice("interval", INTERVALS[:-1], "week")}


def _describe(question: LifecycleQuestion) -> str:
    sentence = f"new, returning, resurrecting and dormant {units_of(question)} of {say_spec(question.event)}"
    return capitalised(f"{sentence}, per {question.interval}, {say_range(question)}{say_extras(question)}")


KIND = Kind(
    name="lifecycle",
    title="Lifecycle",
    purpose="Per interval: who is new, who stays, who comes back after a pause, who goes.",
    question=LifecycleQuestion,
    read=_read,
    describe=_describe,
)
