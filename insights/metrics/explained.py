"""What explains a metric's newest change, in words and as a table, from what the worker found."""

from dataclasses import dataclass
from typing import Any

from insights.metrics.contracts import Change
from insights.metrics.models import MetricVersion
from insights.metrics.parts_of_change import LEAST_EXCESS, Part, in_order, why_not_additive
from insights.metrics.words import say_signed, say_value
from insights.questions.words import say_property

_MOST_ROWS = 12


@dataclass(frozen=True)
class ExplainedRow:
    """One value of the property: before, after, and its part of the change."""

    value: str
    before: str
    after: str
    change: str


@dataclass(frozen=True)
class Explained:
    """The answer to "where did the change come from?"; `others` are the other properties, by their place."""

    sentence: str
    property: str = ""
    rows: tuple[ExplainedRow, ...] = ()
    n_more: int = 0
    others: tuple[tuple[int, str], ...] = ()
    total: str = ""
    gap: str = ""
    place: int = 0


def build_explained(
    version: MetricVersion, change: Change | None, found: dict[str, Any], place: int
) -> Explained | None:
    """Return what explains a change, by the property at a place of those found; None without a change to explain."""
    if change is None or not change.amount:
        return None
    if why := why_not_additive(version.definition) or found.get("why_not", ""):
        return Explained(f"This number has no parts to explain it by. {why}" if not found.get("properties") else why)
    if found.get("starts_on") != change.starts_on.isoformat():
        return Explained("What explains it is being looked for.")
    properties = found["properties"]
    place = place if 0 <= place < len(properties) else 0
    one = properties[place]
    parts = in_order([Part(*row) for row in one["parts"]])
    name = say_property({"property": one["property"], "of": one["of"]})
    rows = tuple(
        ExplainedRow(part.value, say_value(part.before, is_rate=False), say_value(part.after, is_rate=False),
                     say_signed(part.change, is_rate=False))
        for part in parts[:_MOST_ROWS]
    )  # fmt: skip
    others = tuple(
        (number, say_property({"property": other["property"], "of": other["of"]}))
        for number, other in enumerate(properties)
        if number != place
    )
    gap = one["gap"] if abs(one["gap"]) > 1e-9 * max(1.0, abs(change.amount)) else 0
    return Explained(
        sentence=_say(change, parts[0], name, one["excess"]),
        property=name,
        rows=rows,
        n_more=max(len(parts) - _MOST_ROWS, 0),
        others=others,
        total=say_signed(change.amount, is_rate=False),
        gap=say_signed(gap, is_rate=False) if gap else "",
        place=place,
    )


def _say(change: Change, top: Part, name: str, beyond: float) -> str:
    amount = say_signed(change.amount, is_rate=False)
    share = f"Of {amount}, {say_signed(top.change, is_rate=False)} came from {name} = {top.value}."
    if beyond < LEAST_EXCESS * abs(change.amount or 0):
        return f"{share} Every value moved about as much as its share: this property does not explain it."
    chance = "" if change.is_clear else " The change itself may be chance: its interval holds zero."
    return share + chance
