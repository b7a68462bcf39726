"""Saved searches in the admin, for operators: those that are shared with a team."""

from django.contrib import admin

from insights.voice.search.actions import delete_search
from insights.voice.search.models import SavedSearch
from portal.audit.public import AuditedAdmin


@admin.register(SavedSearch)
class SavedSearchAdmin(AuditedAdmin):
    """Saved searches; kept and changed on their own pages, where what they ask is checked."""

    list_display = ["name", "owner", "team", "updated_at"]
    list_filter = ["team", ("owner", admin.RelatedOnlyFieldListFilter)]
    list_select_related = ["owner", "team"]
    search_fields = ["name", "owner__name"]
    fields = ["name", "asked", "owner", "team", "version", "created_at", "updated_at"]
    readonly_fields = fields
    view_on_site = True

    def get_queryset(self, request):
        """Leave out what is its owner's alone."""
        return super().get_queryset(request).visible_to(request.user)

    def has_add_permission(self, request) -> bool:
        """Searches are kept on the page that finds."""
        return False

    def delete_model(self, request, obj) -> None:
        """Delete by the action."""
        delete_search(obj, actor=request.user)
