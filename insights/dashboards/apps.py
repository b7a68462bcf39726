"""The dashboards room."""

from django.apps import AppConfig


class DashboardsConfig(AppConfig):
    name = "insights.dashboards"
    label = "insights_dashboards"
    verbose_name = "Dashboards"

    def ready(self):
        """Hang this room's pieces into the shell, and name who may do what."""
        from insights.dashboards import access, registered  # noqa: F401 - both do their work on import
