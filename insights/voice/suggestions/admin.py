"""Suggestions in the admin, for operators: what was learned, what was said of it, what was proposed."""

from django.contrib import admin

from insights.voice.suggestions.models import Learning, ThemeProposal, Verdict
from portal.audit.public import ReadOnlyAdmin


@admin.register(Learning)
class LearningAdmin(ReadOnlyAdmin):
    """How far each product's learning is, and how good it was."""

    list_display = ["product", "state", "step", "learned_at", "n_examples", "n_themes", "n_pieces", "quality"]
    list_filter = ["state"]
    list_select_related = ["product"]
    search_fields = ["product__name", "error"]


@admin.register(Verdict)
class VerdictAdmin(ReadOnlyAdmin):
    """What people said of suggestions."""

    list_display = ["id", "feedback", "theme", "is_accepted", "confidence", "created_by", "created_at"]
    list_filter = ["is_accepted", "theme__product"]
    list_select_related = ["feedback", "theme", "created_by"]
    search_fields = ["theme__name"]


@admin.register(ThemeProposal)
class ThemeProposalAdmin(ReadOnlyAdmin):
    """New themes that were proposed; they are decided on their page."""

    list_display = ["id", "name", "product", "state", "n_pieces", "closeness", "decided_by", "decided_at"]
    list_filter = ["state", "product"]
    list_select_related = ["product", "decided_by"]
    search_fields = ["name"]
