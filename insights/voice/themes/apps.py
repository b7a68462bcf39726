"""The themes room: what feedback is about, and who stands behind it."""

from django.apps import AppConfig


class ThemesConfig(AppConfig):
    name = "insights.voice.themes"
    label = "insights_voice_themes"
    verbose_name = "Themes"

    def ready(self) -> None:
        """Hang this room's pieces into the shell."""
        from insights.voice.themes import access, registered  # noqa: F401 - both register on import
