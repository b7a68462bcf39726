"""The prototypes room: what was tried before it was built, with whom, and what came of it."""

from django.apps import AppConfig


class PrototypesConfig(AppConfig):
    name = "roadmaps.planning.prototypes"
    label = "roadmaps_planning_prototypes"
    verbose_name = "Prototypes"

    def ready(self) -> None:
        """Hang this room's pieces into the shell."""
        from roadmaps.planning.prototypes import access, registered  # noqa: F401 - both register on import
