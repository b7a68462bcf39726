"""The pulses room: whether the functions around a product mean the same goals."""

from django.apps import AppConfig


class PulsesConfig(AppConfig):
    name = "roadmaps.pulses"
    label = "roadmaps_pulses"
    verbose_name = "Alignment pulses"

    def ready(self) -> None:
        """Hang this room's pieces into the shell."""
        from roadmaps.pulses import access, registered  # noqa: F401 - both register on import
