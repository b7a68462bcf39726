"""What rooms to the right may use of forecasts."""

from roadmaps.delivery.forecasts.contracts import Dates
from roadmaps.delivery.forecasts.queries import newest_forecasts, newest_of_releases, past_forecasts

__all__ = ["Dates", "newest_forecasts", "newest_of_releases", "past_forecasts"]
