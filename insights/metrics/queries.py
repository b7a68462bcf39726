"""Reads of metrics: their stored values, with freshness, change and what was restated."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from insights.events.public import data_version
from insights.metrics.changes import newest_change
from insights.metrics.contracts import Freshness, MetricValues, Point
from insights.metrics.models import Metric, MetricSeries, MetricValue, MetricVersion
from insights.metrics.refreshing import looks_current, may_try_again
from insights.questions.public import reads_personal

_PENDING = "These values are computed for the first time."


def freshness_of(series: MetricSeries | None, store_version: int, now: datetime) -> Freshness:
    """Return how old stored values are; those not known to be current are stale until somebody has looked closely."""
    if series is None:
        return Freshness("pending", _PENDING)
    ages = {"computed_at": series.computed_at, "data_until": series.data_until}
    if series.state == MetricSeries.State.FAILED and not may_try_again(series, now):
        return Freshness("failed", series.failure, **ages)
    if looks_current(series, store_version, now):
        return Freshness("fresh", **ages)
    if series.computed_at is None:
        return Freshness("pending", _PENDING)
    return Freshness("stale", "Newer values are being computed.", **ages)


def read_values(
    versions: Iterable[MetricVersion], *, now: datetime, since: date | None = None, until: date | None = None
) -> dict[int, MetricValues]:
    """Return the stored values of versions (with `metric` and `series` read), by version id; two queries for all.

    `since` and `until` keep the periods that begin on these days or between them; the change is the newest whole
    period's whatever the range.
    """
    versions = list(versions)
    ids = [version.pk for version in versions]
    rows: dict[int, list[MetricValue]] = {}
    for row in MetricValue.objects.filter(version__in=ids).order_by("starts_on"):
        rows.setdefault(row.version_id, []).append(row)
    newest = data_version() if versions else 0
    return {version.pk: _values(version, rows.get(version.pk, []), newest, now, since, until) for version in versions}


def _values(
    version: MetricVersion, rows: list[MetricValue], newest: int, now: datetime, since: date | None, until: date | None
) -> MetricValues:
    definition, series = version.definition, getattr(version, "series", None)
    points = [_point(row) for row in rows]
    shown = [one for one in points if (not since or one.starts_on >= since) and (not until or one.starts_on <= until)]
    return MetricValues(
        metric_id=version.metric_id,
        version_id=version.pk,
        number=version.number,
        name=version.metric.name,
        unit=version.unit,
        direction=version.direction,
        interval=definition.interval,
        is_rate=definition.is_rate,
        measure=definition.measure,
        timezone=str(version.question.get("timezone") or "UTC"),
        points=tuple(shown),
        change=newest_change(points, interval=definition.interval, measure=definition.measure),
        freshness=freshness_of(series, newest, now),
        facts=dict(series.facts) if series else {},
    )


def _point(row: MetricValue) -> Point:
    counts = (row.n_success, row.n_total)
    restated = (row.restated_at is not None, row.first_value, row.restated_at, row.restated_why)
    return Point(row.starts_on, row.value, *counts, row.is_partial, *restated)


def may_read_numbers(user: Any, versions: Iterable[MetricVersion]) -> dict[int, bool]:
    """Say of each version whether this user may read its numbers: not those made of personal data of other teams."""
    versions = list(versions)
    personal = reads_personal([version.question for version in versions], user)
    return {version.pk: not is_personal for version, is_personal in zip(versions, personal, strict=True)}


def hidden_metrics(user: Any, metrics: Iterable[Metric]) -> set[int]:
    """Return the ids of those metrics (with `current` read) whose numbers a user may not read; none for no user."""
    known = {metric.pk: metric for metric in metrics}
    if user is None or not known:
        return set()
    seen = set(Metric.objects.visible_to(user).filter(pk__in=known).values_list("pk", flat=True))
    readable = may_read_numbers(user, [metric.current for metric in known.values()])
    return {pk for pk, metric in known.items() if pk not in seen or not readable[metric.current_id]}
