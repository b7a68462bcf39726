"""The retention room: how long what customers said is kept, by product and channel, and what happens then."""

from django.apps import AppConfig


class RetentionConfig(AppConfig):
    name = "insights.voice.retention"
    label = "insights_voice_retention"
    verbose_name = "Retention"

    def ready(self) -> None:
        """Hang this room's pieces into the shell."""
        from insights.voice.retention import registered  # noqa: F401 - registers on import
