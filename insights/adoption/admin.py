"""Features in the admin, for operators."""

from django.contrib import admin

from insights.adoption.models import Feature
from portal.audit.public import AuditedAdmin


@admin.register(Feature)
class FeatureAdmin(AuditedAdmin):
    """Features; their events are changed on the feature's page, where they are checked."""

    list_display = ["name", "product", "is_core", "owner", "visibility", "updated_at"]
    list_filter = ["product", "is_core", "visibility"]
    list_select_related = ["product", "owner", "team"]
    search_fields = ["name", "description"]
    readonly_fields = ["events", "version", "created_at", "updated_at"]
    view_on_site = True

    def has_add_permission(self, request) -> bool:
        """Features are made on their own page, where their events are checked."""
        return False
