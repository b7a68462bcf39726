"""Statuses and who was told of them in the admin, to look at."""

from django.contrib import admin

from insights.voice.closing.models import StatusChange, Telling
from portal.audit.public import ReadOnlyAdmin


@admin.register(StatusChange)
class StatusChangeAdmin(ReadOnlyAdmin):
    """Statuses; set on the page of what was asked for, where who asked is seen."""

    list_display = ["title", "kind", "product", "status", "is_current", "is_told", "made_by", "made_at"]
    list_filter = ["status", "is_current", "is_told", "kind", "product"]
    list_select_related = ["product", "made_by"]
    search_fields = ["title", "said"]


@admin.register(Telling)
class TellingAdmin(ReadOnlyAdmin):
    """Who is to be told, and who was; their words are on their pages, for the team and ops."""

    list_display = ["id", "change", "state", "way", "left_out", "told_by", "told_at"]
    list_filter = ["state", "way", "left_out", "change__product"]
    list_select_related = ["change", "told_by"]
    search_fields = ["change__title"]
    exclude = ["subject", "text"]
