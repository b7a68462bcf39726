"""The goals room: vision and strategy, objectives and key results on the portal's own numbers."""

from django.apps import AppConfig


class GoalsConfig(AppConfig):
    name = "roadmaps.goals"
    label = "roadmaps_goals"
    verbose_name = "Goals"

    def ready(self) -> None:
        """Hang this room's pieces into the shell."""
        from roadmaps.goals import access, registered  # noqa: F401 - both register on import
