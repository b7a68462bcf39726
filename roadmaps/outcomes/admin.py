"""Outcomes in the admin, for operators: to look at; they are written on their pages, where the rules are checked."""

from django.contrib import admin

from portal.audit.public import ReadOnlyAdmin
from roadmaps.outcomes.models import Bet, Measurement, MonthCost, OutcomeReview


@admin.register(Bet)
class BetAdmin(ReadOnlyAdmin):
    """Bets, to look at."""

    list_display = ["id", "initiative", "metric", "aim", "low", "high", "days", "confidence", "verdict", "locked_at"]
    list_filter = ["verdict", "days", "is_late", ("locked_at", admin.EmptyFieldListFilter), "initiative__team"]
    list_select_related = ["initiative", "metric"]
    search_fields = ["initiative__title", "metric__name", "why"]


@admin.register(Measurement)
class MeasurementAdmin(ReadOnlyAdmin):
    """What was measured, to look at."""

    list_display = ["id", "bet", "days", "method", "value", "low", "high", "why_none", "measured_at"]
    list_filter = ["days", "method"]
    list_select_related = ["bet__initiative", "bet__metric"]
    search_fields = ["bet__initiative__title", "bet__metric__name"]


@admin.register(OutcomeReview)
class OutcomeReviewAdmin(ReadOnlyAdmin):
    """Outcome reviews, to look at."""

    list_display = ["id", "initiative", "decision", "asked_at", "reviewed_by", "reviewed_at"]
    list_filter = ["decision", "initiative__team"]
    list_select_related = ["initiative", "reviewed_by"]
    search_fields = ["initiative__title", "learned"]


@admin.register(MonthCost)
class MonthCostAdmin(ReadOnlyAdmin):
    """What a person-month costs, to look at."""

    list_display = ["id", "amount", "currency", "updated_at"]
    list_filter = ["currency"]
    search_fields = ["currency"]
