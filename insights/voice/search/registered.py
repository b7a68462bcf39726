"""What search hangs into the shell: navigation, the palette, what is alike on the pages of texts, erasers, the demo."""

from collections.abc import Iterable
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode

from insights.voice.search import demo
from insights.voice.search.contracts import Wish
from insights.voice.search.erasing import WORD_MENTIONS, erase_from_searches, forget_counted
from insights.voice.search.finding import candidates_of, read_hits
from insights.voice.search.marking import cut_out
from insights.voice.search.models import SavedSearch
from insights.voice.search.snippets import fold
from insights.voice.texts.public import TextKind
from insights.voice.themes.public import Theme
from portal.shell.public import (
    Command,
    DemoSeed,
    NavItem,
    Panel,
    PersonEraser,
    Schedule,
    SearchHit,
    SearchProvider,
    UsedBy,
    registry,
)


def _find(user: Any, text: str, limit: int) -> Iterable[SearchHit]:
    """Return what customers said that fits, best first, and the page with all of it."""
    best = candidates_of(Wish(text=text), user, timezone.localdate())[:limit]
    words = fold(text).split()
    for hit in read_hits(best, user):
        title = hit.found.title or cut_out(hit.found.text, words)[:120]
        yield SearchHit(hit.label, title, hit.found.url, ", ".join(filter(None, [hit.label, hit.found.detail])))


def _alike(thing: Any, user: Any) -> str | None:
    """Return where texts like this one are read; its page asks for them once it stands."""
    kind = next((one for one in registry.all(TextKind) if one.rows(user).model is type(thing)), None)
    return f"{reverse('search:alike')}?{urlencode({'like': f'{kind.name}-{thing.pk}'})}" if kind else None


def _using(thing: Any, user: Any) -> Any:
    """Return the saved searches that narrow by a theme."""
    if not isinstance(thing, Theme):
        return None
    return SavedSearch.objects.visible_to(user).filter(asked__theme=str(thing.pk))


def _show(values: dict[str, Any]) -> SearchHit:
    return SearchHit("Saved search", values["name"], f"{reverse('search:find')}?{urlencode(values['asked'])}")


registry.add(NavItem("Insights", "Search", "search:find", order=29, keys="g x", icon="search", under="Voice"))
registry.add(SearchProvider("What customers say", _find, order=30))
registry.add(
    Command("Search what customers say", "search:find", order=24, detail="Feedback, conversations, highlights")
)
registry.add(Command("Saved searches", "search:saved-list", order=29, detail="Of what customers say"))
registry.add(Panel("alike", "insights/voice/_alike_panel.html", _alike, order=60))
registry.add(UsedBy("Saved search", _using, ("name", "asked"), _show))
registry.add(PersonEraser("saved searches", erase_from_searches, order=5))
registry.add(WORD_MENTIONS)
registry.add(PersonEraser("counted words", forget_counted, order=950))
registry.add(
    Schedule(
        "Words of the voice counted",
        "voice.count_words",
        every_s=600,
        description="Search knows a slip of the hand by the words that texts hold.",
    )
)
registry.add(DemoSeed("saved searches", demo.seed_searches, order=70))
