"""The people room."""

from django.apps import AppConfig


class PeopleConfig(AppConfig):
    name = "portal.people"
    label = "portal_people"
    verbose_name = "People"
