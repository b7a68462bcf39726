"""What other rooms may use of metrics.

`get_metric(user, id)` is the door. `values_of(user, metric)` gives the stored values with freshness, partial flags and
restatements, without asking the event store; `watch_values` has the worker bring old ones up to date. Who uses a metric
registers a `UsedBy` (of the shell) that knows `Metric`; who aims at one registers a `TargetProvider`. The link is
`metric.get_absolute_url()`.
"""

from datetime import date, datetime
from typing import Any

from insights.metrics.access import get_metric, get_version
from insights.metrics.changes import change_between, newest_change
from insights.metrics.charts import build_metric_view, metric_answer
from insights.metrics.contracts import (
    Change,
    Definition,
    Freshness,
    MetricValues,
    Point,
    Target,
    TargetProvider,
)
from insights.metrics.definitions import last_day
from insights.metrics.models import Metric, MetricVersion
from insights.metrics.queries import hidden_metrics, may_read_numbers, read_values
from insights.metrics.refreshing import (
    bring_up_to_date,
    compute_history,
    refresh_versions,
    request_values,
    watch_values,
)
from insights.metrics.summaries import Newest, newest_value
from insights.metrics.uses import list_uses
from insights.metrics.words import say_roughly, say_signed, say_value
from portal.shell.public import NotAllowed

__all__ = [
    "Change",
    "Definition",
    "Freshness",
    "Metric",
    "MetricValues",
    "MetricVersion",
    "Newest",
    "Point",
    "Target",
    "TargetProvider",
    "bring_up_to_date",
    "build_metric_view",
    "change_between",
    "compute_history",
    "get_metric",
    "get_version",
    "hidden_metrics",
    "last_day",
    "list_uses",
    "may_read_numbers",
    "metric_answer",
    "newest_change",
    "newest_value",
    "read_values",
    "refresh_versions",
    "request_values",
    "say_roughly",
    "say_signed",
    "say_value",
    "values_of",
    "watch_values",
]


def values_of(
    user: Any, metric: Metric, *, now: datetime, since: date | None = None, until: date | None = None
) -> MetricValues:
    """Return the stored values of a metric's current version, of the periods that begin between two days.

    Raises: NotAllowed where they are made of personal data that is not for this user.
    """
    version = metric.current
    if not may_read_numbers(user, [version])[version.pk]:
        raise NotAllowed("This metric reads personal data, which is for the product's team and for ops.")
    return read_values([version], now=now, since=since, until=until)[version.pk]
