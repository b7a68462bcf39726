"""Conversations and next steps in the admin, for operators."""

from django.contrib import admin

from insights.voice.conversations.actions import delete_conversation
from insights.voice.conversations.models import Conversation, NextStep, Participant
from insights.voice.conversations.steps import delete_next_step
from insights.voice.texts.admin_search import SearchesWords
from portal.audit.public import AuditedAdmin, ReadOnly


class ParticipantInline(ReadOnly, admin.TabularInline):
    """Who took part, to look at."""

    model = Participant
    fields = ["person", "name", "account", "speaker"]
    readonly_fields = fields
    extra = 0


class NextStepInline(ReadOnly, admin.TabularInline):
    """What comes next, to look at."""

    model = NextStep
    fields = ["text", "owner", "due_on", "done_at"]
    readonly_fields = fields
    extra = 0


@admin.register(Conversation)
class ConversationAdmin(SearchesWords, AuditedAdmin):
    """Conversations; their texts and who took part are changed on their page, where they are checked."""

    list_display = ["shared_excerpt", "product", "kind", "held_on", "leaders", "visibility"]
    list_filter = ["kind", "product", "visibility", ("led_by", admin.RelatedOnlyFieldListFilter)]
    list_select_related = ["product", "team"]
    search_fields = ["title", "notes", "transcript", "participants__name"]
    date_hierarchy = "held_on"
    fields = ["title", "product", "team", "kind", "held_on", "minutes", "language", "leaders"]
    fields += [
        "guide",
        "notes",
        "transcript",
        "recording_url",
        "visibility",
        "owner",
        "version",
        "created_at",
        "updated_at",
    ]
    readonly_fields = fields
    inlines = [ParticipantInline, NextStepInline]
    view_on_site = True

    def get_queryset(self, request):
        """Return conversations with those who led them."""
        return super().get_queryset(request).prefetch_related("led_by")

    @admin.display(description="led by")
    def leaders(self, conversation: Conversation) -> str:
        """Return who led it."""
        return ", ".join(str(one) for one in conversation.led_by.all())

    def has_add_permission(self, request) -> bool:
        """Conversations are written down on their pages, where they are checked."""
        return False

    def delete_model(self, request, obj) -> None:
        """Delete by the action."""
        delete_conversation(obj, actor=request.user)


@admin.register(NextStep)
class NextStepAdmin(AuditedAdmin):
    """Next steps of all conversations; changed on the pages of their conversations."""

    list_display = ["text", "conversation", "owner", "due_on", "done_at"]
    list_filter = [("done_at", admin.EmptyFieldListFilter), ("owner", admin.RelatedOnlyFieldListFilter), "due_on"]
    list_select_related = ["conversation", "owner"]
    search_fields = ["text"]
    fields = ["text", "conversation", "owner", "due_on", "done_at", "version", "created_at", "updated_at"]
    readonly_fields = fields
    view_on_site = True

    def has_add_permission(self, request) -> bool:
        """Next steps are written down on the page of their conversation."""
        return False

    def delete_model(self, request, obj) -> None:
        """Delete by the action."""
        delete_next_step(obj, actor=request.user)
