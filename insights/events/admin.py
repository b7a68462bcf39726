"""The event store in the admin, to look at: its versions, its files and who was joined with whom."""

from django.contrib import admin

from insights.events.models import Manifest, Part, PersonJoin


class LookOnlyAdmin(admin.ModelAdmin):
    """Rows that only the store itself writes."""

    show_full_result_count = False

    def has_add_permission(self, request):
        """Nobody adds by hand."""
        return False

    def has_change_permission(self, request, obj=None):
        """Nobody changes by hand."""
        return False

    def has_delete_permission(self, request, obj=None):
        """Nobody removes by hand."""
        return False


@admin.register(Manifest)
class ManifestAdmin(LookOnlyAdmin):
    """Versions of the store."""

    list_display = ["version", "reason", "batch", "at"]
    list_filter = ["reason"]
    list_select_related = ["batch"]
    date_hierarchy = "at"


@admin.register(Part)
class PartAdmin(LookOnlyAdmin):
    """Files of the store."""

    list_display = ["path", "kind", "source", "month", "n_rows", "n_bytes", "added_version", "removed_version"]
    list_filter = ["kind", ("removed_version", admin.EmptyFieldListFilter), "source"]
    list_select_related = ["source"]
    search_fields = ["path"]


@admin.register(PersonJoin)
class PersonJoinAdmin(LookOnlyAdmin):
    """Joins of ids into persons, refused and undone ones too; ids show as numbers, since they are personal data."""

    list_display = ["pk", "kind", "state", "from_id_id", "to_id_id", "id_space", "ts", "batch", "reason"]
    list_filter = ["state", "kind", "id_space"]
    list_select_related = ["id_space", "batch"]
    raw_id_fields = ["from_id", "to_id", "batch"]
