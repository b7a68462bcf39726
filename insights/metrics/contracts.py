"""The values that cross this room's wall; knows no Django."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

INTERVALS = ("day", "week", "month", "quarter", "year")
COUNTS_OF_UNITS = ("persons", "weekly_active", "monthly_active", "first_time")
COUNTS = ("total", *COUNTS_OF_UNITS)


@dataclass(frozen=True)
class Definition:
    """What a metric asks: a question without dates, the column of a retention, the unit, and which way is good."""

    question: dict[str, Any]
    column: int | None = None
    unit: str = ""
    direction: str = "up"

    @property
    def kind(self) -> str:
        """Return the kind of the question: trend, funnel or retention."""
        return str(self.question.get("kind", ""))

    @property
    def interval(self) -> str:
        """Return the length of a period."""
        return str(self.question.get("interval") or "day")

    @property
    def is_rate(self) -> bool:
        """Say whether the values are shares of 0 to 1, each of k of n."""
        return self.kind in ("funnel", "retention")

    @property
    def measure(self) -> str:
        """Return what is measured: a measure of a trend's series, `formula`, or `rate`."""
        if self.is_rate:
            return "rate"
        if self.question.get("formula"):
            return "formula"
        series = self.question.get("series") or [{}]
        return str(series[0].get("measure") or "total")


@dataclass(frozen=True)
class Point:
    """The number of one period, named by its first local day.

    value — the number; a rate is 0 to 1; None where there is none (an average of nothing, a rate of fewer than 5).
    n_success, n_total — the counts behind a rate, else None. is_partial — the period is not over, or its last unit may
    still convert or come back. restated_from — what was said before late data came, where `is_restated`.
    """

    starts_on: date
    value: float | None
    n_success: int | None = None
    n_total: int | None = None
    is_partial: bool = False
    is_restated: bool = False
    restated_from: float | None = None
    restated_at: datetime | None = None
    restated_why: str = ""


@dataclass(frozen=True)
class Change:
    """A period against an earlier one.

    amount — after - before, in the metric's unit, points of 0 to 1 for rates; None where either is missing.
    relative — amount ÷ before, None for rates and where before is 0. low, high — the 95 % interval of `amount`; None
    without one, then `why_none` says why. method — newcombe, poisson, own_past or "". spread — the factor by which the
    metric's own past varies more than chance alone (1 for none), of `poisson`.
    """

    starts_on: date
    before_on: date
    after: float | None
    before: float | None
    amount: float | None
    relative: float | None = None
    low: float | None = None
    high: float | None = None
    method: str = ""
    spread: float | None = None
    why_none: str = ""

    @property
    def is_clear(self) -> bool:
        """Say whether the interval does not hold zero."""
        return self.low is not None and self.high is not None and (self.low > 0 or self.high < 0)

    def tone(self, direction: str) -> str:
        """Return "good" or "bad" for a clear change of a metric with a direction, else ""."""
        if not self.is_clear or direction not in ("up", "down"):
            return ""
        return "good" if ((self.amount or 0) > 0) == (direction == "up") else "bad"


@dataclass(frozen=True)
class Freshness:
    """How old stored values are: state is fresh, stale (newer ones are on their way), pending (none yet) or failed."""

    state: str
    sentence: str = ""
    computed_at: datetime | None = None
    data_until: datetime | None = None


@dataclass(frozen=True)
class MetricValues:
    """The stored values of one version of a metric, oldest first, with the newest whole period's change."""

    metric_id: int
    version_id: int
    number: int | None
    name: str
    unit: str
    direction: str
    interval: str
    is_rate: bool
    measure: str
    timezone: str
    points: tuple[Point, ...]
    change: Change | None
    freshness: Freshness
    facts: dict[str, Any] = field(default_factory=dict)

    @property
    def newest(self) -> Point | None:
        """Return the newest period that is over, None while there is none."""
        return next((point for point in reversed(self.points) if not point.is_partial), None)


@dataclass(frozen=True)
class Target:
    """What a metric should reach: by whom it is said, the value, by when, and a link."""

    title: str
    value: float
    url: str
    due_on: date | None = None


@dataclass(frozen=True)
class TargetProvider:
    """Says what is aimed at with a metric: find(metric, user) returns targets that this user may see.

    Rooms to the right register one in the shell's registry.
    """

    name: str
    find: Callable[[Any, Any], Iterable[Target]]
    order: int = 100
