"""The highlights room: quoted parts of what somebody said."""

from django.apps import AppConfig


class HighlightsConfig(AppConfig):
    name = "insights.voice.highlights"
    label = "insights_voice_highlights"
    verbose_name = "Highlights"

    def ready(self) -> None:
        """Hang this room's pieces into the shell and into texts."""
        from insights.voice.highlights import access, registered  # noqa: F401 - both register on import
