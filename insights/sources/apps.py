"""The sources room."""

from django.apps import AppConfig


class SourcesConfig(AppConfig):
    name = "insights.sources"
    label = "insights_sources"
    verbose_name = "Sources"

    def ready(self):
        """Hang the room's pieces into the shell."""
        from insights.sources import registered  # noqa: F401 - its import registers
