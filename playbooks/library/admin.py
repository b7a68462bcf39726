"""Playbooks in the admin, for operators."""

from django.contrib import admin

from playbooks.library.models import Playbook, PlaybookVersion
from portal.audit.public import ReadOnlyAdmin


@admin.register(Playbook)
class PlaybookAdmin(ReadOnlyAdmin):
    """Playbooks; written and decided about on their pages, where the rules are checked."""

    list_display = ["face", "state", "team", "owner", "verifier", "review_on", "updated_at"]
    list_filter = ["state", "team", "visibility", "face__stage"]
    list_select_related = ["face", "team", "owner", "verifier"]
    search_fields = ["slug", "face__title", "face__purpose"]
    view_on_site = True


@admin.register(PlaybookVersion)
class PlaybookVersionAdmin(ReadOnlyAdmin):
    """Versions of playbooks, to look at."""

    list_display = ["title", "playbook", "number", "stage", "published_at", "published_by"]
    list_filter = ["stage"]
    list_select_related = ["playbook__face", "published_by"]
    search_fields = ["title", "purpose"]
