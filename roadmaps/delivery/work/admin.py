"""Work in the admin, for operators."""

from django.contrib import admin

from portal.audit.public import AuditedAdmin, ReadOnlyAdmin
from roadmaps.delivery.work.actions import delete_tracker
from roadmaps.delivery.work.models import Connection, PlacingRule, StatusChange, Tracker, TrackerStatus, WorkItem


@admin.register(Tracker)
class TrackerAdmin(AuditedAdmin):
    """Trackers; they are made and changed on their pages, where the rules are checked."""

    view_on_site = True
    list_display = ["name", "product", "kind", "team", "owner", "visibility", "updated_at"]
    list_filter = ["kind", "product", "team", "visibility"]
    list_select_related = ["product", "team", "owner"]
    search_fields = ["name", "product__name"]
    fields = ["name", "product", "team", "kind", "counts_from_opening", "owner", "visibility", "version"]
    readonly_fields = fields

    def has_add_permission(self, request) -> bool:
        """They are made on their page."""
        return False

    def delete_model(self, request, obj) -> None:
        """Delete by the action, with its items."""
        delete_tracker(obj, actor=request.user)


@admin.register(TrackerStatus)
class TrackerStatusAdmin(ReadOnlyAdmin):
    """Statuses, to look at."""

    list_display = ["name", "tracker", "category", "phase", "is_guessed"]
    list_filter = ["phase", "is_guessed", "tracker"]
    list_select_related = ["tracker"]
    search_fields = ["name"]


@admin.register(WorkItem)
class WorkItemAdmin(ReadOnlyAdmin):
    """Items, to look at."""

    list_display = ["key", "title", "tracker", "kind", "status", "phase", "started_at", "finished_at", "initiative"]
    list_filter = ["phase", "tracker", "placed_by"]
    list_select_related = ["tracker", "initiative"]
    search_fields = ["key", "title"]
    show_full_result_count = False


@admin.register(StatusChange)
class StatusChangeAdmin(ReadOnlyAdmin):
    """Changes of status, to look at."""

    list_display = ["id", "item", "at", "from_status", "to_status", "was_seen"]
    list_filter = ["was_seen", "item__tracker"]
    list_select_related = ["item"]
    search_fields = ["item__key"]
    show_full_result_count = False


@admin.register(PlacingRule)
class PlacingRuleAdmin(ReadOnlyAdmin):
    """Rules, to look at."""

    list_display = ["id", "tracker", "field", "value", "initiative"]
    list_filter = ["field", "tracker"]
    list_select_related = ["tracker", "initiative"]
    search_fields = ["value"]


@admin.register(Connection)
class ConnectionAdmin(ReadOnlyAdmin):
    """Connections, to look at; never their tokens."""

    list_display = ["id", "tracker", "kind", "address", "project", "state", "is_paused", "read_at", "not_before"]
    list_filter = ["kind", "state", "is_paused"]
    list_select_related = ["tracker"]
    search_fields = ["address", "project", "tracker__name"]
    exclude = ["token", "account"]
