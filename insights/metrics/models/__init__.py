"""Tables of metrics: the metric, the versions of its definition, and the values stored for each version."""

from insights.metrics.models.metric import Metric, MetricPart, MetricStar
from insights.metrics.models.values import MetricSeries, MetricValue, Restatement
from insights.metrics.models.version import MetricVersion

__all__ = ["Metric", "MetricPart", "MetricSeries", "MetricStar", "MetricValue", "MetricVersion", "Restatement"]
