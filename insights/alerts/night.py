"""The night's step of this room: check every alert on the data that the night has read."""

from datetime import timedelta
from typing import Any

from insights.alerts.checking import check_alerts
from insights.alerts.models import Alert, Reading
from insights.alerts.replaying import forget_dry_runs

_KEEP_READINGS = timedelta(days=400)


def check_all(night: Any) -> None:
    """Check all alerts that are on duty; forget old dry runs and what checks saw long ago."""
    check_alerts(Alert.objects.on_duty().order_by("pk"), night.now, progress=night.progress, problem=night.problem)
    forget_dry_runs(night.now)
    Reading.objects.filter(checked_at__lt=night.now - _KEEP_READINGS).delete()
