"""Which values of a property a change came from. Pure.

Only of numbers whose parts add up: then the changes of the parts add up to the change of the whole.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from insights.metrics.contracts import COUNTS_OF_UNITS, Definition

LEAST_EXCESS = 0.1  # of the change: below it every value moved with the whole
_WHY_NOT = {
    "rate": "A rate's parts do not add up: groups of different sizes each have a rate of their own.",
    "formula": "A formula's parts do not add up to its result.",
    "per_person": "A mean's parts do not add up.",
}


@dataclass(frozen=True)
class Part:
    """One value of a property: how much of the number it was before and after. `value` is "other" or "(none)" too."""

    value: str
    before: float
    after: float

    @property
    def change(self) -> float:
        """Return how much of the change is this value's."""
        return self.after - self.before


def why_not_additive(definition: Definition) -> str:
    """Return why the parts of a metric do not add up, "" where they do."""
    if definition.measure in ("total", "sum", *COUNTS_OF_UNITS):
        return ""
    words = "Averages, extremes and quantiles have no parts that add up to them."
    return _WHY_NOT.get(definition.measure, words)


def adds_up_by(definition: Definition, of: str) -> bool:
    """Say whether the parts by a property of an event, person or account add up to the number.

    Events have one value each. A person or account may do things with many values of an event's property, but has one
    value of a trait, and of their first event.
    """
    if definition.measure in ("total", "sum", "first_time"):
        return True
    unit = str(definition.question.get("unit") or "person")
    return definition.measure in COUNTS_OF_UNITS and of == unit


def excess(parts: Sequence[Part]) -> float:
    """Return how much the value that moved furthest beyond its share moved beyond it, in the number's unit.

    A value's share of the change is its share of the number before: what would be expected had all moved alike. Only
    movement in the direction of the change counts.
    >>> excess([Part("free", 500, 220), Part("pro", 500, 468)])
    124.0
    """
    change, size = sum(part.change for part in parts), sum(part.before for part in parts)
    if not change or not parts:
        return 0.0
    sign = 1 if change > 0 else -1
    shares = [part.before / size if size else 1 / len(parts) for part in parts]
    beyond = [sign * (part.change - change * share) for part, share in zip(parts, shares, strict=True)]
    return max(0.0, *(one for one, part in zip(beyond, parts, strict=True) if sign * part.change >= 0))


def in_order(parts: Sequence[Part]) -> list[Part]:
    """Return the parts, those that moved most in the direction of the change first."""
    sign = -1 if sum(part.change for part in parts) < 0 else 1
    return sorted(parts, key=lambda part: (-sign * part.change, part.value))
