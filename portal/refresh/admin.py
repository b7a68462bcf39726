"""Refreshes in the admin, for reading."""

from django.contrib import admin

from portal.audit.public import ReadOnly, ReadOnlyAdmin
from portal.refresh.models import Refresh, RefreshStep


class RefreshStepInline(ReadOnly, admin.TabularInline):
    """The steps of a refresh."""

    model = RefreshStep
    fields = ["position", "label", "state", "started_at", "finished_at", "rows_in", "rows_out", "error"]


@admin.register(Refresh)
class RefreshAdmin(ReadOnlyAdmin):
    """Refreshes, newest first."""

    list_display = ["key", "trigger", "state", "started_at", "finished_at", "started_by"]
    list_filter = ["state", "trigger"]
    list_select_related = ["started_by"]
    search_fields = ["key"]
    date_hierarchy = "created_at"
    inlines = [RefreshStepInline]
