"""The room of forecasts: when work will be done, and how good such forecasts have been."""

from django.apps import AppConfig


class ForecastsConfig(AppConfig):
    name = "roadmaps.delivery.forecasts"
    label = "roadmaps_delivery_forecasts"
    verbose_name = "Forecasts"

    def ready(self) -> None:
        """Hang this room's pieces into the shell."""
        from roadmaps.delivery.forecasts import access, registered  # noqa: F401 - both register on import
