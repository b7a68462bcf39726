"""Findings in the admin, for operators."""

from django.contrib import admin

from insights.voice.findings.actions import delete_finding
from insights.voice.findings.models import Evidence, Finding, Review
from portal.audit.public import AuditedAdmin, ReadOnlyAdmin


@admin.register(Finding)
class FindingAdmin(AuditedAdmin):
    """Findings; claimed and reviewed on their pages, where the evidence is seen."""

    list_display = ["claim", "product", "state", "confidence", "valid_until", "owner", "visibility", "updated_at"]
    list_filter = ["state", "confidence", "method", "product", "visibility"]
    list_select_related = ["product", "owner", "team"]
    search_fields = ["claim", "meaning", "how"]
    fields = [
        *("claim", "meaning", "product", "method", "how", "n", "n_of", "confidence", "state", "valid_until"),
        *("stated_on", "reviewed_on", "team", "owner", "visibility", "version"),
    ]
    readonly_fields = fields
    view_on_site = True

    def has_add_permission(self, request) -> bool:
        """Findings are written on their pages."""
        return False

    def delete_model(self, request, obj) -> None:
        """Delete by the action, which keeps what was stated."""
        delete_finding(obj, actor=request.user)

    def has_delete_permission(self, request, obj=None) -> bool:
        """Offer it for drafts."""
        if obj is None or obj.state != Finding.State.DRAFT:
            return False
        return super().has_delete_permission(request, obj)


@admin.register(Evidence)
class EvidenceAdmin(ReadOnlyAdmin):
    """Evidence, to look at."""

    list_display = ["id", "finding", "side", "kind", "highlight", "title", "created_by", "created_at"]
    list_filter = ["side", "kind", "finding__product"]
    list_select_related = ["finding", "highlight", "created_by"]
    search_fields = ["finding__claim", "title"]


@admin.register(Review)
class ReviewAdmin(ReadOnlyAdmin):
    """Reviews, to look at."""

    list_display = ["id", "finding", "outcome", "confidence", "valid_until", "is_by_evidence", "made_by", "made_at"]
    list_filter = ["outcome", "is_by_evidence", "finding__product"]
    list_select_related = ["finding", "made_by"]
    search_fields = ["finding__claim"]
