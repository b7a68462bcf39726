"""The dashboards room."""

from django.apps import AppConfig


class DashboardsConfig(AppConfig):
    name = "insights.dashboards"
    label = "insights_dashboards"
    verbose_name = "Dashboards"

    def ready(self):
        """Name who may do what."""
        from insights.dashboards import access  # noqa: F401 - the rules are named on import
