"""The initiatives room: what we would do, for whom, when, and how that plan changed."""

from django.apps import AppConfig


class InitiativesConfig(AppConfig):
    name = "roadmaps.planning.initiatives"
    label = "roadmaps_planning_initiatives"
    verbose_name = "Initiatives"

    def ready(self) -> None:
        """Hang this room's pieces into the shell."""
        from roadmaps.planning.initiatives import access, registered  # noqa: F401 - they register on import
