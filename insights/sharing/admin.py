"""Packs and public links in the admin, for operators."""

from django.contrib import admin

from insights.sharing import actions
from insights.sharing.models import ClosedProduct, Pack, PackCheck, PackTile, PublicLink
from portal.audit.public import ReadOnly, ReadOnlyAdmin


@admin.register(PublicLink)
class PublicLinkAdmin(ReadOnlyAdmin):
    """Public links of all teams; they are made on their dashboards."""

    list_display = [
        "name",
        "dashboard",
        "state",
        "has_password",
        "is_embeddable",
        "created_by",
        "created_at",
        "expires_at",
    ]
    list_display += ["n_openings", "last_opened_at"]
    list_filter = ["is_embeddable", ("revoked_at", admin.EmptyFieldListFilter), "expires_at", "dashboard__product"]
    list_select_related = ["dashboard", "created_by"]
    search_fields = ["name", "dashboard__title", "created_by__name"]
    exclude = ["token_hash", "password_hash"]
    actions = ["revoke"]

    @admin.display(boolean=True, description="password")
    def has_password(self, link):
        """Say whether a password is asked for."""
        return link.has_password

    @admin.action(description="Revoke the chosen links")
    def revoke(self, request, queryset):
        """Make links useless at once."""
        n_revoked = sum(actions.revoke_link(link, actor=request.user) for link in queryset.select_related("dashboard"))
        self.message_user(request, f"{n_revoked} revoked.")


@admin.register(ClosedProduct)
class ClosedProductAdmin(ReadOnlyAdmin):
    """Products that no public link shows; closed and opened on the page of public links."""

    list_display = ["product", "reason", "closed_by", "closed_at"]
    list_select_related = ["product", "closed_by"]
    search_fields = ["product__name", "reason"]


class PackTileRows(ReadOnly, admin.TabularInline):
    """The tiles of a pack, without their answers."""

    model = PackTile
    fields = ["place", "kind", "title", "chart", "source_of_question", "computed_at", "left_out"]
    readonly_fields = fields
    extra = 0


@admin.register(Pack)
class PackAdmin(ReadOnlyAdmin):
    """Packs of all teams; frozen on dashboards, removed on their own page, with a reason."""

    list_display = ["name", "dashboard_title", "product", "held_on", "frozen_at", "frozen_by", "data_version"]
    list_filter = ["product", "frozen_at"]
    list_select_related = ["product", "frozen_by"]
    search_fields = ["name", "note", "dashboard_title"]
    date_hierarchy = "frozen_at"
    inlines = [PackTileRows]


@admin.register(PackCheck)
class PackCheckAdmin(ReadOnlyAdmin):
    """What was found to have changed since freezings."""

    list_display = ["tile", "version", "n_late", "checked_at"]
    list_select_related = ["tile"]
    search_fields = ["tile__title", "tile__pack__name"]
    ordering = ["-checked_at"]
