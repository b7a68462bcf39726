"""The triage room: new feedback decided about, one piece at a time, by keyboard."""

from django.apps import AppConfig


class TriageConfig(AppConfig):
    name = "insights.voice.triage"
    label = "insights_voice_triage"
    verbose_name = "Triage"

    def ready(self) -> None:
        """Hang this room's pieces into the shell."""
        from insights.voice.triage import registered  # noqa: F401 - registers on import
