"""The releases room: what comes out when, what is in it, and what follows once it is out."""

from django.apps import AppConfig


class ReleasesConfig(AppConfig):
    name = "roadmaps.planning.releases"
    label = "roadmaps_planning_releases"
    verbose_name = "Releases"

    def ready(self) -> None:
        """Hang this room's pieces into the shell."""
        from roadmaps.planning.releases import access, registered  # noqa: F401 - both register on import
