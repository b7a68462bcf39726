"""Prototypes in the admin, to look at; who tried one and what was noted of them is on its page."""

from django.contrib import admin

from portal.audit.public import ReadOnlyAdmin
from roadmaps.planning.prototypes.models import Prototype, PrototypeTest


@admin.register(Prototype)
class PrototypeAdmin(ReadOnlyAdmin):
    """What was tried."""

    list_display = ["title", "product", "team", "fidelity", "decision", "owner", "updated_at"]
    list_filter = ["fidelity", "decision", "product", "visibility"]
    list_select_related = ["product", "team", "owner"]
    search_fields = ["title", "hypothesis"]
    exclude = ["file_path"]
    view_on_site = True


@admin.register(PrototypeTest)
class PrototypeTestAdmin(ReadOnlyAdmin):
    """Tests, without their notes."""

    list_display = ["id", "prototype", "person", "held_on", "created_by", "created_at"]
    list_filter = ["prototype__product", "held_on"]
    list_select_related = ["prototype", "person", "created_by"]
    search_fields = ["prototype__title"]
    exclude = ["notes"]
