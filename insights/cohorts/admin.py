"""Cohorts in the admin, for operators."""

from django.contrib import admin

from insights.cohorts.models import Cohort
from portal.audit.public import AuditedAdmin


@admin.register(Cohort)
class CohortAdmin(AuditedAdmin):
    """Cohorts; who belongs to one is changed on its page, where it is checked."""

    list_display = ["name", "kind", "unit", "size", "state", "owner", "visibility", "refreshed_at", "archived_at"]
    list_filter = ["kind", "unit", "state", "products", "visibility", "is_frozen"]
    list_select_related = ["owner", "team", "current"]
    search_fields = ["name", "slug", "description"]
    fields = ["name", "description", "team", "owner", "visibility", "slug", "kind", "unit", "size", "definition"]
    fields += ["is_frozen", "state", "error", "refreshed_at", "archived_at", "kept_until"]
    readonly_fields = [*fields[5:]]
    view_on_site = True

    @admin.display(description="size", ordering="current__size")
    def size(self, cohort: Cohort) -> str:
        """Return how many are in it."""
        return f"{cohort.current.size:,}" if cohort.current else "none yet"

    def get_queryset(self, request):
        """Leave the members' bytes where they are."""
        return super().get_queryset(request).defer("current__members")

    def has_add_permission(self, request) -> bool:
        """Cohorts are made on their pages, where who belongs to them is checked."""
        return False

    def has_delete_permission(self, request, obj=None) -> bool:
        """Cohorts are deleted on their page, which says what would break."""
        return False
