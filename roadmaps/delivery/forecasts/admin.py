"""Forecasts in the admin, to look at: what was said is never changed."""

from django.contrib import admin

from portal.audit.public import ReadOnlyAdmin
from roadmaps.delivery.forecasts.models import Backtest, Forecast


@admin.register(Forecast)
class ForecastAdmin(ReadOnlyAdmin):
    """Forecasts."""

    list_display = ["id", "initiative", "release", "made_on", "basis", "n_left", "p50", "p85", "p95", "finished_on"]
    list_filter = ["is_newest", "basis", "product"]
    list_select_related = ["initiative", "release"]
    search_fields = ["initiative__title", "release__name"]
    show_full_result_count = False


@admin.register(Backtest)
class BacktestAdmin(ReadOnlyAdmin):
    """Backtests."""

    list_display = ["id", "product", "made_on", "n_items", "n_weeks", "n_forecasts", "n_by_p50", "n_by_p85", "n_by_p95"]
    list_filter = ["product"]
    list_select_related = ["product"]
    search_fields = ["product__name"]
