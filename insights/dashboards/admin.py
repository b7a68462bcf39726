"""Dashboards in the admin, for operators; what people arrange is arranged on the pages."""

from django.contrib import admin

from insights.dashboards import actions
from insights.dashboards.models import Annotation, Dashboard, Tile, TileAnswer
from portal.audit.public import AuditedAdmin, ReadOnlyAdmin


@admin.register(Dashboard)
class DashboardAdmin(AuditedAdmin):
    """Dashboards of all teams."""

    list_display = ["title", "product", "team", "owner", "visibility", "updated_at", "is_archived"]
    list_filter = ["product", "team", "visibility", ("archived_at", admin.EmptyFieldListFilter)]
    list_select_related = ["product", "team", "owner"]
    search_fields = ["title", "purpose", "slug"]
    readonly_fields = ["slug", "revision", "layout_revision", "changed_by", "archived_at", "created_at", "updated_at"]
    actions = ["archive"]

    @admin.display(boolean=True, description="archived")
    def is_archived(self, dashboard):
        """Say whether it was put away."""
        return dashboard.is_archived

    @admin.action(description="Archive the chosen dashboards")
    def archive(self, request, queryset):
        """Put dashboards away."""
        n_archived = sum(actions.archive_dashboard(dashboard, actor=request.user) for dashboard in queryset)
        self.message_user(request, f"{n_archived} archived.")

    def has_add_permission(self, request):
        """Dashboards are made on their own page, where they get an address."""
        return False

    def has_delete_permission(self, request, obj=None):
        """Dashboards are archived, not deleted."""
        return False


@admin.register(Tile)
class TileAdmin(AuditedAdmin):
    """Tiles of all dashboards; their places are changed on the page."""

    list_display = ["__str__", "dashboard", "kind", "chart", "updated_at", "deleted_at"]
    list_filter = ["kind", "chart", "dashboard__product", ("deleted_at", admin.EmptyFieldListFilter)]
    list_select_related = ["dashboard", "insight"]
    search_fields = ["title", "dashboard__title", "text"]
    readonly_fields = ["dashboard", "kind", "x", "y", "w", "h", "revision", "created_at", "updated_at", "deleted_at"]

    def has_add_permission(self, request):
        """Tiles are added on their dashboard."""
        return False

    def has_delete_permission(self, request, obj=None):
        """Tiles are deleted on their dashboard, where it can be undone."""
        return False


@admin.register(TileAnswer)
class TileAnswerAdmin(ReadOnlyAdmin):
    """Stored answers, for reading: what failed, what is slow, what waits."""

    list_display = ["__str__", "kind", "state", "computed_at", "data_until", "duration_ms", "failure", "used_at"]
    list_filter = ["state", "computed_at"]
    search_fields = ["key", "failure"]
    ordering = ["-duration_ms"]

    @admin.display(description="kind of question")
    def kind(self, answer):
        """Return the kind of its question."""
        return answer.question.get("kind", "")


@admin.register(Annotation)
class AnnotationAdmin(AuditedAdmin):
    """Annotations of dashboards and products."""

    list_display = ["text", "starts_on", "ends_on", "product", "dashboard", "author"]
    list_filter = ["product"]
    list_select_related = ["product", "dashboard", "author"]
    search_fields = ["text"]
    date_hierarchy = "starts_on"
