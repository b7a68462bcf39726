"""The roadmap in the admin, for operators."""

from django.contrib import admin

from portal.audit.public import ReadOnlyAdmin
from roadmaps.plan.board.models import InitiativeHealth, Promise, RoadmapFeed, SavedView


@admin.register(InitiativeHealth)
class InitiativeHealthAdmin(ReadOnlyAdmin):
    """How initiatives do, to look at."""

    list_display = ["initiative", "tone", "computed", "hand_tone", "hand_on", "computed_at"]
    list_filter = ["tone", "hand_tone", "initiative__product"]
    list_select_related = ["initiative"]
    search_fields = ["initiative__title"]


@admin.register(Promise)
class PromiseAdmin(ReadOnlyAdmin):
    """Promises, to look at."""

    list_display = ["id", "initiative", "to_whom", "due_on", "made_on", "made_by", "withdrawn_at"]
    list_filter = ["initiative__product", ("withdrawn_at", admin.EmptyFieldListFilter)]
    list_select_related = ["initiative", "made_by"]
    search_fields = ["initiative__title", "to_whom"]


@admin.register(SavedView)
class SavedViewAdmin(ReadOnlyAdmin):
    """Saved views of the roadmap, to look at."""

    list_display = ["name", "owner", "team", "updated_at"]
    list_filter = ["team"]
    list_select_related = ["owner", "team"]
    search_fields = ["name"]


@admin.register(RoadmapFeed)
class RoadmapFeedAdmin(ReadOnlyAdmin):
    """Calendars that read the roadmap, to look at; their addresses are secret."""

    list_display = ["user", "product", "created_at", "last_read_at"]
    list_filter = ["product"]
    list_select_related = ["user", "product"]
    search_fields = ["user__name", "user__email"]
    exclude = ["token_hash", "sealed_token"]
