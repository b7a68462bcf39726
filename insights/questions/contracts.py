"""Questions as frozen, validated values, and the shapes of their answers; knows no database.

A question is made by `parse_question` alone, so every value here has been checked and its defaults are filled.
"""

from abc import ABC, abstractmethod
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, ClassVar, Literal

from insights.questions.formulas import Formula

DEFINITION_VERSION = "1"

Of = Literal["event", "person", "account", "field", "cohort"]
Interval = Literal["hour", "day", "week", "month", "quarter", "year", "all"]
Scalar = str | int | float | bool

ROLLING_S = {"hour": 3600, "day": 86_400, "week": 604_800}  # seconds of an interval that is a unit's own
INTERVALS: tuple[str, ...] = ("hour", "day", "week", "month", "quarter", "year", "all")
UNIT_MEASURES = ("persons", "weekly_active", "monthly_active", "first_time")
VALUE_MEASURES = ("sum", "avg", "min", "max", "median", "p75", "p90", "p95", "p99")
MEASURES = ("total", *UNIT_MEASURES, "per_person", *VALUE_MEASURES)
OPS = (
    "is",
    "is_not",
    "contains",
    "not_contains",
    "matches",
    "gt",
    "gte",
    "lt",
    "lte",
    "between",
    "is_set",
    "is_not_set",
)
COHORT_OPS = ("in_cohort", "not_in_cohort")


@dataclass(frozen=True)
class Filter:
    """One condition on a property of an event, person or account; `value` is a tuple for is, is_not and between.

    Of the ops in COHORT_OPS, `value` holds the names of cohorts, and `property` and `of` are "cohort".
    """

    property: str
    of: str
    op: str
    value: tuple[Scalar, ...] | Scalar | None = None

    def to_json(self) -> dict[str, Any]:
        """Return the canonical JSON value."""
        found: dict[str, Any] = {"property": self.property, "of": self.of, "op": self.op}
        if self.value is not None:
            found["value"] = list(self.value) if isinstance(self.value, tuple) else self.value
        return found


@dataclass(frozen=True)
class FilterGroup:
    """Filters of which any or all must hold."""

    mode: Literal["any", "all"]
    filters: tuple["Filter | FilterGroup", ...]

    def to_json(self) -> dict[str, Any]:
        """Return the canonical JSON value."""
        return {self.mode: [item.to_json() for item in self.filters]}


Filters = tuple[Filter | FilterGroup, ...]


def walk_filters(filters: Filters) -> Iterator[Filter]:
    """Yield every single condition, however deep it is nested."""
    for item in filters:
        if isinstance(item, FilterGroup):
            yield from walk_filters(item.filters)
        else:
            yield item


@dataclass(frozen=True)
class EventSpec:
    """Which events are meant: a name, or any (None), and conditions that all hold."""

    event: str | None
    filters: Filters = ()

    @property
    def name(self) -> str:
        """Return the words on a chart."""
        return "any event" if self.event is None else self.event

    def to_json(self) -> dict[str, Any]:
        """Return the canonical JSON value."""
        return {"event": self.event, "filters": [item.to_json() for item in self.filters]}


@dataclass(frozen=True)
class Breakdown:
    """The property whose values split an answer; `field` means `event` or `source`, `cohort` in it or not."""

    property: str
    of: str

    def to_json(self) -> dict[str, Any]:
        """Return the canonical JSON value."""
        return {"property": self.property, "of": self.of}


@dataclass(frozen=True)
class Period:
    """A range in local time: from `start` up to, not including, `end`; both naive, in the question's zone."""

    start: datetime
    end: datetime


@dataclass(frozen=True, kw_only=True)
class Question(ABC):
    """What every kind of question has; `now` is the moment that relative ranges and partial buckets refer to."""

    kind: ClassVar[str] = ""
    has_breakdown: ClassVar[bool] = True
    most_breakdowns: ClassVar[int] = 1

    products: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    unit: str = "person"
    date_from: str
    date_to: str | None = None
    timezone: str
    week_start: str = "monday"
    filters: Filters = ()
    breakdown: tuple[Breakdown, ...] = ()
    compare: str | None = None
    period: Period
    now: datetime

    def to_json(self) -> dict[str, Any]:
        """Return the question in full, defaults filled in; parsing it again gives an equal question."""
        scope = {"products": list(self.products)} if self.products else {}
        scope |= {"sources": list(self.sources)} if self.sources else {}
        common = {
            "unit": self.unit,
            "date_from": self.date_from,
            "date_to": self.date_to,
            "timezone": self.timezone,
            "week_start": self.week_start,
            "filters": [item.to_json() for item in self.filters],
            "compare": self.compare,
        }
        if self.has_breakdown:
            common["breakdown"] = [item.to_json() for item in self.breakdown]
        return {"kind": self.kind, **scope, **self.own_json(), **common}

    def saved_json(self) -> dict[str, Any]:
        """Return the question as it is saved: insights whose numbers it takes are named, not written out."""
        return self.to_json()

    @property
    def settling(self) -> timedelta:
        """Return how long after its end a bucket's number can still change."""
        return timedelta()

    @abstractmethod
    def own_json(self) -> dict[str, Any]:
        """Return the keys that only this kind has."""

    @abstractmethod
    def event_specs(self) -> tuple[EventSpec, ...]:
        """Return every event spec in the question."""

    def at(self, period: Period) -> "Question":
        """Return the same question about another range, without comparison."""
        return replace(self, period=period, compare=None)


@dataclass(frozen=True)
class InsightInUse:
    """The saved insight that a series was taken from, as it was then; version 0: there is none."""

    number: int
    title: str = ""
    version: int = 0
    url: str = ""


@dataclass(frozen=True)
class TrendSeries(EventSpec):
    """One line of a trend: which events, and what is measured about them; perhaps taken from a saved insight."""

    measure: str = "total"
    property: str | None = None
    insight: InsightInUse | None = None

    def to_json(self) -> dict[str, Any]:
        """Return the canonical JSON value, an insight's written out."""
        found = super().to_json() | {"measure": self.measure}
        return found if self.property is None else found | {"property": self.property}

    def saved_json(self) -> dict[str, Any]:
        """Return the JSON value as it is saved."""
        return self.to_json() if self.insight is None else {"insight": self.insight.number}


@dataclass(frozen=True, kw_only=True)
class TrendQuestion(Question):
    """How much, over time."""

    kind: ClassVar[str] = "trend"
    most_breakdowns: ClassVar[int] = 3
    series: tuple[TrendSeries, ...]
    interval: str = "day"
    formula: Formula | None = None
    cumulative: bool = False
    moving_average: int | None = None

    def own_json(self) -> dict[str, Any]:
        """Return series, interval and what is made of them."""
        return {
            "series": [item.to_json() for item in self.series],
            "interval": self.interval,
            "formula": self.formula and self.formula.text,
            "cumulative": self.cumulative,
            "moving_average": self.moving_average,
        }

    def saved_json(self) -> dict[str, Any]:
        """Return the question as it is saved: with the numbers of insights, which may change."""
        return {**self.to_json(), "series": [item.saved_json() for item in self.series]}

    def event_specs(self) -> tuple[EventSpec, ...]:
        """Return the series."""
        return self.series

    @property
    def insights(self) -> dict[int, InsightInUse]:
        """Return the saved insights that series were taken from, by the series' place."""
        return {place: item.insight for place, item in enumerate(self.series) if item.insight is not None}


@dataclass(frozen=True)
class Window:
    """A length of time: what a funnel's attempt may take, its end included, or the silence that ends a session."""

    value: int
    unit: str

    @property
    def microseconds(self) -> int:
        """Return the length."""
        seconds = {"second": 1, "minute": 60, "hour": 3600, "day": 86400, "week": 604800}
        return self.value * seconds[self.unit] * 1_000_000

    def to_json(self) -> dict[str, Any]:
        """Return the canonical JSON value."""
        return {"value": self.value, "unit": self.unit}


@dataclass(frozen=True, kw_only=True)
class RetentionQuestion(Question):
    """Who comes back."""

    kind: ClassVar[str] = "retention"
    target: EventSpec
    returning: EventSpec
    mode: str = "recurring"
    interval: str = "week"
    intervals: int = 8
    unbounded: bool = False
    minimum: int = 1
    rolling: bool = False

    @property
    def settling(self) -> timedelta:
        """Return how long after a row's end its last unit's own interval ends."""
        return timedelta(seconds=ROLLING_S[self.interval]) if self.rolling else timedelta()

    def own_json(self) -> dict[str, Any]:
        """Return both specs and the options."""
        return {
            "target": self.target.to_json(),
            "returning": self.returning.to_json(),
            "mode": self.mode,
            "interval": self.interval,
            "intervals": self.intervals,
            "unbounded": self.unbounded,
            "minimum": self.minimum,
            "rolling": self.rolling,
        }

    def event_specs(self) -> tuple[EventSpec, ...]:
        """Return target and returning event."""
        return (self.target, self.returning)


@dataclass(frozen=True, kw_only=True)
class StickinessQuestion(Question):
    """In how many intervals units did something."""

    kind: ClassVar[str] = "stickiness"
    series: tuple[EventSpec, ...]
    interval: str = "day"

    def own_json(self) -> dict[str, Any]:
        """Return series and interval."""
        return {"series": [item.to_json() for item in self.series], "interval": self.interval}

    def event_specs(self) -> tuple[EventSpec, ...]:
        """Return the series."""
        return self.series


@dataclass(frozen=True, kw_only=True)
class LifecycleQuestion(Question):
    """Who is new, stays, comes back and goes."""

    kind: ClassVar[str] = "lifecycle"
    has_breakdown: ClassVar[bool] = False
    event: EventSpec
    interval: str = "week"

    def own_json(self) -> dict[str, Any]:
        """Return event and interval."""
        return {"event": self.event.to_json(), "interval": self.interval}

    def event_specs(self) -> tuple[EventSpec, ...]:
        """Return the one spec."""
        return (self.event,)


@dataclass(frozen=True, kw_only=True)
class PathsQuestion(Question):
    """What people do after an event (`start`), or on the way to one (`end`); just one of the two is given."""

    kind: ClassVar[str] = "paths"
    has_breakdown: ClassVar[bool] = False
    start: EventSpec | None = None
    end: EventSpec | None = None
    steps: int = 5
    edges: int = 50
    repeats: bool = False
    session_gap: Window = Window(30, "minute")

    @property
    def is_backward(self) -> bool:
        """Say whether paths lead up to an event."""
        return self.end is not None

    @property
    def point(self) -> EventSpec:
        """Return the event that paths start with, or lead up to."""
        return self.end or self.start or EventSpec(None)

    def own_json(self) -> dict[str, Any]:
        """Return the point and the options."""
        return {
            "end" if self.is_backward else "start": self.point.to_json(),
            "steps": self.steps,
            "edges": self.edges,
            "repeats": self.repeats,
            "session_gap": self.session_gap.to_json(),
        }

    def event_specs(self) -> tuple[EventSpec, ...]:
        """Return the point, and any event: whatever happens is a step."""
        return (self.point, EventSpec(None))
