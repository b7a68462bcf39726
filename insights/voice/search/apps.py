"""The search room: everything that customers said, found again across the rooms that hold it."""

from django.apps import AppConfig


class SearchConfig(AppConfig):
    name = "insights.voice.search"
    label = "insights_voice_search"
    verbose_name = "Search of the voice"

    def ready(self) -> None:
        """Hang this room's pieces into the shell."""
        from insights.voice.search import registered  # noqa: F401 - registers on import
