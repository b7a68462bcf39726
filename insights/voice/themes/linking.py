"""Linking pieces of feedback, or words of them or of conversations, to themes, with how much it matters."""

from collections.abc import Sequence
from typing import Any

from django.db import transaction

from insights.voice.feedback.public import Feedback, follow_links
from insights.voice.highlights.public import Highlight, Piece, add_highlight
from insights.voice.themes.contracts import resolve
from insights.voice.themes.models import Importance, Theme, ThemeLink
from portal.audit.public import record, state_of
from portal.people.public import can_see, require
from portal.shell.public import BadInput, NotFound


@transaction.atomic
def link_theme(
    theme: Theme,
    piece: Piece,
    *,
    actor: Any,
    importance: int = Importance.IMPORTANT,
    highlight: Highlight | None = None,
    quote: str = "",
    start: int | None = None,
    part: str = "",
) -> tuple[ThemeLink, bool]:
    """Link a whole piece, a highlight of it, or words that are highlighted with it; returns the link and if it is new.

    A conversation is about many things: of it words are linked, never the whole. A theme that was merged stands for the
    one that it counts as. Linked again, the importance given last holds.
    """
    theme = _live(theme)
    require(actor, "themes.link", theme)
    if not can_see(actor, piece):
        raise NotFound()
    if theme.product_id != piece.product_id:
        raise BadInput(fields={"theme": ["This theme is of another product than the text."]})
    _check(importance)
    if quote.strip():
        highlight = add_highlight(piece, actor=actor, quote=quote, start=start, part=part)[0]
    elif highlight is not None:
        highlight = _kept(highlight)
    if highlight is not None and highlight.piece != piece:
        raise BadInput(fields={"highlight": ["This highlight is of another text."]})
    if highlight is None and not isinstance(piece, Feedback):
        raise BadInput(fields={"quote": ["Choose the words: a conversation is about many things."]})
    what = {"highlight": highlight} if highlight else {"feedback": piece}
    link, is_new = ThemeLink.objects.select_for_update(of=["self"]).get_or_create(
        theme=theme, **what, defaults={"importance": importance, "created_by_id": actor.pk}
    )
    if is_new:
        record(actor, "theme.linked", theme, after={"link": link.pk, "importance": importance})
        if isinstance(piece, Feedback):
            follow_links(piece, is_linked=True)
    elif link.importance != importance:
        link = weigh_link(link, actor=actor, importance=importance)
    return link, is_new


@transaction.atomic
def weigh_link(link: ThemeLink, *, actor: Any, importance: int) -> ThemeLink:
    """Say how much it matters."""
    require(actor, "themes.link", link.theme)
    _check(importance)
    current = ThemeLink.objects.select_for_update(of=["self"]).select_related("theme").filter(pk=link.pk).first()
    if current is None:
        raise NotFound()
    before = state_of(current)
    current.importance = importance
    current.save(update_fields=["importance"])
    record(actor, "theme_link.changed", current, before=before, after=state_of(current))
    return current


@transaction.atomic
def unlink_theme(link: ThemeLink, *, actor: Any) -> None:
    """Take a link back; text and highlight stay."""
    require(actor, "themes.link", link.theme)
    _unlink(link, actor)


def release_highlight(highlight: Highlight, actor: Any) -> None:
    """Take back what links the words to themes, before they are no highlight any more: their piece may wait again."""
    for link in ThemeLink.objects.select_related("theme").filter(highlight=highlight):
        link.highlight = highlight
        _unlink(link, actor)


def _unlink(link: ThemeLink, actor: Any) -> None:
    record(actor, "theme.unlinked", link.theme, before={"link": link.pk, "importance": link.importance})
    piece = link.piece
    link.delete()
    if isinstance(piece, Feedback) and not ThemeLink.objects.of_piece(piece).exists():
        follow_links(piece, is_linked=False)


@transaction.atomic
def link_pieces(
    theme: Theme, feedback: Sequence[Feedback], *, actor: Any, importance: int = Importance.IMPORTANT
) -> int:
    """Link many whole pieces of the theme's product in a few statements; return how many were not linked before."""
    theme = _live(theme)
    require(actor, "themes.link", theme)
    _check(importance)
    if any(one.product_id != theme.product_id or not can_see(actor, one) for one in feedback):
        raise BadInput(fields={"feedback": ["Link pieces of the theme's product that you may read."]})
    known = set(ThemeLink.objects.filter(theme=theme, feedback__in=feedback).values_list("feedback_id", flat=True))
    fresh = [one for one in feedback if one.pk not in known]
    links = [ThemeLink(theme=theme, feedback=one, importance=importance, created_by_id=actor.pk) for one in fresh]
    ThemeLink.objects.bulk_create(links, ignore_conflicts=True, batch_size=500)
    follow_links(*fresh, is_linked=True)
    record(actor, "theme.linked", theme, after={"n_links": len(fresh), "importance": importance})
    return len(fresh)


def _live(theme: Theme) -> Theme:
    if theme.merged_into_id is None:
        return theme
    by_id = {branch.id: branch for branch in Theme.objects.branches(theme.product)}
    return Theme.objects.select_related("product", "team").get(pk=resolve(theme.pk, by_id))


def _kept(highlight: Highlight) -> Highlight:
    """Return a highlight that nobody takes back until the transaction ends."""
    kept = Highlight.objects.select_for_update(of=["self"], no_key=True).dressed().filter(pk=highlight.pk).first()
    if kept is None:
        raise NotFound()
    return kept


def _check(importance: int) -> None:
    if importance not in Importance.values:
        raise BadInput(fields={"importance": ["Use 1 (nice to have), 2 (important) or 3 (critical)."]})
