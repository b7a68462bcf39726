"""What themes hang into the shell: navigation, search, commands, the panel of a piece of feedback, the demo."""

from collections.abc import Iterable
from typing import Any

from django.urls import reverse

from insights.voice.conversations.public import Conversation
from insights.voice.feedback.public import Feedback, FeedbackWork
from insights.voice.themes import demo
from insights.voice.themes.models import Theme, ThemeLink
from portal.people.public import is_insider
from portal.shell.public import Command, DemoSeed, NavItem, Panel, SearchHit, SearchProvider, UsedBy, registry


def _find(user: Any, text: str, limit: int) -> Iterable[SearchHit]:
    found = Theme.objects.visible_to(user).live().matching(text).select_related("product")
    for theme in found.order_by("name")[:limit]:
        yield SearchHit("Theme", theme.name, theme.get_absolute_url(), theme.product.name)


def _panel(thing: Any, user: Any) -> str | None:
    """Return where the themes of what was said are read; its page asks for them once it stands."""
    if isinstance(thing, Feedback):
        return reverse("themes:feedback-themes", args=[thing.pk])
    if isinstance(thing, Conversation) and is_insider(user, thing.team_id):
        return reverse("themes:conversation-themes", args=[thing.pk])
    return None


def _using(thing: Any, user: Any) -> Any:
    """Return the themes for which words of a conversation or a piece of feedback speak."""
    if not isinstance(thing, Feedback | Conversation):
        return None
    links = ThemeLink.objects.visible_to(user).of_piece(thing)
    return Theme.objects.filter(pk__in=links.values("theme"))


def _show(values: dict[str, Any]) -> SearchHit:
    return SearchHit("Theme", values["name"], reverse("themes:theme-page", args=[values["pk"]]))


def _worked(pieces: Any) -> Iterable[int]:
    """Return the pieces that somebody linked to a theme: what an import linked is not work."""
    return ThemeLink.objects.filter(feedback__in=pieces, imported_in=None).values_list("feedback", flat=True)


registry.add(FeedbackWork("themes", "was linked to themes", _worked, order=20))
registry.add(NavItem("Insights", "Themes", "themes:theme-list", order=31, keys="g t", icon="catalogue", under="Voice"))
registry.add(SearchProvider("Themes", _find, order=29))
registry.add(
    Command("Themes of feedback", "themes:theme-list", order=28, detail="What customers ask for, and how many")
)
registry.add(Panel("themes", "insights/voice/_themes_panel.html", _panel, order=5))
registry.add(DemoSeed("themes", demo.seed_themes, order=56))
registry.add(UsedBy("Theme", _using, ("pk", "name"), _show))
