"""What triage hangs into the shell: navigation, keys, Home, the panel of a piece of feedback, the demo."""

from collections.abc import Iterable
from typing import Any

from django.http import HttpRequest
from django.urls import reverse

from insights.voice.feedback.public import Feedback, FeedbackWork
from insights.voice.triage import demo
from insights.voice.triage.models import Inquiry
from portal.people.public import Role, is_insider
from portal.shell.public import Command, DemoSeed, HomePanel, KeyGuide, NavItem, Panel, registry


def _may_decide(user: Any) -> bool:
    return Role(user.role).rank >= Role.PRODUCT_MANAGER.rank


def _home(request: HttpRequest) -> dict[str, Any] | None:
    """Let who may decide see what waits; Home asks for it once it stands."""
    return {} if _may_decide(request.user) else None


def _panel(thing: Any, user: Any) -> str | None:
    """Return where the triage of a piece of feedback is read; its page asks for it once it stands."""
    if not isinstance(thing, Feedback) or not is_insider(user, thing.team_id):
        return None
    return reverse("triage:piece-history", args=[thing.pk])


def _asked(pieces: Any) -> Iterable[int]:
    """Return the pieces about which somebody asked back; other decisions change them, which counts by itself."""
    return Inquiry.objects.filter(feedback__in=pieces).values_list("feedback", flat=True)


registry.add(
    NavItem(
        "Insights", "Triage", "triage:inbox", order=33, keys="g j", can_see=_may_decide, icon="filter", under="Voice"
    )
)
registry.add(
    KeyGuide(
        "In the triage inbox",
        (
            ("Next piece", ("n",)),
            ("Piece before", ("p",)),
            ("Link to the first, second, third suggestion", ("1", "2", "3")),
            ("That suggestion is wrong", ("x", "1")),
            ("Choose a theme by its name", ("l",)),
            ("Nice, important, critical", ("i", "1")),
            ("Archive", ("a",)),
            ("Split", ("s",)),
            ("Give to a colleague", ("w",)),
            ("Ask back", ("b",)),
            ("Undo", ("u",)),
            ("Open its page", ("o",)),
        ),
        can_see=_may_decide,
        order=20,
    )
)
registry.add(
    Command("Triage feedback", "triage:inbox", can_see=_may_decide, order=25, detail="What waits, one piece at a time")
)
registry.add(HomePanel("triage", "insights/voice/_triage_home.html", _home, order=30))
registry.add(Panel("triage", "insights/voice/_triage_panel.html", _panel, order=15))
registry.add(FeedbackWork("triage", "was asked back about", _asked, order=30))
registry.add(DemoSeed("triage", demo.seed_waiting, order=58))
