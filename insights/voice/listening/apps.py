"""The listening room: when the company last talked with its customers, and with whom to talk next."""

from django.apps import AppConfig


class ListeningConfig(AppConfig):
    name = "insights.voice.listening"
    label = "insights_voice_listening"
    verbose_name = "Listening"

    def ready(self) -> None:
        """Hang this room's pieces into the shell."""
        from insights.voice.listening import access, registered  # noqa: F401 - both register on import
