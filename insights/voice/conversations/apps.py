"""The conversations room: interviews and calls with customers, what was said in them, and what comes next."""

from django.apps import AppConfig


class ConversationsConfig(AppConfig):
    name = "insights.voice.conversations"
    label = "insights_voice_conversations"
    verbose_name = "Conversations"

    def ready(self) -> None:
        """Hang this room's pieces into the shell."""
        from insights.voice.conversations import access, registered  # noqa: F401 - both register on import
