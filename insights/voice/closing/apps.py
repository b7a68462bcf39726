"""The closing room: who asked for something hears what became of it."""

from django.apps import AppConfig


class ClosingConfig(AppConfig):
    name = "insights.voice.closing"
    label = "insights_voice_closing"
    verbose_name = "Closing the loop"

    def ready(self) -> None:
        """Hang this room's pieces into the shell."""
        from insights.voice.closing import access, kinds, registered  # noqa: F401 - they register on import
