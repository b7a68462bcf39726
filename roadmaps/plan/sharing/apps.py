"""The sharing room of the plan."""

from django.apps import AppConfig


class SharingConfig(AppConfig):
    name = "roadmaps.plan.sharing"
    label = "roadmaps_plan_sharing"
    verbose_name = "Links to the roadmap"

    def ready(self) -> None:
        """Hang this room's pieces into the shell, and name who may do what."""
        from roadmaps.plan.sharing import access, registered  # noqa: F401 - both do their work on import
