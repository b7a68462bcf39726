"""The audit trail in the admin, read only; and the base of every other admin page, which writes to it."""

from django.contrib import admin

from portal.audit.actions import record, state_of
from portal.audit.models import AuditEntry


class AuditedAdmin(admin.ModelAdmin):
    """An admin page whose saves and deletions land in the audit trail."""

    def save_model(self, request, obj, form, change):
        """Save, and record what changed."""
        before = state_of(type(obj)._default_manager.get(pk=obj.pk)) if change else None
        super().save_model(request, obj, form, change)
        verb = f"{obj._meta.model_name}.{'changed' if change else 'created'}"
        record(request.user, verb, obj, before=before, after=state_of(obj))

    def delete_model(self, request, obj):
        """Delete, and record what was there."""
        record(request.user, f"{obj._meta.model_name}.deleted", obj, before=state_of(obj))
        super().delete_model(request, obj)

    def delete_queryset(self, request, queryset):
        """Delete one by one, so that each is recorded."""
        for obj in queryset:
            self.delete_model(request, obj)


@admin.register(AuditEntry)
class AuditEntryAdmin(admin.ModelAdmin):
    """The trail, for reading."""

    list_display = ["at", "actor_label", "verb", "thing_type", "thing_label", "door"]
    list_filter = ["door", "verb"]
    search_fields = ["thing_label", "verb", "request_id", "thing_id"]
    date_hierarchy = "at"
    show_full_result_count = False

    def has_add_permission(self, request):
        """Nobody writes the trail by hand."""
        return False

    def has_change_permission(self, request, obj=None):
        """Nobody changes the trail."""
        return False

    def has_delete_permission(self, request, obj=None):
        """Nobody removes from the trail."""
        return False
