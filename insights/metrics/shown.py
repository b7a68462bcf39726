"""A metric as lists and Home show it: its newest whole period in words, from what is stored beside its values."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from insights.catalogue.public import sparkline_points
from insights.events.public import data_version
from insights.metrics.contracts import Freshness
from insights.metrics.models import Metric
from insights.metrics.queries import freshness_of, may_read_numbers
from insights.metrics.summaries import read_summary
from insights.metrics.words import say_change, say_interval, say_period, say_value


@dataclass(frozen=True)
class Shown:
    """One metric in a row: value, change with its interval and tone, sparkline, and how fresh it is."""

    value: str
    period: str
    change: str
    tone: str
    direction: str
    interval: str
    points: str
    freshness: Freshness
    is_hidden: bool = False


_HIDDEN = Freshness("hidden", "This metric reads personal data, which is for the product's team and for ops.")
_NOBODYS = Shown("", "", "", "", "", "", "", _HIDDEN, is_hidden=True)


def show_metrics(metrics: Iterable[Metric], *, user: Any, now: datetime) -> list[tuple[Metric, Shown]]:
    """Return metrics (read `with_values`) with what is shown of each; constant in queries."""
    metrics = list(metrics)
    store_version = data_version() if metrics else 0
    may_read = may_read_numbers(user, [metric.current for metric in metrics])
    return [
        (metric, _shown(metric, store_version, now) if may_read[metric.current_id] else _NOBODYS) for metric in metrics
    ]


def _shown(metric: Metric, store_version: int, now: datetime) -> Shown:
    version, series = metric.current, getattr(metric.current, "series", None)
    summary = read_summary(series.summary) if series else None
    freshness = freshness_of(series, store_version, now)
    if summary is None:
        return Shown("", "", "", "", "", "", "", freshness)
    change, is_rate = summary.change, version.is_rate
    amount = change.amount if change else None
    return Shown(
        value=say_value(summary.value, is_rate=is_rate, unit="" if is_rate else version.unit),
        period=say_period(summary.starts_on, version.interval),
        change=say_change(change, is_rate=is_rate),
        tone=change.tone(version.direction) if change else "",
        direction="" if not amount else "up" if amount > 0 else "down",
        interval=say_interval(change, is_rate=is_rate),
        points=spark(summary.values),
        freshness=freshness,
    )


def spark(values: Iterable[float | None]) -> str:
    """Return the points of a sparkline without the values that are missing; zero, or the smallest, is its foot."""
    known = [value for value in values if value is not None]
    if len(known) < 2:
        return ""
    foot = min(0.0, *known)
    top = max(known) - foot
    return sparkline_points([100 * (value - foot) / top if top else 0 for value in known])
