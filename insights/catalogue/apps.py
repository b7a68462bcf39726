"""The catalogue room."""

from django.apps import AppConfig


class CatalogueConfig(AppConfig):
    name = "insights.catalogue"
    label = "insights_catalogue"
    verbose_name = "Catalogue"

    def ready(self) -> None:
        """Hang this room's pieces into the shell."""
        from insights.catalogue import registered  # noqa: F401  imported for what it registers
