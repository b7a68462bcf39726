"""The imports room: files that become things of other rooms, tried first and undone as a whole."""

from django.apps import AppConfig


class ImportsConfig(AppConfig):
    name = "insights.imports"
    label = "insights_imports"
    verbose_name = "Imports"

    def ready(self) -> None:
        """Hang this room's pieces into the shell."""
        from insights.imports import registered  # noqa: F401 - registers on import
