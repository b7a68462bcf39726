"""Themes in the admin, for operators."""

from django.contrib import admin

from insights.voice.themes.actions import delete_theme
from insights.voice.themes.models import Theme, ThemeLink
from portal.audit.public import AuditedAdmin, ReadOnlyAdmin


@admin.register(Theme)
class ThemeAdmin(AuditedAdmin):
    """Themes; names, places and merges are changed on their pages, where the tree is checked."""

    list_display = ["name", "product", "parent", "merged_into", "owner", "visibility", "updated_at"]
    list_filter = ["product", "visibility", ("merged_into", admin.EmptyFieldListFilter)]
    list_select_related = ["product", "parent", "merged_into", "owner", "team"]
    search_fields = ["name", "description"]
    fields = ["name", "description", "product", "parent", "merged_into", "team", "owner", "visibility", "version"]
    readonly_fields = fields
    view_on_site = True

    def has_add_permission(self, request) -> bool:
        """Themes are made on their pages."""
        return False

    def delete_model(self, request, obj) -> None:
        """Delete by the action, which keeps what something hangs on."""
        delete_theme(obj, actor=request.user)

    def has_delete_permission(self, request, obj=None) -> bool:
        """Offer it for a theme on which nothing hangs."""
        if obj is None or obj.links.exists() or obj.children.exists() or obj.merged.exists():
            return False
        return super().has_delete_permission(request, obj)


@admin.register(ThemeLink)
class ThemeLinkAdmin(ReadOnlyAdmin):
    """Links, to look at."""

    list_display = ["id", "theme", "importance", "feedback", "highlight", "created_by", "created_at"]
    list_filter = ["importance", "theme__product"]
    list_select_related = ["theme", "feedback", "highlight", "created_by"]
    search_fields = ["theme__name"]
