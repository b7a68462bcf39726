"""The messages room."""

from django.apps import AppConfig


class MessagesConfig(AppConfig):
    name = "portal.messages"
    label = "portal_messages"
    verbose_name = "Messages"

    def ready(self):
        """Hang the room's pieces into the shell."""
        from portal.messages import registered  # noqa: F401 (registers on import)
