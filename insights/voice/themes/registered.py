"""What themes hang into the shell: navigation, search, commands, the panel of a piece of feedback, the demo."""

from collections.abc import Iterable
from functools import reduce
from operator import or_
from typing import Any

from django.db.models import Q
from django.urls import reverse

from insights.voice.conversations.public import Conversation
from insights.voice.feedback.public import Feedback, FeedbackWork
from insights.voice.highlights.public import HighlightUser
from insights.voice.texts.public import TextFilter
from insights.voice.themes import demo
from insights.voice.themes.linking import release_highlight
from insights.voice.themes.models import Theme, ThemeLink
from insights.voice.themes.queries import read_tree
from portal.people.public import is_insider
from portal.shell.public import Command, DemoSeed, NavItem, Panel, SearchHit, SearchRows, UsedBy, registry


def _find(user: Any, text: str) -> Any:
    return Theme.objects.visible_to(user).live().matching(text).order_by("name", "pk")


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


def _choices(user: Any) -> list[tuple[str, str]]:
    live = Theme.objects.visible_to(user).live().order_by("product__name", "name")
    return [(str(pk), f"{name} ({product})") for pk, name, product in live.values_list("pk", "name", "product__name")]


def _read(value: str, user: Any) -> list[int]:
    """Return the themes that count for one that the reader may see: itself, all below it, all merged into them."""
    if not (value.isdecimal() and len(value) < 19):
        return []
    its_product = Theme.objects.visible_to(user).filter(pk=value).order_by().values("product")[:1]
    return [pk for node in read_tree(its_product)[1] if node.id == int(value) for pk in node.counts]


_LINKED = {
    "feedback": ("feedback", "highlight__feedback"),
    "conversation": ("highlight__conversation",),
    "highlight": ("highlight",),
}


def _about(kind: str, rows: Any, themes: list[int], user: Any) -> Any:
    """Keep the texts that are linked to one of the themes, as a whole or by some of their words."""
    links = ThemeLink.objects.filter(theme__in=themes)
    linked = _LINKED.get(kind)
    if linked is None:
        return None
    ways = (Q(pk__in=links.filter(**{f"{way}__isnull": False}).values(way)) for way in linked)
    return rows.filter(reduce(or_, ways))


def _show(values: dict[str, Any]) -> SearchHit:
    address = reverse("themes:theme-page", args=[values["pk"]])
    return SearchHit("Theme", values["name"], address, values.get("product__name", ""))


def _worked(pieces: Any) -> Iterable[int]:
    """Return the pieces that somebody linked to a theme: what an import linked is not work."""
    return ThemeLink.objects.filter(feedback__in=pieces, imported_in=None).values_list("feedback", flat=True)


registry.add(FeedbackWork("themes", "was linked to themes", _worked, order=20))
registry.add(NavItem("Insights", "Themes", "themes:theme-list", order=31, keys="g t", icon="catalogue", under="Voice"))
registry.add(SearchRows("Themes", _find, ("pk", "name", "product__name"), _show, order=29))
registry.add(
    Command("Themes of feedback", "themes:theme-list", order=28, detail="What customers ask for, and how many")
)
registry.add(Panel("themes", "insights/voice/_themes_panel.html", _panel, order=5))
registry.add(DemoSeed("themes", demo.seed_themes, order=56))
registry.add(HighlightUser("themes", release_highlight))
registry.add(UsedBy("Theme", _using, ("pk", "name"), _show))
registry.add(TextFilter("theme", "Theme", _choices, _about, read=_read, empty_label="All themes", order=20))
