"""Rules of retention in the admin, for operators; made and changed on their pages, which show what they would do."""

from django.contrib import admin

from insights.voice.retention.models import RetentionRule
from portal.audit.public import ReadOnlyAdmin


@admin.register(RetentionRule)
class RetentionRuleAdmin(ReadOnlyAdmin):
    """Rules, with what they did so far."""

    list_display = ["product", "about", "channel", "days", "effect", "starts_on", "n_done", "applied_at", "created_by"]
    list_filter = ["product", "about", "effect"]
    list_select_related = ["product", "channel", "created_by"]
    search_fields = ["product__name", "channel__name"]
