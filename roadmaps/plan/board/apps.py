"""The board room: the roadmap in all its views, its past, its promises, and how each initiative does."""

from django.apps import AppConfig


class BoardConfig(AppConfig):
    name = "roadmaps.plan.board"
    label = "roadmaps_plan_board"
    verbose_name = "Roadmap"

    def ready(self) -> None:
        """Hang this room's pieces into the shell."""
        from roadmaps.plan.board import access, registered  # noqa: F401 - both register on import
