"""Initiatives in the admin, for operators."""

from django.contrib import admin

from portal.audit.public import AuditedAdmin, ReadOnlyAdmin
from roadmaps.planning.initiatives.actions import delete_initiative
from roadmaps.planning.initiatives.models import (
    Dependency,
    ImportedInitiative,
    Initiative,
    InitiativeLink,
    InitiativeVersion,
    StageName,
    ToldStage,
)


@admin.register(Initiative)
class InitiativeAdmin(AuditedAdmin):
    """Initiatives; made and changed on their pages, where each change is kept."""

    list_display = ["title", "reference", "product", "team", "owner", "stage", "horizon", "ends_on", "updated_at"]
    list_filter = ["stage", "horizon", "product", "team", "visibility"]
    list_select_related = ["product", "team", "owner"]
    search_fields = ["title", "reference", "summary"]
    fields = [
        *("title", "reference", "summary", "product", "team", "owner", "visibility", "stage", "sent_stage", "horizon"),
        *("objective", "effort_months", "effort_low", "effort_high", "starts_on", "ends_on", "promised_on"),
        *("position", "blocked_since", "blocked_why", "version"),
    ]
    readonly_fields = fields
    view_on_site = True

    def has_add_permission(self, request) -> bool:
        """They are made on their pages."""
        return False

    def delete_model(self, request, obj) -> None:
        """Delete by the action, which ends its history."""
        delete_initiative(obj, actor=request.user)


@admin.register(InitiativeVersion)
class InitiativeVersionAdmin(ReadOnlyAdmin):
    """How initiatives were, to look at."""

    list_display = ["id", "title", "number", "stage", "horizon", "valid_from", "valid_to", "by"]
    list_filter = ["stage", "horizon", "product"]
    list_select_related = ["by"]
    search_fields = ["title", "why"]


@admin.register(Dependency)
class DependencyAdmin(ReadOnlyAdmin):
    """What initiatives need of each other, to look at."""

    list_display = ["id", "initiative", "needs", "note", "created_at"]
    list_filter = ["initiative__product"]
    list_select_related = ["initiative", "needs"]
    search_fields = ["initiative__title", "needs__title"]


@admin.register(InitiativeLink)
class InitiativeLinkAdmin(ReadOnlyAdmin):
    """Links of initiatives, to look at."""

    list_display = ["id", "initiative", "kind", "url", "title", "created_at"]
    list_filter = ["kind", "initiative__product"]
    list_select_related = ["initiative"]
    search_fields = ["initiative__title", "url", "title"]


@admin.register(StageName)
class StageNameAdmin(ReadOnlyAdmin):
    """What statuses of files mean, to look at; they are named on their page, which tells the past anew."""

    list_display = ["id", "product", "sent", "stage", "updated_at"]
    list_filter = ["stage", "product"]
    list_select_related = ["product"]
    search_fields = ["sent"]


@admin.register(ToldStage)
class ToldStageAdmin(ReadOnlyAdmin):
    """What files said of the past of initiatives, to look at."""

    list_display = ["id", "initiative", "sent", "at", "batch"]
    list_filter = ["initiative__product"]
    list_select_related = ["initiative", "batch"]
    search_fields = ["sent", "initiative__title", "initiative__reference"]


@admin.register(ImportedInitiative)
class ImportedInitiativeAdmin(ReadOnlyAdmin):
    """Which import made or changed which initiative, to look at."""

    list_display = ["id", "batch", "initiative", "was_new", "version"]
    list_filter = ["was_new", "initiative__product"]
    list_select_related = ["batch", "initiative"]
    search_fields = ["initiative__title"]
