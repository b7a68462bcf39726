"""The findings room: what the company holds to be true of its customers, and on what it rests."""

from django.apps import AppConfig


class FindingsConfig(AppConfig):
    name = "insights.voice.findings"
    label = "insights_voice_findings"
    verbose_name = "Findings"

    def ready(self) -> None:
        """Hang this room's pieces into the shell."""
        from insights.voice.findings import access, kinds, registered  # noqa: F401 - they register on import
