"""Refreshes in the admin, for reading."""

from django.contrib import admin

from portal.refresh.models import Refresh, RefreshStep


class ReadOnly:
    """Rows that the portal writes itself."""

    def has_add_permission(self, request, obj=None):
        """Refreshes are started on their page."""
        return False

    def has_change_permission(self, request, obj=None):
        """History is not edited."""
        return False

    def has_delete_permission(self, request, obj=None):
        """History is not removed."""
        return False


class RefreshStepInline(ReadOnly, admin.TabularInline):
    """The steps of a refresh."""

    model = RefreshStep
    fields = ["position", "label", "state", "started_at", "finished_at", "rows_in", "rows_out", "error"]


@admin.register(Refresh)
class RefreshAdmin(ReadOnly, admin.ModelAdmin):
    """Refreshes, newest first."""

    list_display = ["key", "trigger", "state", "started_at", "finished_at", "started_by"]
    list_filter = ["state", "trigger"]
    list_select_related = ["started_by"]
    search_fields = ["key"]
    date_hierarchy = "created_at"
    inlines = [RefreshStepInline]
