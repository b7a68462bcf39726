"""Insights in the admin, for operators."""

from django.contrib import admin

from insights.explore.models import Insight
from portal.audit.public import AuditedAdmin


@admin.register(Insight)
class InsightAdmin(AuditedAdmin):
    """Saved questions; the question itself is changed on its page, where it is checked."""

    list_display = ["title", "product", "kind", "chart", "owner", "visibility", "updated_at"]
    list_filter = ["product", "chart", "visibility"]
    list_select_related = ["product", "owner", "team"]
    search_fields = ["title", "description", "tags"]
    readonly_fields = ["question", "version", "created_at", "updated_at"]
    view_on_site = True

    def has_add_permission(self, request) -> bool:
        """Insights are made in Explore, where their question is checked."""
        return False
