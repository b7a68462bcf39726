"""The dashboards room."""

from django.apps import AppConfig


class DashboardsConfig(AppConfig):
    name = "insights.dashboards"
    label = "insights_dashboards"
    verbose_name = "Dashboards"
