"""Sources, batches and the quarantine for operators."""

from django.contrib import admin

from insights.events.public import (
    Batch,
    IdSpace,
    QuarantinedRow,
    Source,
    pause_source,
    resume_source,
    update_source,
)
from insights.sources.models import Upload, WatchedFolder
from portal.audit.public import AuditedAdmin, ReadOnlyAdmin


@admin.register(Source)
class SourceAdmin(AuditedAdmin):
    """Sources; made and deleted in the portal, where the product's id space is looked after."""

    list_display = ["name", "product", "kind", "state", "schedule", "fresh_by", "owner", "updated_at"]
    list_filter = ["kind", "state", "schedule", "product"]
    list_select_related = ["product", "owner"]
    search_fields = ["name", "slug", "description"]
    readonly_fields = ["slug", "kind", "product", "id_space", "mapping", "created_at", "updated_at"]

    def save_model(self, request, obj, form, change):
        """Change it by the pages' actions, with their checks; the state has actions of its own."""
        source = Source.objects.select_related("product").get(pk=obj.pk)
        changed = {name: form.cleaned_data[name] for name in form.changed_data}
        state = changed.pop("state", source.state)
        if changed:
            source = update_source(source, actor=request.user, **changed)
        if state != source.state:
            (resume_source if state == Source.State.ACTIVE else pause_source)(source, actor=request.user)

    def has_add_permission(self, request):
        """Made in the portal."""
        return False

    def has_delete_permission(self, request, obj=None):
        """Deleted in the portal, which looks whether numbers come from it."""
        return False


@admin.register(IdSpace)
class IdSpaceAdmin(AuditedAdmin):
    """Spaces of ids."""

    list_display = ["name", "slug", "product"]
    list_select_related = ["product"]
    search_fields = ["name", "slug"]

    def get_readonly_fields(self, request, obj=None):
        """Leave a space with its product: the ids of its sources' events live in it."""
        return ["slug", "product"] if obj else []

    def has_delete_permission(self, request, obj=None):
        """Ids live in it."""
        return False


@admin.register(Batch)
class BatchAdmin(ReadOnlyAdmin):
    """Loads."""

    list_display = ["id", "source", "kind", "state", "file_name", "n_read", "n_accepted", "n_duplicates"]
    list_display += ["n_quarantined", "created_at"]
    list_filter = ["state", "kind", "source"]
    list_select_related = ["source"]
    search_fields = ["file_name", "error"]
    date_hierarchy = "created_at"


@admin.register(QuarantinedRow)
class QuarantinedRowAdmin(ReadOnlyAdmin):
    """Rows that were not taken."""

    list_display = ["id", "source", "batch", "item_no", "reason_code", "state", "created_at"]
    list_filter = ["state", "reason_code", "source"]
    list_select_related = ["source", "batch"]
    search_fields = ["reason", "raw"]


@admin.register(Upload)
class UploadAdmin(ReadOnlyAdmin):
    """Files that people brought."""

    list_display = ["id", "source", "n_bytes", "trial_state", "batch", "created_by", "created_at"]
    list_filter = ["trial_state", "source"]
    list_select_related = ["source", "batch", "created_by"]


@admin.register(WatchedFolder)
class WatchedFolderAdmin(ReadOnlyAdmin):
    """Watched folders; set in the portal, which checks the path."""

    list_display = ["source", "folder", "pattern", "last_tried_at", "last_error"]
    list_select_related = ["source"]
