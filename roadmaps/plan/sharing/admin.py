"""Links to the roadmap in the admin, for operators."""

from typing import Any

from django.contrib import admin

from portal.audit.public import ReadOnlyAdmin
from roadmaps.plan.sharing import actions
from roadmaps.plan.sharing.models import RoadmapLink


@admin.register(RoadmapLink)
class RoadmapLinkAdmin(ReadOnlyAdmin):
    """Links to the roadmaps of all teams; they are made on the roadmap."""

    list_display = ["name", "audience", "product", "state", "has_password", "needs_login", "created_by", "created_at"]
    list_display += ["expires_at", "n_openings", "last_opened_at"]
    list_filter = ["audience", "needs_login", ("revoked_at", admin.EmptyFieldListFilter), "expires_at", "product"]
    list_select_related = ["product", "created_by"]
    search_fields = ["name", "heading", "product__name", "created_by__name"]
    exclude = ["token_hash", "password_hash"]
    actions = ["revoke"]

    @admin.display(boolean=True, description="password")
    def has_password(self, link: RoadmapLink) -> bool:
        """Say whether a password is asked for."""
        return link.has_password

    @admin.action(description="Revoke the chosen links")
    def revoke(self, request: Any, queryset: Any) -> None:
        """Make links useless at once."""
        n_revoked = sum(actions.revoke_link(link, actor=request.user) for link in queryset.select_related("product"))
        self.message_user(request, f"{n_revoked} revoked.")
