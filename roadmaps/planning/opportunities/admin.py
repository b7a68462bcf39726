"""Opportunities in the admin, for operators."""

from django.contrib import admin

from portal.audit.public import AuditedAdmin, ReadOnlyAdmin
from roadmaps.planning.opportunities.actions import delete_opportunity
from roadmaps.planning.opportunities.models import Decision, Evidence, Opportunity


@admin.register(Opportunity)
class OpportunityAdmin(AuditedAdmin):
    """Opportunities; written and changed on their pages, where the rules are checked."""

    list_display = ["title", "product", "team", "owner", "state", "visibility", "updated_at"]
    list_filter = ["state", "product", "team", "visibility"]
    list_select_related = ["product", "team", "owner"]
    search_fields = ["title", "problem", "who"]
    fields = ["title", "problem", "who", "product", "team", "owner", "visibility", "state", "version"]
    readonly_fields = fields
    view_on_site = True

    def has_add_permission(self, request) -> bool:
        """They are written on their pages."""
        return False

    def delete_model(self, request, obj) -> None:
        """Delete by the action, which keeps what something hangs on."""
        delete_opportunity(obj, actor=request.user)

    def has_delete_permission(self, request, obj=None) -> bool:
        """Offer it for an opportunity on which nothing hangs."""
        if obj is None or obj.evidence.exists() or obj.decisions.exists() or obj.initiatives.exists():
            return False
        return super().has_delete_permission(request, obj)


@admin.register(Evidence)
class EvidenceAdmin(ReadOnlyAdmin):
    """Evidence of opportunities, to look at."""

    list_display = ["id", "opportunity", "kind", "weight", "highlight", "feedback", "title", "created_at"]
    list_filter = ["kind", "weight", "opportunity__product"]
    list_select_related = ["opportunity", "highlight", "feedback"]
    search_fields = ["opportunity__title", "title"]


@admin.register(Decision)
class DecisionAdmin(ReadOnlyAdmin):
    """What was decided about opportunities, to look at."""

    list_display = ["id", "opportunity", "what", "by", "at"]
    list_filter = ["opportunity__product"]
    list_select_related = ["opportunity", "by"]
    search_fields = ["what", "opportunity__title"]
