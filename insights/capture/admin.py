"""Write keys in the admin, to look at and to revoke."""

from django.contrib import admin

from insights.capture.actions import revoke_write_key
from insights.capture.models import WriteKey
from portal.audit.public import AuditedAdmin


@admin.register(WriteKey)
class WriteKeyAdmin(AuditedAdmin):
    """Write keys; they are made on their source's page, where their text can be shown once."""

    list_display = ["name", "source", "prefix", "is_valid", "last_used_at", "expires_at", "revoked_at"]
    list_filter = ["source"]
    list_select_related = ["source"]
    search_fields = ["name", "prefix", "source__name"]
    actions = ["revoke"]

    def has_add_permission(self, request):
        """Keys are made where their text can be shown."""
        return False

    def has_change_permission(self, request, obj=None):
        """Keys do not change."""
        return False

    def has_delete_permission(self, request, obj=None):
        """Keys are revoked, not removed."""
        return False

    @admin.action(description="Revoke at once", permissions=["view"])
    def revoke(self, request, queryset):
        """Close the chosen keys."""
        for key in queryset.filter(revoked_at=None).select_related("source__product"):
            revoke_write_key(key, actor=request.user)
