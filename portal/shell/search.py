"""Search over everything that rooms have registered, and over the navigation and the commands."""

from dataclasses import dataclass
from typing import Any

from django.urls import reverse

from portal.shell.context import list_navigation
from portal.shell.registry import Command, SearchHit, SearchProvider, registry

LONGEST_TEXT = 200


@dataclass(frozen=True)
class HitGroup:
    """The hits of one kind, best first."""

    kind: str
    hits: list[SearchHit]


def _matches(text: str, label: str) -> bool:
    return all(word in label.lower() for word in text.lower().split())


def find_places(user: Any, text: str, limit: int) -> list[HitGroup]:
    """Return the pages and commands whose words hold the text; all of them for no text."""
    pages = [
        SearchHit("Page", item.label, url, " · ".join(filter(None, [item.group, item.under, item.keys])))
        for item, url in list_navigation(user)
        if _matches(text, f"{item.group} {item.under} {item.label}")
    ]
    commands = [
        SearchHit("Command", command.label, reverse(command.url_name), command.detail)
        for command in registry.all(Command)
        if command.can_see(user) and _matches(text, f"{command.label} {command.detail}")
    ]
    groups = [HitGroup("Pages", pages[:limit]), HitGroup("Do", commands[:limit])]
    return [group for group in groups if group.hits]


def find_things(user: Any, text: str, limit: int) -> list[HitGroup]:
    """Return what the rooms find for a text, by kind; nothing for less than two characters."""
    text = text.strip()[:LONGEST_TEXT]
    if len(text) < 2:
        return []
    groups = [
        HitGroup(provider.kind, list(provider.find(user, text, limit))[:limit])
        for provider in registry.all(SearchProvider)
    ]
    return [group for group in groups if group.hits]
