"""The adoption room: the features of products, and how far they are used."""

from django.apps import AppConfig


class AdoptionConfig(AppConfig):
    name = "insights.adoption"
    label = "insights_adoption"
    verbose_name = "Adoption"

    def ready(self) -> None:
        """Hang this room's pieces into the shell."""
        from insights.adoption import access, demo, registered  # noqa: F401 - all register on import
