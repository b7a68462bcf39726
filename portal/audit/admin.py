"""The audit trail in the admin, read only; and the base of every other admin page, which writes to it."""

from django.contrib import admin
from django.db import transaction

from portal.audit.actions import record, state_of
from portal.audit.models import AuditEntry


class AuditedAdmin(admin.ModelAdmin):
    """An admin page whose saves and deletions, also of its inline rows, land in the audit trail."""

    show_full_result_count = False
    list_per_page = 50

    def save_model(self, request, obj, form, change):
        """Save, and record what changed."""
        before = state_of(type(obj)._default_manager.get(pk=obj.pk)) if change else None
        super().save_model(request, obj, form, change)
        self._note(request, "changed" if change else "created", obj, before, state_of(obj))

    def save_formset(self, request, form, formset, change):
        """Save inline rows, and record each."""
        kept = {row.pk: state_of(row) for row in formset.get_queryset()} if hasattr(formset, "get_queryset") else {}
        super().save_formset(request, form, formset, change)
        for row in getattr(formset, "new_objects", []):
            self._note(request, "created", row, None, state_of(row))
        for row, _ in getattr(formset, "changed_objects", []):
            self._note(request, "changed", row, kept.get(row.pk), state_of(row))
        for row in getattr(formset, "deleted_objects", []):
            self._note(request, "deleted", row, kept.get(row.pk) or state_of(row), None)

    def delete_model(self, request, obj):
        """Delete, and record what was there."""
        self._note(request, "deleted", obj, state_of(obj), None)
        super().delete_model(request, obj)

    @transaction.atomic
    def delete_queryset(self, request, queryset):
        """Delete one by one, so that each is recorded."""
        for obj in queryset:
            self.delete_model(request, obj)

    def _note(self, request, verb, obj, before, after):
        record(request.user, f"{obj._meta.model_name}.{verb}", obj, before=before, after=after)


class ReadOnly:
    """Rows that the portal alone writes, as an admin page or as rows inside one."""

    def has_add_permission(self, request, obj=None):
        """Nobody adds by hand."""
        return False

    def has_change_permission(self, request, obj=None):
        """Nobody changes by hand."""
        return False

    def has_delete_permission(self, request, obj=None):
        """Nobody removes by hand."""
        return False


class ReadOnlyAdmin(ReadOnly, AuditedAdmin):
    """An admin page to look at."""


@admin.register(AuditEntry)
class AuditEntryAdmin(ReadOnlyAdmin):
    """The trail, for reading."""

    list_display = ["at", "actor_label", "verb", "thing_type", "thing_label", "door"]
    list_filter = ["door", "verb"]
    search_fields = ["thing_label", "verb", "request_id", "thing_id"]
    date_hierarchy = "at"
