"""Inlets in the admin, for operators; made, exchanged and closed on their page."""

from django.contrib import admin

from insights.voice.intake.models import Inlet
from portal.audit.public import ReadOnlyAdmin


@admin.register(Inlet)
class InletAdmin(ReadOnlyAdmin):
    """Inlets; their secrets are shown to nobody."""

    list_display = ["name", "product", "origin", "channel", "n_taken", "last_used_at", "closed_at", "created_by"]
    list_filter = ["product", "channel"]
    list_select_related = ["product", "channel", "created_by"]
    search_fields = ["name", "origin"]
    fields = ["name", "product", "origin", "channel", "visibility", "n_taken", "last_used_at", "created_by"]
    fields += ["created_at", "closed_at"]
