"""The people room."""

from django.apps import AppConfig


class PeopleConfig(AppConfig):
    name = "portal.people"
    label = "portal_people"
    verbose_name = "People"

    def ready(self):
        """Hang the room's pieces into the shell."""
        from portal.people import registered, schema  # noqa: F401 (register on import)
