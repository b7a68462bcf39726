"""The night's step of this room: bring every live metric's values up to date."""

from typing import Any

from django.db.models import Q

from insights.metrics.models import MetricVersion
from insights.metrics.refreshing import refresh_versions


def refresh_metrics(night: Any) -> None:
    """Compute the values of versions in force, and of proposed ones, whose data or range changed."""
    versions = MetricVersion.objects.select_related("metric").filter(
        Q(state=MetricVersion.State.CURRENT) | Q(state=MetricVersion.State.PROPOSED), metric__archived_at=None
    )
    refresh_versions(versions.order_by("metric_id", "pk"), night.now, progress=night.progress, problem=night.problem)
