"""Feedback and its channels in the admin, for operators."""

from django.contrib import admin

from insights.voice.feedback.actions import delete_feedback
from insights.voice.feedback.models import Channel, Feedback
from insights.voice.texts.admin_search import SearchesWords
from portal.audit.public import AuditedAdmin


@admin.register(Channel)
class ChannelAdmin(AuditedAdmin):
    """The channels that forms, imports and the API offer."""

    list_display = ["name", "slug", "is_retired"]
    list_filter = ["is_retired"]
    search_fields = ["name", "slug"]
    prepopulated_fields = {"slug": ["name"]}

    def has_delete_permission(self, request, obj=None) -> bool:
        """A channel that feedback came by is retired, not deleted."""
        return obj is not None and not obj.feedback.exists() and super().has_delete_permission(request, obj)


@admin.register(Feedback)
class FeedbackAdmin(SearchesWords, AuditedAdmin):
    """Feedback; its text and who said it are changed on its page, where they are checked."""

    list_display = ["short_text", "product", "kind", "channel", "said_on", "state", "owner", "visibility"]
    list_filter = ["state", "kind", "channel", "product", "visibility", "language", "origin"]
    list_select_related = ["product", "channel", "owner", "team"]
    search_fields = ["title", "text", "author"]
    date_hierarchy = "said_on"
    fields = ["title", "text", "product", "team", "kind", "channel", "said_on", "language", "author"]
    fields += ["person", "account"]
    fields += ["state", "assignee", "split_from"]
    fields += ["origin", "origin_id", "origin_url", "visibility", "owner", "version", "created_at", "updated_at"]
    readonly_fields = fields
    view_on_site = True

    @admin.display(description="text", ordering="text")
    def short_text(self, feedback: Feedback) -> str:
        """Return how it begins."""
        return feedback.shared_excerpt

    def has_add_permission(self, request) -> bool:
        """Feedback is written down on its pages, where it is checked."""
        return False

    def delete_model(self, request, obj) -> None:
        """Delete by the action."""
        delete_feedback(obj, actor=request.user)
