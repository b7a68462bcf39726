"""What people may say of an input: checked against what its model asks, with every fault beside its field."""

import math
from collections.abc import Mapping
from datetime import date
from typing import Any

from portal.shell.public import BadInput
from roadmaps.goals.public import line
from roadmaps.planning.scoring.contracts import LABELS, Definition, Given, Input, Reading
from roadmaps.planning.scoring.formats import say_number

_KNOWN = frozenset({"likely", "low", "high", "label", "source", "on", "bound"})


def check_given(
    asked: Input, said: Mapping[str, Any], *, today: date, by: int | None, reading: Reading | None
) -> Given:
    """Return one input as it counts from now on; with a `reading` it is measured, and says what by.

    Raises: BadInput, its fields named as "reach.likely".
    """
    if unknown := sorted(set(said) - _KNOWN):
        raise BadInput(fields={f"{asked.key}.{unknown[0][:30]}": ["An input has nothing of this name."]})
    if reading is not None:
        value = _within(asked, "likely", reading.value)
        bound = str(said.get("bound", ""))
        return Given(value, label="measured", source=reading.title, on=reading.on, bound=bound, agreed=value, by=by)
    label = said.get("label") or "guessed"
    if label not in LABELS:
        raise BadInput(fields={f"{asked.key}.label": [f"Use one of: {', '.join(LABELS)}."]})
    if label == "measured":
        sentence = "Measured means bound to a number of this portal. Bind it, or call it an estimate."
        raise BadInput(fields={f"{asked.key}.label": [sentence]})
    source = line(f"{asked.key}.source", said.get("source") or "", 200, is_needed=False)
    if label == "estimated" and not source and asked.role != "confidence":
        raise BadInput(fields={f"{asked.key}.source": ["Say where the estimate comes from, or call it a guess."]})
    on = said.get("on") or today
    if on > today:
        raise BadInput(fields={f"{asked.key}.on": ["This day has not come yet."]})
    low, likely, high = _range(asked, said)
    return Given(likely, low, high, label=label, source=source, on=on, by=by)


def _range(asked: Input, said: Mapping[str, Any]) -> tuple[float | None, float, float | None]:
    likely = _within(asked, "likely", said.get("likely"))
    low, high = (None if said.get(end) is None else _within(asked, end, said[end]) for end in ("low", "high"))
    if (low is None and high is None) or (low == likely == high):
        return None, likely, None
    if not asked.takes_range:
        raise BadInput(fields={f"{asked.key}.low": ["How sure you are is one number. Give the others as ranges."]})
    low, high = likely if low is None else low, likely if high is None else high
    if not low <= likely <= high:
        raise BadInput(fields={f"{asked.key}.likely": ["Low, likely and high go up in this order."]})
    return low, likely, high


def _within(asked: Input, end: str, value: Any) -> float:
    path = f"{asked.key}.{end}"
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise BadInput(fields={path: [f"Give a number for {asked.label.lower()}."]})
    if asked.rungs and value not in {one.value for one in asked.rungs}:
        steps = ", ".join(say_number(one.value) for one in asked.rungs)
        raise BadInput(fields={path: [f"{asked.label} is one of {steps}."]})
    if value < asked.least:
        raise BadInput(fields={path: [f"{asked.label} is {say_number(asked.least)} at least."]})
    if value > asked.most:
        raise BadInput(fields={path: [f"{asked.label} is {say_number(asked.most)} at most."]})
    return float(value)


def refuse_unknown_inputs(definition: Definition, said: Mapping[str, Any]) -> None:
    """Refuse what the model does not ask."""
    unknown = [key for key in said if definition.find(key) is None]
    if unknown:
        raise BadInput(fields={str(unknown[0])[:40]: ["The model does not ask this."]})
