"""Where key results stand now: a metric's newest whole period or the newest typed value."""

from collections.abc import Iterable
from itertools import dropwhile
from typing import Any

from insights.metrics.public import MetricValues, last_day, newest_value
from insights.metrics.public import hidden_metrics as metrics_hidden_from
from roadmaps.goals.contracts import Measured, Standing, is_reached, progress_of
from roadmaps.goals.models import KeyResult

_HIDDEN = Standing(is_hidden=True)


def standings(key_results: Iterable[KeyResult], user: Any = None) -> list[tuple[KeyResult, Standing]]:
    """Return key results (read `of_rows`) with where each stands; constant in queries.

    For a user, numbers of metrics that are not shared with them are hidden; for none, nothing is.
    """
    key_results = list(key_results)
    hidden = hidden_metrics(key_results, user)
    return [(one, _HIDDEN if one.metric_id in hidden else stand(one)) for one in key_results]


def hidden_metrics(key_results: Iterable[KeyResult], user: Any) -> set[int]:
    """Return the ids of the key results' metrics that a user may not read."""
    return metrics_hidden_from(user, (one.metric for one in key_results if one.metric_id))


def stand(key_result: KeyResult) -> Standing:
    """Return where a key result stands; a closed objective's stands where it stood then."""
    value, on, as_of = _value_of(key_result)
    if key_result.final_value is not None:
        value = key_result.final_value
    aim, target = key_result.aim, key_result.target
    progress = progress_of(value, key_result.baseline, target, aim)
    return Standing(value, on, as_of, progress, is_reached(value, target, aim))


def _value_of(key_result: KeyResult) -> tuple[Any, Any, Any]:
    if key_result.metric_id:
        newest = newest_value(key_result.metric.current)
        return (newest.value, newest.ends_on, newest.computed_at) if newest else (None, None, None)
    typed = key_result.last_value
    return (typed.value, typed.on, typed.created_at) if typed else (None, None, None)


def measured_points(values: MetricValues) -> list[Measured]:
    """Return a metric's whole periods that have a value, oldest first, by their last days.

    It begins with the first that is not 0: what lies before is a time before there were data, not a past of the number.
    """
    found = [
        Measured(last_day(point.starts_on, values.interval), point.value)
        for point in values.points
        if not point.is_partial and point.value is not None
    ]
    return list(dropwhile(lambda one: one.value == 0, found))
