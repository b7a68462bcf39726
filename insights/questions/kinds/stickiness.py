"""Stickiness: in how many intervals of the range units did something."""

from typing import Any

from insights.questions.contracts import INTERVALS, StickinessQuestion
from insights.questions.kinds.contracts import Kind
from insights.questions.reading import ObjectReader
from insights.questions.specs import read_event_spec
from insights.questions.words import capitalised, say_extras, say_range, say_spec, units_of

MAX_SERIES = 26


def _read(reader: ObjectReader) -> dict[str, Any]:
    series = reader.items(
        "series", lambda value, path: read_event_spec(value, path, reader.faults), least=1, most=MAX_SERIES
    )
    return {"series": series, "interval": reader.choice("interval", INTERVALS[:-1], "day")}


def _describe(question: StickinessQuestion) -> str:
    lines = "; ".join(say_spec(item) for item in question.series)
    sentence = f"{units_of(question)} by the number of {question.interval}s in which they did {lines}"
    return capitalised(f"{sentence}, {say_range(question)}{say_extras(question)}")


KIND = Kind(
    name="stickiness",
    title="Stickiness",
    purpose="In how many days, weeks or months of the range each person did something.",
    question=StickinessQuestion,
    read=_read,
    describe=_describe,
)
