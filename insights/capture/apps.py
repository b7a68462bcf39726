"""The capture room."""

from django.apps import AppConfig


class CaptureConfig(AppConfig):
    name = "insights.capture"
    label = "insights_capture"
    verbose_name = "Capture"

    def ready(self) -> None:
        """Hang this room's pieces into the shell."""
        from insights.capture import registered  # noqa: F401  imported for what it registers
