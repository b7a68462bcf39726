"""The messages room."""

from django.apps import AppConfig


class MessagesConfig(AppConfig):
    name = "portal.messages"
    label = "portal_messages"
    verbose_name = "Messages"
