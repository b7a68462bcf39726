"""Targets, reasons, calls and calendars in the admin, for operators."""

from django.contrib import admin

from insights.voice.listening.models import CalendarFeed, Call, CallList, CallReason, ContactTarget
from portal.audit.public import ReadOnlyAdmin


@admin.register(ContactTarget)
class ContactTargetAdmin(ReadOnlyAdmin):
    """What teams want, to look at; said on their pages."""

    list_display = ["team", "per_person", "per_team", "unheard_days", "updated_at"]
    list_select_related = ["team"]
    list_filter = ["team"]
    search_fields = ["team__name"]


@admin.register(CallReason)
class CallReasonAdmin(ReadOnlyAdmin):
    """Reasons to call, to look at."""

    list_display = ["product", "cohort", "why", "weight", "created_by", "updated_at"]
    list_filter = ["product", "why"]
    list_select_related = ["product", "cohort", "created_by"]
    search_fields = ["cohort__name"]


@admin.register(Call)
class CallAdmin(ReadOnlyAdmin):
    """Calls, to look at; people by their numbers."""

    list_display = ["id", "product", "person_id", "state", "planned_on", "caller", "created_at"]
    list_filter = ["state", "product"]
    list_select_related = ["product", "caller"]
    search_fields = ["id"]
    view_on_site = True


@admin.register(CallList)
class CallListAdmin(ReadOnlyAdmin):
    """When lists of whom to call were made, and out of how many."""

    list_display = ["product", "made_at", "n_looked_at", "n_resting", "n_talked"]
    list_select_related = ["product"]
    list_filter = ["product"]
    search_fields = ["product__name"]


@admin.register(CalendarFeed)
class CalendarFeedAdmin(ReadOnlyAdmin):
    """Who reads calls in a calendar; without what would open it."""

    list_display = ["user", "has_names", "created_at", "last_read_at"]
    list_select_related = ["user"]
    list_filter = ["has_names"]
    search_fields = ["user__name", "user__email"]
    exclude = ["token_hash", "sealed_token"]
