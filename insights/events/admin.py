"""The event store in the admin, to look at: its versions, its files and who was joined with whom."""

from django.contrib import admin

from insights.events.models import Manifest, Part, PersonJoin
from portal.audit.public import ReadOnlyAdmin


@admin.register(Manifest)
class ManifestAdmin(ReadOnlyAdmin):
    """Versions of the store."""

    list_display = ["version", "reason", "batch", "at"]
    list_filter = ["reason"]
    list_select_related = ["batch"]
    date_hierarchy = "at"


@admin.register(Part)
class PartAdmin(ReadOnlyAdmin):
    """Files of the store."""

    list_display = ["path", "kind", "source", "month", "n_rows", "n_bytes", "added_version", "removed_version"]
    list_filter = ["kind", ("removed_version", admin.EmptyFieldListFilter), "source"]
    list_select_related = ["source"]
    search_fields = ["path"]


@admin.register(PersonJoin)
class PersonJoinAdmin(ReadOnlyAdmin):
    """Joins of ids into persons, refused and undone ones too; ids show as numbers, since they are personal data."""

    list_display = ["pk", "kind", "state", "from_id_id", "to_id_id", "id_space", "ts", "batch", "reason"]
    list_filter = ["state", "kind", "id_space"]
    list_select_related = ["id_space", "batch"]
    raw_id_fields = ["from_id", "to_id", "batch"]
