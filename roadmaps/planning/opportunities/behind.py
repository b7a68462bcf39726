"""Everybody behind an opportunity, so that they can be told what became of it: who asked, and in which words."""

from collections.abc import Collection
from typing import Any

from insights.voice.conversations.public import Conversation
from insights.voice.feedback.public import Feedback
from insights.voice.highlights.public import Highlight, show_pieces
from insights.voice.themes.public import AskedWords, Asker, list_askers
from roadmaps.planning.opportunities.models import Opportunity
from roadmaps.planning.opportunities.sizes import LINKED

OPPORTUNITY = "opportunity"


def list_behind(opportunity: Opportunity) -> list[Asker]:
    """Return who stands behind an opportunity, the weightiest and newest first."""
    return list_askers(LINKED, {"opportunities": [opportunity.pk]})


def read_words(opportunity: Opportunity, link_ids: Collection[int], user: Any) -> dict[int, AskedWords]:
    """Return what was said, by the numbers that `list_behind` names, as a reader may see it."""
    quotes = [one // 2 for one in link_ids if one % 2 == 0]
    pieces = [one // 2 for one in link_ids if one % 2]
    highlights = list(Highlight.objects.visible_to(user).dressed().filter(pk__in=quotes)) if quotes else []
    feedback = list(Feedback.objects.visible_to(user).dressed().filter(pk__in=pieces)) if pieces else []
    show_pieces([*(one.piece for one in highlights), *feedback], user, has_names=False)
    found = {2 * one.pk: _words(one, user) for one in highlights}
    for one in feedback:
        found[2 * one.pk + 1] = AskedWords(one.shown.text, one.get_absolute_url(), one.said_on, True, False)
    return found


def _words(highlight: Highlight, user: Any) -> AskedWords:
    piece, is_talk = highlight.piece, isinstance(highlight.piece, Conversation)
    named = {row.speaker.lower() for row in piece.participants.all() if row.speaker} if is_talk else set()
    is_own = not is_talk or (bool(highlight.speaker) and highlight.speaker.lower() in named)
    said_on = piece.held_on if is_talk else piece.said_on
    return AskedWords(highlight.quote_for(user), highlight.get_absolute_url(), said_on, is_own, is_talk)
