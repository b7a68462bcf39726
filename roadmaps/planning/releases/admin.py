"""Releases in the admin, for operators."""

from django.contrib import admin

from portal.audit.public import AuditedAdmin, ReadOnlyAdmin
from roadmaps.planning.releases.actions import delete_release
from roadmaps.planning.releases.models import Release, ReleaseItem, ReleaseReaction


@admin.register(Release)
class ReleaseAdmin(AuditedAdmin):
    """Releases, to look at; they are planned and changed on their pages, where the rules are checked."""

    view_on_site = True
    list_display = ["name", "product", "team", "owner", "state", "planned_on", "released_at", "updated_at"]
    list_filter = ["state", "product", "team", "visibility"]
    list_select_related = ["product", "team", "owner"]
    search_fields = ["name", "notes"]
    fields = [
        *("name", "product", "team", "owner", "visibility", "state", "planned_on", "released_at", "released_by"),
        *("notes", "said", "version"),
    ]
    readonly_fields = fields

    def has_add_permission(self, request) -> bool:
        """They are planned on their pages."""
        return False

    def delete_model(self, request, obj) -> None:
        """Delete by the action, which keeps what came out."""
        delete_release(obj, actor=request.user)

    def has_delete_permission(self, request, obj=None) -> bool:
        """Offer it for a release that never came out."""
        return (
            obj is not None
            and not obj.is_out
            and not obj.reactions.exists()
            and super().has_delete_permission(request, obj)
        )


@admin.register(ReleaseItem)
class ReleaseItemAdmin(ReadOnlyAdmin):
    """What is in releases, to look at."""

    list_display = ["id", "release", "initiative", "added_by", "created_at"]
    list_filter = ["release__product", "release__state"]
    list_select_related = ["release", "initiative", "added_by"]
    search_fields = ["release__name", "initiative__title"]


@admin.register(ReleaseReaction)
class ReleaseReactionAdmin(ReadOnlyAdmin):
    """What was done once releases were out, to look at."""

    list_display = ["id", "release", "listener", "done_at"]
    list_filter = ["listener", "release__product"]
    list_select_related = ["release"]
    search_fields = ["release__name"]
