"""The sources room."""

from django.apps import AppConfig


class SourcesConfig(AppConfig):
    name = "insights.sources"
    label = "insights_sources"
    verbose_name = "Sources"
