"""The outcomes room: what initiatives were expected to do, what they did, and what was learned."""

from django.apps import AppConfig


class OutcomesConfig(AppConfig):
    name = "roadmaps.outcomes"
    label = "roadmaps_outcomes"
    verbose_name = "Outcomes"

    def ready(self) -> None:
        """Hang this room's pieces into the shell."""
        from roadmaps.outcomes import access, registered  # noqa: F401 - both register on import
