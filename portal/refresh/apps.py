"""The refresh room: the nightly refresh, its steps, its lease and its pages."""

from django.apps import AppConfig


class RefreshConfig(AppConfig):
    name = "portal.refresh"
    label = "portal_refresh"
    verbose_name = "Refreshes"

    def ready(self) -> None:
        """Register this room's pieces."""
        from portal.refresh import registered  # noqa: F401 - imported for what it registers
