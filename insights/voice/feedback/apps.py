"""The feedback room: one piece of what somebody said, wherever it came in."""

from django.apps import AppConfig


class FeedbackConfig(AppConfig):
    name = "insights.voice.feedback"
    label = "insights_voice_feedback"
    verbose_name = "Feedback"

    def ready(self) -> None:
        """Hang this room's pieces into the shell."""
        from insights.voice.feedback import access, registered  # noqa: F401 - both register on import
