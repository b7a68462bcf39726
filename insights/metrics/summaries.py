"""The newest whole period of a metric in short, kept beside its values for lists, Home and digests."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from insights.metrics.changes import newest_change
from insights.metrics.contracts import Change, Point
from insights.metrics.definitions import last_day

_MOST_IN_SPARKLINE = 30


@dataclass(frozen=True)
class Summary:
    """The newest whole period: when it began, its value, its change, and the last whole values for a sparkline."""

    starts_on: date
    value: float | None
    change: Change | None
    values: tuple[float | None, ...]


@dataclass(frozen=True)
class Newest:
    """The newest whole period's number, the last day that it covers, and when it was computed.

    `values` are the last whole periods' numbers up to it, oldest first, at most 30.
    """

    value: float | None
    ends_on: date
    computed_at: datetime | None
    values: tuple[float | None, ...] = ()


def newest_value(version: Any) -> Newest | None:
    """Return the newest whole period of a version (with its `series` read); None while none is over. No query."""
    series = getattr(version, "series", None)
    summary = read_summary(series.summary) if series else None
    if summary is None:
        return None
    ends_on = last_day(summary.starts_on, version.interval)
    return Newest(summary.value, ends_on, series.computed_at, summary.values)


def summarise(version: Any, points: Sequence[Point]) -> dict[str, Any]:
    """Return the summary of a version's points as JSON; {} while no period is over."""
    whole = [point for point in points if not point.is_partial]
    if not whole:
        return {}
    definition = version.definition
    change = newest_change(points, interval=definition.interval, measure=definition.measure)
    return {
        "starts_on": whole[-1].starts_on.isoformat(),
        "value": whole[-1].value,
        "change": change and {**vars(change), "starts_on": None, "before_on": change.before_on.isoformat()},
        "values": [point.value for point in whole[-_MOST_IN_SPARKLINE:]],
    }


def read_summary(value: dict[str, Any]) -> Summary | None:
    """Return a stored summary; None where there is none."""
    if not value:
        return None
    starts_on, change = date.fromisoformat(value["starts_on"]), value["change"]
    if change:
        before_on = date.fromisoformat(change["before_on"])
        change = Change(**{**change, "starts_on": starts_on, "before_on": before_on})
    return Summary(starts_on, value["value"], change, tuple(value["values"]))
