"""The night's step of this room: check every alert on the data that the night has read."""

from typing import Any

from insights.alerts.checking import check_alerts
from insights.alerts.models import Alert
from insights.alerts.replaying import forget_dry_runs


def check_all(night: Any) -> None:
    """Check all alerts that are on duty; forget old dry runs."""
    check_alerts(Alert.objects.on_duty().order_by("pk"), night.now, progress=night.progress, problem=night.problem)
    forget_dry_runs(night.now)
