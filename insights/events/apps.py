"""The events room."""

from django.apps import AppConfig


class EventsConfig(AppConfig):
    name = "insights.events"
    label = "insights_events"
    verbose_name = "Events"

    def ready(self) -> None:
        """Register this room's pieces."""
        from insights.events import registered  # noqa: F401 - imported for what it registers
