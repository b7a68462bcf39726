"""Goals in the admin, for operators."""

from django.contrib import admin

from portal.audit.public import AuditedAdmin, ReadOnlyAdmin
from roadmaps.goals.actions import delete_cycle, delete_objective
from roadmaps.goals.models import CheckIn, Cycle, KeyResult, Objective, Statement, StatementVersion


class _ShownAdmin(AuditedAdmin):
    """Rows to look at; they are made and changed on their pages, where the rules are checked."""

    view_on_site = True

    def has_add_permission(self, request) -> bool:
        """They are made on their pages."""
        return False


@admin.register(Cycle)
class CycleAdmin(_ShownAdmin):
    """Cycles."""

    list_display = ["name", "starts_on", "ends_on", "updated_at"]
    search_fields = ["name"]
    fields = ["name", "starts_on", "ends_on", "version"]
    readonly_fields = fields

    def delete_model(self, request, obj) -> None:
        """Delete by the action, which keeps what objectives are set for."""
        delete_cycle(obj, actor=request.user)

    def has_delete_permission(self, request, obj=None) -> bool:
        """Offer it for a cycle that holds no objective."""
        return obj is not None and not obj.objectives.exists() and super().has_delete_permission(request, obj)


@admin.register(Objective)
class ObjectiveAdmin(_ShownAdmin):
    """Objectives."""

    list_display = ["title", "cycle", "product", "team", "owner", "state", "visibility", "updated_at"]
    list_filter = ["cycle", "state", "team", "product", "visibility"]
    list_select_related = ["cycle", "product", "team", "owner"]
    search_fields = ["title", "why"]
    fields = [
        "title",
        "why",
        "cycle",
        "product",
        "team",
        "parent",
        "owner",
        "visibility",
        "state",
        "closing_note",
        "version",
    ]
    readonly_fields = fields

    def delete_model(self, request, obj) -> None:
        """Delete by the action, which keeps what something hangs on."""
        delete_objective(obj, actor=request.user)

    def has_delete_permission(self, request, obj=None) -> bool:
        """Offer it for an objective on which nothing hangs."""
        if obj is None or obj.children.exists() or obj.key_results.exists():
            return False
        return super().has_delete_permission(request, obj)


@admin.register(KeyResult)
class KeyResultAdmin(ReadOnlyAdmin):
    """Key results, to look at."""

    list_display = ["title", "objective", "metric", "baseline", "target", "aim", "owner", "outlook_at"]
    list_filter = ["objective__cycle", "aim", ("metric", admin.EmptyFieldListFilter)]
    list_select_related = ["objective", "metric", "owner"]
    search_fields = ["title", "objective__title"]


@admin.register(CheckIn)
class CheckInAdmin(ReadOnlyAdmin):
    """Check-ins, to look at."""

    list_display = ["id", "key_result", "confidence", "value", "by", "created_at"]
    list_filter = ["confidence", "key_result__objective__cycle"]
    list_select_related = ["key_result", "by"]
    search_fields = ["why", "key_result__title"]


@admin.register(Statement)
class StatementAdmin(ReadOnlyAdmin):
    """Visions and strategies, to look at."""

    list_display = ["id", "product", "kind", "owner", "visibility", "updated_at"]
    list_filter = ["kind", "product", "visibility"]
    list_select_related = ["product", "owner"]
    search_fields = ["product__name"]


@admin.register(StatementVersion)
class StatementVersionAdmin(ReadOnlyAdmin):
    """Versions of visions and strategies, to look at."""

    list_display = ["id", "statement", "number", "written_by", "created_at"]
    list_filter = ["statement__kind", "statement__product"]
    list_select_related = ["statement__product", "written_by"]
    search_fields = ["text", "note"]
