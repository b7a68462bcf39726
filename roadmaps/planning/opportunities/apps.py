"""The opportunities room: problems worth solving, who has them, and what says so."""

from django.apps import AppConfig


class OpportunitiesConfig(AppConfig):
    name = "roadmaps.planning.opportunities"
    label = "roadmaps_planning_opportunities"
    verbose_name = "Opportunities"

    def ready(self) -> None:
        """Hang this room's pieces into the shell."""
        from roadmaps.planning.opportunities import access, kinds, registered  # noqa: F401 - they register on import
