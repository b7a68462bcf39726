"""What highlights hang into the shell and into texts: marks, the panel of a text, search, what moves with an edit."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.urls import reverse

from insights.voice.conversations.public import Conversation
from insights.voice.feedback.public import Feedback, FeedbackWork
from insights.voice.highlights.actions import follow_text, forget_text
from insights.voice.highlights.forms import HighlightForm
from insights.voice.highlights.models import Highlight, Piece, piece_field
from insights.voice.highlights.personal import export_person
from insights.voice.highlights.showing import show_found
from insights.voice.texts.public import Fits, Mark, MarkProvider, TextFollower, TextKind
from portal.people.public import can, is_insider
from portal.shell.public import NavItem, Panel, PersonExporter, registry


@dataclass(frozen=True)
class HighlightsPanel:
    """The highlights of a text, in its order, and the form to add one with its address."""

    rows: list[Highlight]
    form: HighlightForm | None
    url: str


def highlights_of(piece: Piece) -> list[Highlight]:
    """Return the highlights of a piece in its order, read once for the marks, the panel and whoever else asks."""
    if not hasattr(piece, "highlights_read"):
        rows = list(piece.highlights.select_related("created_by"))
        for row in rows:
            setattr(row, piece_field(piece), piece)
        piece.highlights_read = sorted(rows, key=lambda row: (row.part, row.is_lost, row.start or 0, row.pk))
    return piece.highlights_read


def address_to_add(piece: Piece) -> str:
    """Return where words of a piece are highlighted."""
    name = "highlight-new" if isinstance(piece, Feedback) else "conversation-highlight-new"
    return reverse(f"highlights:{name}", args=[piece.pk])


def _marks(thing: Any, user: Any) -> list[Mark]:
    if not isinstance(thing, Feedback | Conversation):
        return []
    placed = [row for row in highlights_of(thing) if not row.is_lost]
    return [Mark(row.start, row.start + len(row.quote), row.mark_name, row.part) for row in placed]


def _panel(thing: Any, user: Any) -> HighlightsPanel | None:
    if not isinstance(thing, Feedback | Conversation) or not is_insider(user, thing.team_id):
        return None
    rows, may_add = highlights_of(thing), can(user, "highlights.create", thing)
    form = HighlightForm(auto_id="highlight_%s", piece=thing) if may_add else None
    return HighlightsPanel(rows, form, address_to_add(thing)) if rows or may_add else None


def _worked(pieces: Any) -> Iterable[int]:
    return Highlight.objects.filter(feedback__in=pieces).values_list("feedback", flat=True)


registry.add(FeedbackWork("highlights", "has highlights", _worked, order=10))
registry.add(TextFollower("highlights", follow_text, forget_text))
registry.add(MarkProvider("highlights", _marks))
registry.add(PersonExporter("highlights", export_person))
registry.add(Panel("highlights", "insights/voice/_highlights_panel.html", _panel, order=10))
registry.add(NavItem("Insights", "Highlights", "highlights:highlight-list", order=32, icon="edit", under="Voice"))
registry.add(
    TextKind(
        name="highlight",
        label="Highlight",
        plural="Highlights",
        rows=lambda user: Highlight.objects.inside_of(user),  # of other teams' texts the texts are found
        fits=lambda rows, query, user: rows.filter(Fits("words", query)),
        inside=lambda rows, user: rows.inside_of(user),
        dress=lambda rows: rows.with_texts(),
        show=show_found,
        paths={
            name: (f"feedback__{of}", f"conversation__{talk}")
            for name, of, talk in (
                ("product", "product", "product"),
                ("day", "said_on", "held_on"),
                ("account", "account", "participants__account"),
                ("person", "person", "participants__person"),
                ("language", "language", "language"),
            )
        },
        has_shared_words=False,
        order=30,
    )
)
