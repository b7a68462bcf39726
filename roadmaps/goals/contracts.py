"""The values of goals: where a key result stands, where it is going, and how usual such a move is; knows no Django."""

from dataclasses import dataclass
from datetime import date, datetime


@dataclass(frozen=True)
class Measured:
    """One measured number: `value` (a rate is 0 to 1) and the last local day of what it covers."""

    on: date
    value: float


@dataclass(frozen=True)
class Outlook:
    """Where a number is going: its value at the end of a cycle, with an 80 % interval, in the number's own unit.

    chance — of reaching the target by then, 0 to 1. n_points — how many past values it is made of. n_ahead — how many
    periods lie between the newest value and the end; 0 says that the number is final. why_none — why there is no
    forecast, "" where there is one.
    """

    value: float | None = None
    low: float | None = None
    high: float | None = None
    chance: float | None = None
    n_points: int = 0
    n_ahead: int = 0
    why_none: str = ""


@dataclass(frozen=True)
class PastMoves:
    """How often a number moved so much in so many periods, the right way.

    n_windows — past stretches of that length, one beginning in each period: they overlap; n_apart — how many of them
    fit side by side. share — n_moved ÷ n_windows. why_none — why nothing can be said, "" where it can.
    """

    n_moved: int = 0
    n_windows: int = 0
    n_apart: int = 0
    n_periods: int = 0
    why_none: str = ""

    @property
    def share(self) -> float | None:
        """Return how often it did, 0 to 1."""
        return self.n_moved / self.n_windows if self.n_windows else None


@dataclass(frozen=True)
class Standing:
    """Where a key result stands: its newest value, how far that is from baseline to target, and what is forecast.

    progress — 0 at the baseline, 1 at the target; below 0 where it moved the wrong way, above 1 beyond. `on` is the
    last day that the value covers, `as_of` when it was computed or typed. is_hidden — they are not for this reader.
    """

    value: float | None = None
    on: date | None = None
    as_of: datetime | None = None
    progress: float | None = None
    is_reached: bool = False
    is_hidden: bool = False


AIMS = {"up": "at least", "down": "at most"}


def progress_of(value: float | None, baseline: float, target: float, aim: str) -> float | None:
    """Return how far a value is on the way from baseline to target; where both are one, 1 for kept and 0 for missed."""
    if value is None:
        return None
    if baseline == target:
        return 1.0 if is_reached(value, target, aim) else 0.0
    return (value - baseline) / (target - baseline)


def is_reached(value: float | None, target: float, aim: str) -> bool:
    """Say whether a value is at its target or beyond."""
    if value is None:
        return False
    return value >= target if aim == "up" else value <= target
