"""The priorities room: initiatives in the order of their scores, how sure it is, and what would change it."""

from django.apps import AppConfig


class PrioritiesConfig(AppConfig):
    name = "roadmaps.planning.priorities"
    label = "roadmaps_planning_priorities"
    verbose_name = "Priorities"

    def ready(self) -> None:
        """Hang this room's pieces into the shell."""
        from roadmaps.planning.priorities import registered  # noqa: F401 - registers on import
