"""Forecasts of key results, made anew of stored values: at night, and when one is set or changed."""

from collections.abc import Iterable
from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Any

from insights.metrics.public import MetricValues, read_values
from roadmaps.goals.contracts import Outlook, PastMoves
from roadmaps.goals.forecasting import forecast, past_moves, periods_between
from roadmaps.goals.models import Cycle, KeyResult
from roadmaps.goals.reading import measured_points

_TYPED = "Typed numbers are not forecast: they come when somebody types them, not period by period."
_BATCH = 50


def renew_outlooks(key_results: Iterable[KeyResult], now: datetime) -> int:
    """Make the forecasts of some key results anew; return how many there were. Run again, it makes the same."""
    key_results = list(key_results)
    bound = {one.metric.current_id: one.metric.current for one in key_results if one.metric_id}
    values = read_values(bound.values(), now=now)
    for one in key_results:
        one.outlook = asdict(make_outlook(one, values.get(one.metric.current_id) if one.metric_id else None))
        one.outlook_at = now
    KeyResult.objects.bulk_update(key_results, ["outlook", "outlook_at"], batch_size=_BATCH)
    return len(key_results)


def make_outlook(key_result: KeyResult, values: MetricValues | None) -> Outlook:
    """Return the forecast of a key result from its metric's stored values; none for a typed one."""
    if values is None:
        return Outlook(why_none=_TYPED)
    return forecast(
        measured_points(values),
        interval=values.interval,
        ends_on=key_result.objective.cycle.ends_on,
        target=key_result.target,
        aim=key_result.aim,
        is_rate=values.is_rate,
    )


def usual_moves(values: MetricValues, cycle: Cycle, *, baseline: float, target: float) -> PastMoves:
    """Return how often a metric moved from baseline to target, or as far, in the length of a cycle."""
    interval = values.interval
    n_periods = max(1, periods_between(cycle.starts_on - timedelta(days=1), cycle.ends_on, interval))
    points = measured_points(values)
    return past_moves(
        points, interval=interval, baseline=baseline, target=target, n_periods=n_periods, is_rate=values.is_rate
    )


def renew_at_night(night: Any) -> None:
    """The night's step: forecasts of all key results that are worked on, in batches."""
    open_ones = list(KeyResult.objects.open().of_rows().order_by("pk"))
    for start in range(0, len(open_ones), _BATCH):
        renew_outlooks(open_ones[start : start + _BATCH], night.now)
        night.progress(min(start + _BATCH, len(open_ones)), len(open_ones), "key results")
