"""The cohorts room."""

from django.apps import AppConfig


class CohortsConfig(AppConfig):
    name = "insights.cohorts"
    label = "insights_cohorts"
    verbose_name = "Cohorts"

    def ready(self) -> None:
        """Hang this room's pieces into the shell, and offer cohorts to questions."""
        from insights.cohorts import access, registered  # noqa: F401 - both register on import
