"""Highlights in the admin, for operators."""

from django.contrib import admin

from insights.voice.highlights.actions import delete_highlight
from insights.voice.highlights.models import Highlight
from insights.voice.texts.admin_search import SearchesWords
from portal.audit.public import AuditedAdmin


@admin.register(Highlight)
class HighlightAdmin(SearchesWords, AuditedAdmin):
    """Highlights; made in the text that they quote."""

    list_display = ["short_quote", "product", "is_in_text", "created_by", "created_at"]
    list_filter = ["part", "feedback__product", "conversation__product", ("start", admin.EmptyFieldListFilter)]
    list_select_related = ["feedback__product", "conversation__product", "created_by"]
    search_fields = ["quote", "note"]
    fields = [
        "quote",
        "original",
        "feedback",
        "conversation",
        "part",
        "start",
        "note",
        "created_by",
        "created_at",
        "updated_at",
    ]
    readonly_fields = fields
    view_on_site = True

    @admin.display(description="quote", ordering="quote")
    def short_quote(self, highlight: Highlight) -> str:
        """Return how it begins."""
        return highlight.shared_excerpt

    @admin.display(description="product")
    def product(self, highlight: Highlight) -> str:
        """Return what it is about."""
        return highlight.piece.product.name

    @admin.display(description="in the text", boolean=True)
    def is_in_text(self, highlight: Highlight) -> bool:
        """Say whether its words are in the text still."""
        return not highlight.is_lost

    def has_add_permission(self, request) -> bool:
        """Highlights are made in their text."""
        return False

    def delete_model(self, request, obj) -> None:
        """Delete by the action."""
        delete_highlight(obj, actor=request.user)
