"""Scoring in the admin, to look at: models, scores and rounds are changed on their pages, where the rules are.

Ballots are not here: what somebody says in a blind round is for nobody else until it is revealed on its page.
"""

from django.contrib import admin

from portal.audit.public import ReadOnlyAdmin
from roadmaps.planning.scoring.models import KeptOrder, ModelVersion, Round, Score, ScoringModel


@admin.register(ScoringModel)
class ScoringModelAdmin(ReadOnlyAdmin):
    """Scoring models."""

    list_display = ["name", "current", "position", "archived_at", "updated_at"]
    list_filter = [("archived_at", admin.EmptyFieldListFilter)]
    list_select_related = ["current"]
    search_fields = ["name", "description"]
    view_on_site = True


@admin.register(ModelVersion)
class ModelVersionAdmin(ReadOnlyAdmin):
    """What models asked from when on."""

    list_display = ["id", "model", "number", "kind", "note", "written_by", "created_at"]
    list_filter = ["kind", "model"]
    list_select_related = ["model", "written_by"]
    search_fields = ["model__name", "note"]


@admin.register(Score)
class ScoreAdmin(ReadOnlyAdmin):
    """Scores of initiatives."""

    list_display = ["id", "initiative", "model", "value", "weakest", "is_capped", "has_moved", "oldest_on", "scored_by"]
    list_filter = ["model", "weakest", "is_capped", "has_moved"]
    list_select_related = ["initiative", "model", "scored_by"]
    search_fields = ["initiative__title", "note"]
    view_on_site = True


@admin.register(Round)
class RoundAdmin(ReadOnlyAdmin):
    """Blind rounds, without what anybody said."""

    list_display = ["title", "product", "model", "state", "owner", "due_on", "revealed_at"]
    list_filter = ["state", "model", "product"]
    list_select_related = ["product", "model", "owner"]
    search_fields = ["title"]
    view_on_site = True


@admin.register(KeptOrder)
class KeptOrderAdmin(ReadOnlyAdmin):
    """Orders as they were."""

    list_display = ["id", "model", "product", "kept_on"]
    list_filter = ["model", "product"]
    list_select_related = ["model", "product"]
    search_fields = ["product__name"]
