"""The metrics room: numbers with a name, an owner and a history of their definition."""

from django.apps import AppConfig


class MetricsConfig(AppConfig):
    name = "insights.metrics"
    label = "insights_metrics"
    verbose_name = "Metrics"

    def ready(self) -> None:
        """Hang this room's pieces into the shell."""
        from insights.metrics import access, registered  # noqa: F401 - both register on import
