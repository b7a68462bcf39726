"""The room of work: what trackers say of the items that teams work on, and how these flow."""

from django.apps import AppConfig


class WorkConfig(AppConfig):
    name = "roadmaps.delivery.work"
    label = "roadmaps_delivery_work"
    verbose_name = "Work"

    def ready(self) -> None:
        """Hang this room's pieces into the shell."""
        from roadmaps.delivery.work import access, registered  # noqa: F401 - both register on import
