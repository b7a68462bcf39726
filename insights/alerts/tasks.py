"""Tasks of alerts; each is a thin door."""

from celery import shared_task
from django.utils import timezone

from insights.alerts import checking, replaying
from insights.alerts.models import Alert


@shared_task(name="alerts.check_alert")
def check_alert(alert_id: int) -> None:
    """Check one alert."""
    checking.check_alert(alert_id)


@shared_task(name="alerts.check_hourly", soft_time_limit=2940, time_limit=3000)
def check_hourly() -> None:
    """Check the alerts that are checked every hour."""
    checking.check_alerts(Alert.objects.on_duty().filter(is_hourly=True).order_by("pk"), timezone.now())


@shared_task(name="alerts.wake_snoozed")
def wake_snoozed() -> None:
    """Open snoozed incidents whose time is over."""
    checking.wake_snoozed(timezone.now())


@shared_task(name="alerts.run_dry")
def run_dry(run_id: int) -> None:
    """Work out one dry run."""
    replaying.run_dry(run_id)
