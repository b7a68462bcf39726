"""What crosses the walls of the library: steps, parts in a responsibility chart, differences; no Django."""

from dataclasses import dataclass

PARTS = ("responsible", "accountable", "consulted", "informed")
REVIEW_DAYS = 180


@dataclass(frozen=True)
class StepText:
    """One step as it is written: `due_days` days after the start or the step before, or before the end; None: open."""

    title: str
    text: str = ""
    who: str = ""
    due_days: int | None = None
    due_from: str = "start"


@dataclass(frozen=True)
class Stretch:
    """Words of a line that are the same in both texts, or in one alone: kind is same, added or removed."""

    kind: str
    text: str


@dataclass(frozen=True)
class Line:
    """A line of a comparison: same, added, removed, changed, or the number of equal lines that are left out."""

    kind: str
    stretches: tuple[Stretch, ...] = ()
    n_left_out: int = 0


@dataclass(frozen=True)
class FieldChange:
    """What changed in one field, line by line."""

    label: str
    lines: tuple[Line, ...]
