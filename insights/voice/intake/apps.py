"""The intake room: the ways by which feedback comes in besides the form: files, webhooks, mail."""

from django.apps import AppConfig


class IntakeConfig(AppConfig):
    name = "insights.voice.intake"
    label = "insights_voice_intake"
    verbose_name = "Intake of feedback"

    def ready(self) -> None:
        """Hang this room's pieces into the shell."""
        from insights.voice.intake import registered  # noqa: F401 - registers on import
