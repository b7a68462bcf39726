"""The explore room: questions built on a page, charts, and saved insights."""

from django.apps import AppConfig


class ExploreConfig(AppConfig):
    name = "insights.explore"
    label = "insights_explore"
    verbose_name = "Explore"

    def ready(self) -> None:
        """Hang this room's pieces into the shell."""
        from insights.explore import access, registered  # noqa: F401 - both register on import
