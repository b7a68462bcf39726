"""Trend: how much, over time."""

from typing import Any

from insights.questions.contracts import (
    INTERVALS,
    MEASURES,
    UNIT_MEASURES,
    VALUE_MEASURES,
    TrendQuestion,
    TrendSeries,
)
from insights.questions.kinds.contracts import Kind
from insights.questions.reading import Faults, ObjectReader
from insights.questions.specs import read_event, read_filters
from insights.questions.words import capitalised, say_extras, say_range, say_spec, units_of

MAX_SERIES = 26

_WORDS = {
    "total": "number of {events}",
    "persons": "{units} who did {events}",
    "weekly_active": "{units} active in the 7 days before, by {events}",
    "monthly_active": "{units} active in the 30 days before, by {events}",
    "first_time": "{units} who did {events} for the first time",
    "per_person": "{events} per {unit}",
    "sum": "sum of {property} of {events}",
    "avg": "average {property} of {events}",
    "min": "smallest {property} of {events}",
    "max": "largest {property} of {events}",
    "median": "median {property} of {events}",
}


def _read(reader: ObjectReader) -> dict[str, Any]:
    interval = reader.choice("interval", INTERVALS, "day")
    series = reader.items(
        "series", lambda value, path: _read_series(value, path, reader.faults, interval), least=1, most=MAX_SERIES
    )
    reader.refuse_later("formula", "cumulative", "moving_average")
    return {"series": series, "interval": interval}


def _read_series(value: Any, path: str, faults: Faults, interval: str) -> TrendSeries:
    reader = ObjectReader(value, path, faults)
    event, filters = read_event(reader), read_filters(reader)
    measure = reader.choice("measure", MEASURES, "total")
    number = None
    if measure in VALUE_MEASURES:
        number = reader.text("property")
    elif reader.take("property") is not None:
        reader.fault("property", f"“{measure}” is not about a property. Leave it out.")
    if interval == "hour" and measure in ("weekly_active", "monthly_active"):
        reader.fault("measure", f"“{measure}” cannot be asked by hour. Choose day or longer.")
    reader.finish()
    return TrendSeries(event, filters, measure, number)


def series_in_words(series: TrendSeries, question: TrendQuestion) -> str:
    """Return what one line measures, without the range."""
    text = _WORDS.get(series.measure, "{property} at the {measure} of {events}")
    return text.format(
        events=say_spec(series),
        units=units_of(question),
        unit="account" if question.unit == "account" else "person",
        property=series.property,
        measure=f"{series.measure[1:]}th percentile",
    )


def _describe(question: TrendQuestion) -> str:
    lines = "; ".join(series_in_words(item, question) for item in question.series)
    every = "in all" if question.interval == "all" else f"per {question.interval}"
    return capitalised(f"{lines}, {every}, {say_range(question)}{say_extras(question)}")


def counts_units(measure: str) -> bool:
    """Say whether a measure is a number of people or accounts."""
    return measure in UNIT_MEASURES


KIND = Kind(
    name="trend",
    title="Trend",
    purpose="How much, over time: events, people, or a number that events carry.",
    question=TrendQuestion,
    read=_read,
    describe=_describe,
)
