"""Playbooks in the admin: what is due, what is nobody's, and several decided about at once."""

from collections.abc import Callable
from typing import Any

from django.contrib import admin, messages
from django.db.models import Exists, OuterRef
from django.utils import timezone
from django.utils.html import format_html

from playbooks.library import actions
from playbooks.library.models import Playbook, PlaybookVersion
from portal.audit.public import ReadOnlyAdmin
from portal.shell.public import PortalError


class InReviewFilter(admin.SimpleListFilter):
    """Whether somebody is to decide about a draft."""

    title, parameter_name = "draft", "draft"

    def lookups(self, request: Any, model_admin: Any) -> list[tuple[str, str]]:
        """Return what a draft can be."""
        return [("review", "In review"), ("open", "Being written"), ("none", "None")]

    def queryset(self, request: Any, queryset: Any) -> Any:
        """Keep the playbooks whose draft is so."""
        drafts = PlaybookVersion.objects.filter(number=None).order_by()
        known = {
            "review": queryset.filter(pk__in=drafts.exclude(sent_at=None).values("playbook")),
            "open": queryset.filter(pk__in=drafts.filter(sent_at=None).values("playbook")),
            "none": queryset.exclude(pk__in=drafts.values("playbook")),
        }
        return known.get(self.value() or "", queryset)


@admin.register(Playbook)
class PlaybookAdmin(ReadOnlyAdmin):
    """Playbooks; written on their pages, where the rules are checked, and decided about here as there."""

    list_display = ["title", "state", "has_draft", "stage", "team", "owner", "verifier", "age", "review_on"]
    list_filter = ["state", InReviewFilter, "face__stage", "team", "owner", "visibility"]
    list_select_related = ["face", "team", "owner", "verifier"]
    search_fields = ["slug", "face__title", "face__purpose", "face__body", "owner__name"]
    ordering = ["review_on", "pk"]
    view_on_site = True
    actions = ["publish_drafts", "confirm", "retire", "bring_back"]

    def get_queryset(self, request: Any) -> Any:
        """Return playbooks, each with whether a draft of it waits."""
        drafts = PlaybookVersion.objects.filter(playbook=OuterRef("pk"), number=None)
        return super().get_queryset(request).annotate(has_open_draft=Exists(drafts))

    @admin.display(description="playbook", ordering="face__title")
    def title(self, playbook: Playbook) -> str:
        """Return what it is called."""
        return str(playbook)

    @admin.display(description="stage", ordering="face__stage")
    def stage(self, playbook: Playbook) -> str:
        """Return where in the loop it helps."""
        return playbook.face.get_stage_display()

    @admin.display(description="draft", boolean=True)
    def has_draft(self, playbook: Any) -> bool:
        """Say whether the next version is being written."""
        return playbook.has_open_draft

    @admin.display(description="last reviewed", ordering="reviewed_on")
    def age(self, playbook: Playbook) -> str:
        """Return how long ago somebody said that it is right."""
        if playbook.reviewed_on is None:
            return "never"
        n_days = (timezone.localdate() - playbook.reviewed_on).days
        return "today" if n_days <= 0 else f"{n_days} day{'s' if n_days != 1 else ''} ago"

    @admin.action(description="Publish their drafts", permissions=["view"])
    def publish_drafts(self, request: Any, queryset: Any) -> None:
        """Publish the draft of each that was chosen, by the rules of the library."""
        self._do(request, queryset, actions.publish, "published")

    @admin.action(description="Say that they are still right", permissions=["view"])
    def confirm(self, request: Any, queryset: Any) -> None:
        """Confirm each that was chosen."""
        self._do(request, queryset, actions.confirm, "confirmed")

    @admin.action(description="Retire them", permissions=["view"])
    def retire(self, request: Any, queryset: Any) -> None:
        """Retire each that was chosen."""
        self._do(request, queryset, actions.retire, "retired")

    @admin.action(description="Bring them back", permissions=["view"])
    def bring_back(self, request: Any, queryset: Any) -> None:
        """Bring each that was chosen back."""
        self._do(request, queryset, actions.bring_back, "brought back")

    def _do(self, request: Any, queryset: Any, act: Callable[..., Any], done: str) -> None:
        """Do one thing with each through the room's own action; say of each that refuses why."""
        n_done = 0
        for playbook in queryset.order_by("pk"):
            try:
                act(playbook, actor=request.user)
            except PortalError as fault:
                why = format_html("{}: {}", playbook, " ".join(fault.sentences))
                self.message_user(request, why, messages.WARNING)
            else:
                n_done += 1
        if n_done:
            self.message_user(request, f"{n_done} playbook{'s' if n_done != 1 else ''} {done}.", messages.SUCCESS)


@admin.register(PlaybookVersion)
class PlaybookVersionAdmin(ReadOnlyAdmin):
    """Versions of playbooks, to look at."""

    list_display = ["title", "playbook", "number", "stage", "published_at", "published_by"]
    list_filter = ["stage"]
    list_select_related = ["playbook__face", "published_by"]
    search_fields = ["title", "purpose"]
