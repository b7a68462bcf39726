"""The scenarios room: what if the order, the capacity or the scope were another, compared and committed."""

from django.apps import AppConfig


class ScenariosConfig(AppConfig):
    name = "roadmaps.plan.scenarios"
    label = "roadmaps_plan_scenarios"
    verbose_name = "Scenarios"

    def ready(self) -> None:
        """Hang this room's pieces into the shell."""
        from roadmaps.plan.scenarios import access, registered  # noqa: F401 - both register on import
