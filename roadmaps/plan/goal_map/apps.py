"""The goal map room: from the vision to metrics as a tree, and what hangs on nothing."""

from django.apps import AppConfig


class GoalMapConfig(AppConfig):
    name = "roadmaps.plan.goal_map"
    label = "roadmaps_plan_goal_map"
    verbose_name = "Goal map"

    def ready(self) -> None:
        """Hang this room's pieces into the shell."""
        from roadmaps.plan.goal_map import registered  # noqa: F401 - it registers on import
