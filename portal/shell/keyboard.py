"""The keyboard overview: which keys do what, from the navigation and from the shell's own habits."""

from dataclasses import dataclass
from typing import Any

from portal.shell.context import list_navigation
from portal.shell.registry import KeyGuide, registry


@dataclass(frozen=True)
class KeyGroup:
    """A heading with its keys: pairs of (what it does, keys)."""

    title: str
    keys: list[tuple[str, list[str]]]


def list_keys(user: Any) -> list[KeyGroup]:
    """Return all keys that work for a user."""
    go = [(item.label, item.keys.split()) for item, _ in list_navigation(user) if item.keys]
    anywhere = [
        ("Search and go", ["Ctrl", "K"]),
        ("Search, or the list's own search", ["/"]),
        ("This overview", ["?"]),
        ("Close what is open", ["Esc"]),
    ]
    lists = [
        ("Next row", ["j"]),
        ("Row before", ["k"]),
        ("Open it", ["Enter"]),
        ("Next page", ["n"]),
        ("Page before", ["p"]),
        ("Edit", ["e"]),
    ]
    own = [
        KeyGroup(guide.name, [(label, list(keys)) for label, keys in guide.keys])
        for guide in registry.all(KeyGuide)
        if guide.can_see(user)
    ]
    groups = [KeyGroup("Anywhere", anywhere), KeyGroup("In a list", lists), *own, KeyGroup("Go to", go)]
    return [group for group in groups if group.keys]
