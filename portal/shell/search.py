"""Search over everything that rooms have registered, and over the navigation and the commands."""

import re
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any

from django.db.models import Q, QuerySet, Value, Window
from django.db.models.functions import JSONObject, RowNumber
from django.urls import reverse

from portal.shell.context import list_navigation
from portal.shell.registry import Command, SearchHit, SearchProvider, SearchRows, registry

LONGEST_TEXT = 200
_ALIKE = 0.74  # two letters changed places in a word of eight, or one is missing in a word of four
_FEWEST_LETTERS = 4


@dataclass(frozen=True)
class HitGroup:
    """The hits of one kind, best first."""

    kind: str
    hits: list[SearchHit]


def words_in(text: str, *fields: str) -> Q:
    """Return the condition that each word of a text is held by one of the fields of a row."""
    return Q(*(Q(*((f"{field}__icontains", word) for field in fields), _connector=Q.OR) for word in text.split()))


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
    text = text.replace("\0", " ").strip()[:LONGEST_TEXT]
    if len(text) < 2:
        return []
    found = _find_rows(user, [text], limit)
    finders = [*registry.all(SearchRows), *registry.all(SearchProvider)]
    groups = []
    for finder in sorted(finders, key=lambda one: (one.order, one.kind)):
        is_row = isinstance(finder, SearchRows)
        hits = found.get(finder.kind, []) if is_row else list(finder.find(user, text, limit))[:limit]
        groups.append(HitGroup(finder.kind, hits))
    return [group for group in groups if group.hits]


def _find_rows(user: Any, texts: list[str], limit: int) -> dict[str, list[SearchHit]]:
    """Return the rows of each kind that hold one of the texts, so many of each text: one query for all rooms."""
    finders = {finder.kind: finder for finder in registry.all(SearchRows)}
    asked = [
        _part(finder, rows, limit)
        for finder in finders.values()
        for text in texts
        if (rows := finder.find(user, text)) is not None
    ]
    if not asked:
        return {}
    found: dict[str, dict[str, SearchHit]] = {}
    for kind, _, values in sorted(asked[0].union(*asked[1:], all=True), key=lambda row: row[1]):
        hit = finders[kind].show(values)
        found.setdefault(kind, {})[hit.url] = hit
    return {kind: list(hits.values()) for kind, hits in found.items()}


def _part(finder: SearchRows, rows: QuerySet, limit: int) -> QuerySet:
    """Return (kind, place, values) of the first rows of a kind: joined with others, rows would forget their order."""
    place = Window(RowNumber(), order_by=list(rows.query.order_by))
    values = JSONObject(**{name: name for name in finder.fields})
    return rows.values_list(Value(finder.kind), place, values)[:limit]


def find_similar(user: Any, text: str, limit: int) -> list[HitGroup]:
    """Return what is called almost like a text that finds nothing: each of its words with a slip or two.

    Every page and command is looked at. The rooms' tables know no slips: they are asked for both ends of the longest
    word. Who finds in an own way minds slips itself, and has found nothing.
    """
    words = text.replace("\0", " ").lower().split()
    longest = max(words, key=len, default="")
    if len(longest) < _FEWEST_LETTERS:
        return []
    ends = list(dict.fromkeys((longest[:3], longest[-3:])))
    places = {group.kind: group.hits for group in find_places(user, "", 100)}
    alike = {
        kind: [hit for hit in hits if all(_has_alike(hit.title, word) for word in words)]
        for kind, hits in (places | _find_rows(user, ends, 50)).items()
    }
    return [HitGroup(kind, hits[:limit]) for kind, hits in alike.items() if hits]


def _has_alike(title: str, word: str) -> bool:
    """Say whether one of a title's words is almost a word, or begins almost like it.

    >>> _has_alike("Product health", "helth"), _has_alike("Dashboards", "dahsbord"), _has_alike("Metrics", "helth")
    (True, True, False)
    """
    parts = re.findall(r"\w+", title.lower())
    beginnings = [part[: len(word) + 1] for part in parts]
    return any(SequenceMatcher(None, word, part).ratio() >= _ALIKE for part in (*parts, *beginnings))
