"""The demand room: whether those who ask also use it, how few ask how much, and what all customers would say."""

from django.apps import AppConfig


class DemandConfig(AppConfig):
    name = "insights.voice.demand"
    label = "insights_voice_demand"
    verbose_name = "Say and do"

    def ready(self) -> None:
        """Hang this room's pieces into the shell."""
        from insights.voice.demand import access, registered  # noqa: F401 - both register on import
