"""Imports in the admin, for operators."""

from django.contrib import admin

from insights.imports.models import Import, RememberedMapping
from portal.audit.public import AuditedAdmin, ReadOnlyAdmin


@admin.register(Import)
class ImportAdmin(ReadOnlyAdmin):
    """Imports; started, stopped and undone on their pages."""

    list_display = ["file_name", "kind", "product", "state", "task", "n_new", "n_known", "n_refused", "created_by"]
    list_filter = ["kind", "state", "product", "preset"]
    list_select_related = ["product", "created_by"]
    search_fields = ["file_name"]
    date_hierarchy = "created_at"
    view_on_site = True


@admin.register(RememberedMapping)
class RememberedMappingAdmin(AuditedAdmin):
    """How kinds of files are taken; one that is deleted is guessed anew."""

    list_display = ["kind", "product", "columns", "updated_at"]
    list_filter = ["kind", "product"]
    list_select_related = ["product"]
    search_fields = ["mapping"]
    readonly_fields = ["product", "kind", "columns_key", "mapping", "updated_at"]

    @admin.display(description="columns that are used")
    def columns(self, remembered: RememberedMapping) -> str:
        """Return the columns that become something."""
        return ", ".join(remembered.mapping.get("targets", {}))[:120]

    def has_add_permission(self, request) -> bool:
        """They are remembered when an import runs."""
        return False
