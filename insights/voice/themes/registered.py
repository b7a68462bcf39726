"""What themes hang into the shell: navigation, search, commands, the panel of a piece of feedback, the demo."""

from collections.abc import Iterable
from typing import Any

from django.urls import reverse

from insights.voice.feedback.public import Feedback, FeedbackWork
from insights.voice.themes import demo
from insights.voice.themes.models import Theme, ThemeLink
from portal.shell.public import Command, DemoSeed, NavItem, Panel, SearchHit, SearchProvider, registry


def _find(user: Any, text: str, limit: int) -> Iterable[SearchHit]:
    found = Theme.objects.visible_to(user).live().matching(text).select_related("product")
    for theme in found.order_by("name")[:limit]:
        yield SearchHit("Theme", theme.name, theme.get_absolute_url(), theme.product.name)


def _panel(thing: Any, user: Any) -> str | None:
    """Return where the themes of a piece of feedback are read; its page asks for them once it stands."""
    return reverse("themes:feedback-themes", args=[thing.pk]) if isinstance(thing, Feedback) else None


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
