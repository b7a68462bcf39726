"""What opportunities hang into the shell: navigation, search, commands, "used by", closing the loop, the demo."""

from collections.abc import Iterable
from typing import Any

from django.urls import reverse

from insights.voice.closing.public import AskedForKind
from insights.voice.conversations.public import Conversation
from insights.voice.feedback.public import Feedback, FeedbackWork
from insights.voice.findings.public import Finding
from insights.voice.highlights.public import HighlightUser
from insights.voice.themes.public import Theme
from portal.people.public import can, can_see, is_insider
from portal.shell.public import Command, DemoSeed, NavItem, Panel, SearchHit, SearchRows, UsedBy, registry
from roadmaps.planning.opportunities import demo
from roadmaps.planning.opportunities.access import get_opportunity
from roadmaps.planning.opportunities.behind import OPPORTUNITY, list_behind, read_words
from roadmaps.planning.opportunities.contracts import FINDING, THEME
from roadmaps.planning.opportunities.gathering import release_highlight
from roadmaps.planning.opportunities.models import Evidence, Opportunity
from roadmaps.planning.opportunities.quoting_views import address_of


def _find(user: Any, text: str) -> Any:
    return Opportunity.objects.visible_to(user).matching(text).order_by("-updated_at", "-pk")


def _using(thing: Any, user: Any) -> Any:
    """Return the opportunities that rest on a thing or on words of it."""
    if isinstance(thing, Feedback):
        evidence = Evidence.objects.filter(feedback=thing) | Evidence.objects.filter(highlight__feedback=thing)
    elif isinstance(thing, Conversation):
        evidence = Evidence.objects.filter(highlight__conversation=thing)
    elif isinstance(thing, Finding | Theme):
        kind = FINDING if isinstance(thing, Finding) else THEME
        evidence = Evidence.objects.filter(kind=kind, thing_id=thing.pk)
    else:
        return None
    return Opportunity.objects.visible_to(user).filter(pk__in=evidence.order_by().values("opportunity"))


def _show(values: dict[str, Any]) -> SearchHit:
    address = reverse("opportunities:opportunity-page", args=[values["pk"]])
    return SearchHit("Opportunity", values["title"], address, values.get("product__name", ""))


def _status(thing: Any, user: Any) -> str | None:
    """Return where the status of an opportunity is read, and who of those behind it was told."""
    if not isinstance(thing, Opportunity):
        return None
    return reverse("closing:thing-status", args=[OPPORTUNITY, thing.pk])


def _said(thing: Any, user: Any) -> str | None:
    """Return where the opportunities of what was said are read; its page asks for them once it stands."""
    if isinstance(thing, Feedback) or (isinstance(thing, Conversation) and is_insider(user, thing.team_id)):
        return address_of("of-piece", thing)
    return None


def _panel(thing: Any, user: Any) -> Any:
    """Return the opportunities that rest on a theme or a finding; their pages show no other uses."""
    if not isinstance(thing, Finding | Theme):
        return None
    found = list(_using(thing, user).order_by("title", "pk")[:20])
    return {"opportunities": [one for one in found if can_see(user, one)]} if found else None


def _worked(pieces: Any) -> Iterable[int]:
    """Return the pieces that somebody took as evidence of an opportunity."""
    return Evidence.objects.filter(feedback__in=pieces).values_list("feedback", flat=True)


registry.add(
    NavItem(
        "Roadmaps",
        "Opportunities",
        "opportunities:opportunity-list",
        order=20,
        keys="g z",
        icon="insight",
        also=("/initiatives/",),
    )
)
registry.add(SearchRows("Opportunities", _find, ("pk", "title", "product__name"), _show, order=42))
registry.add(
    Command(
        "New opportunity",
        "opportunities:opportunity-new",
        can_see=lambda user: can(user, "opportunities.create"),
        order=42,
    )
)
registry.add(UsedBy("Opportunity", _using, ("pk", "title"), _show))
registry.add(HighlightUser("opportunities", release_highlight))
registry.add(FeedbackWork("opportunities", "is evidence of opportunities", _worked, order=40))
registry.add(AskedForKind(OPPORTUNITY, "Opportunity", get_opportunity, list_behind, read_words, order=20))
registry.add(Panel("opportunity-status", "insights/voice/_loop_panel.html", _status, order=5))
registry.add(Panel("said-opportunities", "roadmaps/planning/_said_panel.html", _said, order=14))
registry.add(Panel("opportunities", "roadmaps/planning/_opportunities_panel.html", _panel, order=40))
registry.add(DemoSeed("opportunities", demo.seed_opportunities, order=72))
