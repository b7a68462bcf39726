"""Funnel: who gets from step to step, and how long it takes."""

from typing import Any

from insights.questions.contracts import FunnelQuestion, Window
from insights.questions.kinds.contracts import Kind
from insights.questions.reading import ObjectReader
from insights.questions.specs import read_event_spec
from insights.questions.words import capitalised, say_extras, say_range, say_spec, units_of

MAX_STEPS = 12
_WINDOW_UNITS = ("second", "minute", "hour", "day", "week")
_LONGEST_WINDOW = {"second": 31_622_400, "minute": 527_040, "hour": 8784, "day": 366, "week": 53}
_ORDERS = {"ordered": "in this order", "strict": "one right after the other", "any": "in any order"}


def _read(reader: ObjectReader) -> dict[str, Any]:
    steps = reader.items(
        "steps",
        lambda value, path: read_event_spec(value, path, reader.faults, later=("optional",)),
        least=1,
        most=MAX_STEPS,
    )
    reader.refuse_later("exclusions", "attribution", "view", "interval")
    order = reader.choice("order", ("ordered", "strict", "any"), "ordered")
    return {"steps": steps, "order": order, "window": _read_window(reader)}


def _read_window(reader: ObjectReader) -> Window:
    if reader.take("window") is None:
        return Window(14, "day")
    inner = ObjectReader(reader.value["window"], reader.at("window"), reader.faults)
    unit = inner.choice("unit", _WINDOW_UNITS, "day")
    value = inner.whole_number("value", 14, least=0, most=_LONGEST_WINDOW[unit])
    inner.finish()
    return Window(value, unit)


def _describe(question: FunnelQuestion) -> str:
    steps = ", then ".join(say_spec(step) for step in question.steps)
    span = f"{question.window.value} {question.window.unit}{'' if question.window.value == 1 else 's'}"
    sentence = f"{units_of(question)} who did {steps}, {_ORDERS[question.order]}, within {span}"
    return capitalised(f"{sentence}, {say_range(question)}{say_extras(question)}")


KIND = Kind(
    name="funnel",
    title="Funnel",
    purpose="Who gets from step to step, where they are lost, and how long each step takes.",
    question=FunnelQuestion,
    read=_read,
    describe=_describe,
)
