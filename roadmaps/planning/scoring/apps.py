"""The scoring room: models to score initiatives by, what was said of each, blind rounds."""

from django.apps import AppConfig


class ScoringConfig(AppConfig):
    name = "roadmaps.planning.scoring"
    label = "roadmaps_planning_scoring"
    verbose_name = "Scoring"

    def ready(self) -> None:
        """Hang this room's pieces into the shell."""
        from roadmaps.planning.scoring import access, measuring, registered  # noqa: F401 - all register on import
