"""What the page frame shows on every page."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote

from django.http import HttpRequest
from django.urls import reverse

from portal.shell.registry import FramePiece, NavItem, ProfileTab, registry

GROUPS = ["", "Insights", "Roadmaps", "Playbooks", "Operations"]


@dataclass(frozen=True)
class Line:
    """One link of the side bar, with those below it; current is "page" or "true" (a page under it), or empty."""

    label: str
    url: str
    icon: str
    keys: str
    current: str = ""
    below: tuple["Line", ...] = ()

    @property
    def is_current(self) -> bool:
        """Say whether the reader is here."""
        return bool(self.current)

    @property
    def is_open(self) -> bool:
        """Say whether the reader is here or below."""
        return self.is_current or any(line.is_current for line in self.below)


@dataclass(frozen=True)
class Group:
    """A group of links; folded where the person has folded it."""

    label: str
    items: list[Line]
    is_open: bool


@dataclass(frozen=True)
class Frame:
    """All that the frame draws round a page."""

    navigation: list[Group]
    side_pieces: list[tuple[str, Any]]
    top_pieces: list[tuple[str, Any]]
    profile_tabs: list[tuple[ProfileTab, str]]


def list_navigation(user: Any) -> list[tuple[NavItem, str]]:
    """Return the navigation's items that a user may see, with their addresses."""
    return [(item, reverse(item.url_name)) for item in registry.all(NavItem) if item.can_see(user)]


def _nearest(path: str, urls: list[str]) -> str:
    under = [url for url in urls if url == path or (url != "/" and path.startswith(url))]
    return max(under, key=len, default="")


def _navigation(request: HttpRequest) -> list[Group]:
    lines = list_navigation(request.user)
    places = {place: url for item, url in lines for place in (url, *item.also)}
    nearest = places.get(_nearest(request.path, list(places)), "")
    folded = set(unquote(request.COOKIES.get("folded", "")).split("|"))

    def draw(item: NavItem, url: str) -> Line:
        current = "" if url != nearest else "page" if url == request.path else "true"
        below = tuple(draw(*line) for line in lines if (line[0].group, line[0].under) == (item.group, item.label))
        return Line(item.label, url, item.icon, item.keys, current, below)

    groups: dict[str, list[Line]] = {}
    for item, url in lines:
        if not item.under:
            groups.setdefault(item.group, []).append(draw(item, url))
    order = [*GROUPS, *sorted(groups.keys() - set(GROUPS))]
    return [
        Group(name, groups[name], name not in folded or any(line.is_open for line in groups[name]))
        for name in order
        if name in groups
    ]


def _pieces(request: HttpRequest, place: str) -> list[tuple[str, Any]]:
    found = ((piece.template, piece.build(request)) for piece in registry.all(FramePiece) if piece.place == place)
    return [(template, built) for template, built in found if built is not None]


def frame(request: HttpRequest) -> dict[str, Any]:
    """Return the frame for who is signed in; nothing for others, and nothing for a fragment."""
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return {}
    if getattr(request, "htmx", None) and not request.htmx.boosted and not request.htmx.history_restore_request:
        return {}
    tabs = [(tab, reverse(tab.url_name)) for tab in registry.all(ProfileTab)]
    return {"frame": Frame(_navigation(request), _pieces(request, "side"), _pieces(request, "top"), tabs)}
