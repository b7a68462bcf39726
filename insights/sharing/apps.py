"""The sharing room."""

from django.apps import AppConfig


class SharingConfig(AppConfig):
    name = "insights.sharing"
    label = "insights_sharing"
    verbose_name = "Packs and public links"

    def ready(self):
        """Hang this room's pieces into the shell, and name who may do what."""
        from insights.sharing import access, registered  # noqa: F401 - both do their work on import
