"""Alerts in the admin, for operators; conditions are changed on the alert's own page, where they can be tried."""

from django.contrib import admin

from insights.alerts import actions
from insights.alerts.models import Alert, DayOff, DryRun, Incident, Reading, SourceDoubt
from portal.audit.public import AuditedAdmin, ReadOnlyAdmin


@admin.register(Alert)
class AlertAdmin(AuditedAdmin):
    """Alerts of all teams."""

    list_display = ["name", "subject_title", "product", "team", "owner", "is_hourly", "checked_at", "failure"]
    list_filter = [
        "product", "team", "is_hourly", ("failing_since", admin.EmptyFieldListFilter),
        ("paused_at", admin.EmptyFieldListFilter), ("archived_at", admin.EmptyFieldListFilter),
    ]  # fmt: skip
    list_select_related = ["product", "team", "owner"]
    search_fields = ["name", "subject_title"]
    fields = ["name", "owner", "visibility", "people", "product", "subject_title", "condition", "checked_at", "failure"]
    readonly_fields = ["product", "subject_title", "condition", "checked_at", "failure"]
    actions = ["pause", "archive"]

    def get_autocomplete_fields(self, request):
        """Search for who is told as for any other thing: of thousands nobody picks from two boxes."""
        return [*super().get_autocomplete_fields(request), "people"]

    @admin.action(description="Pause the chosen alerts")
    def pause(self, request, queryset):
        """Stop checking alerts."""
        n_paused = sum(actions.pause_alert(alert, actor=request.user) for alert in queryset)
        self.message_user(request, f"{n_paused} paused.")

    @admin.action(description="Archive the chosen alerts")
    def archive(self, request, queryset):
        """Archive alerts."""
        n_archived = sum(actions.archive_alert(alert, actor=request.user) for alert in queryset)
        self.message_user(request, f"{n_archived} archived.")

    def has_add_permission(self, request):
        """Alerts are made on their own page, where they are tried first."""
        return False

    def has_delete_permission(self, request, obj=None):
        """Alerts are archived, not deleted."""
        return False


@admin.register(Incident)
class IncidentAdmin(ReadOnlyAdmin):
    """Incidents, for reading; they are acted on at their pages."""

    list_display = ["alert", "state", "first_label", "last_label", "n_buckets", "opened_at", "resolved_at", "note"]
    list_filter = ["state", "is_back", "alert__product"]
    list_select_related = ["alert"]
    search_fields = ["alert__name", "sentence", "note"]
    date_hierarchy = "opened_at"


@admin.register(Reading)
class ReadingAdmin(ReadOnlyAdmin):
    """What checks saw, for reading."""

    list_display = ["alert", "label", "value", "low", "high", "state", "side", "reason", "checked_at"]
    list_filter = ["state", "checked_at"]
    list_select_related = ["alert"]
    search_fields = ["alert__name", "label"]


@admin.register(SourceDoubt)
class SourceDoubtAdmin(ReadOnlyAdmin):
    """Sources that delivered far less than usual."""

    list_display = ["source", "first_day", "last_day", "sentence", "opened_at", "closed_at"]
    list_filter = [("closed_at", admin.EmptyFieldListFilter)]
    list_select_related = ["source"]
    search_fields = ["source__name", "sentence"]


@admin.register(DayOff)
class DayOffAdmin(AuditedAdmin):
    """Days that alerts leave out."""

    list_display = ["day", "name", "product"]
    list_filter = ["product"]
    list_select_related = ["product"]
    search_fields = ["name"]
    date_hierarchy = "day"


@admin.register(DryRun)
class DryRunAdmin(ReadOnlyAdmin):
    """Dry runs of the last two days."""

    list_display = ["__str__", "user", "state", "failure", "created_at"]
    list_filter = ["state"]
    list_select_related = ["user"]
    search_fields = ["user__name", "failure"]
