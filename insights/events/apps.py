"""The events room."""

from django.apps import AppConfig


class EventsConfig(AppConfig):
    name = "insights.events"
    label = "insights_events"
    verbose_name = "Events"
