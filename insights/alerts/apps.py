"""The alerts room."""

from django.apps import AppConfig


class AlertsConfig(AppConfig):
    name = "insights.alerts"
    label = "insights_alerts"
    verbose_name = "Alerts"

    def ready(self):
        """Hang this room's pieces into the shell, and name who may do what."""
        from insights.alerts import access, registered  # noqa: F401 - both do their work on import
