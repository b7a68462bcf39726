"""Triage in the admin, for operators: decisions and inquiries, to look at."""

from django.contrib import admin

from insights.voice.triage.models import Decision, Inquiry
from portal.audit.public import ReadOnlyAdmin


@admin.register(Decision)
class DecisionAdmin(ReadOnlyAdmin):
    """Who decided what, and how long it took."""

    list_display = ["id", "feedback", "kind", "theme", "reason", "created_by", "seconds", "created_at", "undone_at"]
    list_filter = ["kind", "reason", "was_suggested", "team", ("undone_at", admin.EmptyFieldListFilter)]
    list_select_related = ["feedback", "theme", "created_by"]
    search_fields = ["theme__name", "created_by__name"]
    date_hierarchy = "created_at"


@admin.register(Inquiry)
class InquiryAdmin(ReadOnlyAdmin):
    """What was asked back, and whether the answer is there."""

    list_display = ["id", "feedback", "colleague", "created_by", "created_at", "answered_at"]
    list_filter = [("answered_at", admin.EmptyFieldListFilter)]
    list_select_related = ["feedback", "colleague", "created_by"]
    search_fields = ["created_by__name", "colleague__name"]
    date_hierarchy = "created_at"
