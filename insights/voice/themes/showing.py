"""The evidence of a theme on its page and in files: what was said, by whom, how much it matters."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

import django_filters

from insights.voice.feedback.public import Feedback
from insights.voice.highlights.public import account_ids, person_ids
from insights.voice.themes.contracts import Node, Size
from insights.voice.themes.models import Importance, Theme, ThemeLink
from insights.voice.themes.sizes import measure
from portal.people.public import can, is_insider
from portal.shell.public import Panel, panels_for

LINK_SORTS = {"weight": "importance", "linked": "created_at"}


class LinkListFilter(django_filters.FilterSet):
    """The evidence of a theme by how much it matters."""

    importance = django_filters.ChoiceFilter(
        choices=Importance.choices, label="How much it matters", empty_label="Any importance"
    )

    class Meta:
        model = ThemeLink
        fields = ["importance"]


@dataclass(frozen=True)
class ThemePage:
    """A theme's size, the themes just below it with theirs, what was merged into it, and what the reader may do."""

    size: Size
    below: list[tuple[Theme, Size]]
    merged: list[Theme]
    may_edit: bool
    panels: list[tuple[Panel, Any]]


def read_theme_page(theme: Theme, user: Any, nodes: list[Node], *, today: date) -> ThemePage:
    """Return what the page of a theme shows beside its evidence."""
    place = next((at for at, node in enumerate(nodes) if node.id == theme.pk), None)
    below = []
    if place is not None:
        depth = nodes[place].depth
        for node in nodes[place + 1 :]:
            if node.depth <= depth:
                break
            if node.depth == depth + 1:
                below.append(node)
    near = [node for node in nodes if node.id == theme.pk] + below
    sizes = measure(near, today)
    others = Theme.objects.visible_to(user).filter(pk__in=[node.id for node in below]) | Theme.objects.visible_to(
        user
    ).filter(merged_into=theme)
    known = {one.pk: one for one in others}
    return ThemePage(
        size=sizes.get(theme.pk, Size()),
        below=[(known[node.id], sizes.get(node.id, Size())) for node in below if node.id in known],
        merged=sorted((one for one in known.values() if one.merged_into_id == theme.pk), key=lambda one: one.name),
        may_edit=can(user, "themes.edit", theme),
        panels=panels_for(theme, user),
    )


def columns_for(user: Any, columns: dict[str, tuple[bool, Callable[..., Any]]]) -> dict[str, Callable[[Any], Any]]:
    """Return the columns of a file of evidence, as this reader may have them: some are for insiders alone."""

    def column(is_personal: bool, read: Callable[..., Any]) -> Callable[[Any], Any]:
        return lambda link: "" if is_personal and not is_insider(user, link.piece.team_id) else read(link, user)

    return {name: column(*one) for name, one in columns.items()}


def _words(link: ThemeLink, user: Any) -> str:
    if link.highlight_id:
        return link.highlight.quote_for(user)
    return link.piece.text if is_insider(user, link.piece.team_id) else link.piece.masked


LINK_COLUMNS: dict[str, tuple[bool, Callable[..., Any]]] = {
    "words": (False, _words),
    "is the whole piece": (False, lambda link, user: "no" if link.highlight_id else "yes"),
    "importance": (False, lambda link, user: link.importance),
    "theme": (False, lambda link, user: link.theme.name),
    "feedback": (False, lambda link, user: link.feedback_id or link.highlight.feedback_id or ""),
    "conversation": (False, lambda link, user: link.highlight.conversation_id or "" if link.highlight_id else ""),
    "kind": (False, lambda link, user: link.piece.get_kind_display()),
    "channel": (False, lambda link, user: link.piece.channel.name if isinstance(link.piece, Feedback) else ""),
    "said on": (False, lambda link, user: link.piece.said_on),
    "person": (True, lambda link, user: person_ids(link.piece)),
    "account": (True, lambda link, user: account_ids(link.piece)),
}
