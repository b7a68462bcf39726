"""What the pages of themes show: the tree with sizes, one theme with its evidence, the themes of one piece."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Prefetch

from insights.voice.conversations.public import Participant
from insights.voice.highlights.public import show_pieces
from insights.voice.themes.contracts import Branch, Node, Size, build_tree, resolve
from insights.voice.themes.models import Theme, ThemeLink
from insights.voice.themes.sizes import measure
from portal.people.public import Product, is_insider


@dataclass(frozen=True)
class ThemeRow:
    """A theme of the tree with its size."""

    theme: Theme
    depth: int
    size: Size

    @property
    def indent(self) -> range:
        """Return one step for each level above it."""
        return range(self.depth)


def read_tree(product: Any) -> tuple[list[Branch], list[Node]]:
    """Return all themes of a product, and the live ones in the tree's order; a queryset may name the product."""
    branches = Theme.objects.branches(product)
    return branches, build_tree(branches)


def resolve_themes(product: Product) -> dict[int, int]:
    """Return for each theme of a product the live one that it counts as."""
    by_id = {branch.id: branch for branch in Theme.objects.branches(product)}
    return {theme_id: resolve(theme_id, by_id) for theme_id in by_id}


def list_rows(product: Product, user: Any, *, today: date, text: str = "") -> list[ThemeRow]:
    """Return the themes of a product that a reader may see, in the tree's order; with words, those that hold them.

    A theme whose larger one is not for the reader stands where it is.
    """
    seen = Theme.objects.visible_to(user).filter(product=product).live().select_related("owner", "product")
    themes = {theme.pk: theme for theme in (seen.matching(text) if text else seen)}
    _, nodes = read_tree(product)
    sizes = measure(nodes, today)
    return [
        ThemeRow(themes[node.id], 0 if text else node.depth, sizes.get(node.id, Size()))
        for node in nodes
        if node.id in themes
    ]


def links_of(theme: Theme, user: Any, nodes: list[Node]) -> Any:
    """Return the links that count for a theme and that a reader may read, the weightiest and newest first."""
    counts = next((node.counts for node in nodes if node.id == theme.pk), (theme.pk,))
    participants = Participant.objects.select_related("person", "account")
    pieces = [
        f"{way}__{name}"
        for way in ("feedback", "highlight__feedback")
        for name in ("product", "channel", "team", "person", "account", "owner")
    ]
    talks = [f"highlight__conversation__{name}" for name in ("product", "team", "owner")]
    links = ThemeLink.objects.of_seen_texts(user).filter(theme__in=counts)
    return links.select_related("theme", "created_by", "highlight", *pieces, *talks).prefetch_related(
        Prefetch("highlight__conversation__participants", participants)
    )


def dress_links(links: list[ThemeLink], user: Any) -> None:
    """Give each link the words that a reader may see, and its piece who said it."""
    show_pieces([link.piece for link in links], user, has_names=False)
    for link in links:
        link.quote = link.highlight.quote_for(user) if link.highlight_id else ""
        link.is_inside = is_insider(user, link.piece.team_id)
