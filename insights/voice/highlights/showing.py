"""What a reader sees of the texts that highlights quote, on lists, pages and in files."""

from collections.abc import Iterable, Sequence
from typing import Any

from insights.voice.conversations.public import Conversation, show_conversations
from insights.voice.feedback.public import Feedback, show_all
from insights.voice.highlights.models import Highlight, Piece
from insights.voice.texts.public import FoundText
from portal.people.public import is_insider

SORTS = {"made": "created_at", "said": "said_on", "product": "product_name", "by": "created_by__name"}


def show_pieces(pieces: Iterable[Piece], user: Any, *, has_names: bool = True) -> None:
    """Give each piece of feedback and each conversation `shown`, as its own room shows it to this reader.

    Names are those of now for feedback; for conversations those that were noted, which need no read of the store.
    """
    found = list(pieces)
    show_all([one for one in found if isinstance(one, Feedback)], user, has_names=has_names)
    show_conversations([one for one in found if isinstance(one, Conversation)], user, has_names=False)


def show_found(rows: Sequence[Highlight], user: Any) -> list[FoundText]:
    """Return highlights as search shows them: the words, why they matter, and whose they are where one row says it."""
    show_all([row.feedback for row in rows if row.feedback_id], user, has_names=False)
    return [
        FoundText(
            title=row.note if is_insider(user, row.team_id) else "",
            text=row.quote_for(user),
            url=row.get_absolute_url(),
            day=row.piece.said_on,
            detail=row.piece.product.name,
            who=row.feedback.shown.who if row.feedback_id else row.speaker if is_insider(user, row.team_id) else "",
            account=row.feedback.shown.account.label if row.feedback_id and row.feedback.shown.account else "",
            language=row.piece.language,
            quotes=True,
        )
        for row in rows
    ]


def person_ids(piece: Piece) -> str:
    """Return the ids of who said it, or of all who took part."""
    rows = [piece] if isinstance(piece, Feedback) else piece.participants.all()
    return "; ".join(dict.fromkeys(row.person.distinct_id for row in rows if row.person))


def account_ids(piece: Piece) -> str:
    """Return the ids of the accounts of who said it."""
    rows = [piece] if isinstance(piece, Feedback) else piece.participants.all()
    return "; ".join(dict.fromkeys(row.account.account_id for row in rows if row.account))


def columns_for(user: Any) -> dict[str, Any]:
    """Return the columns of a file of highlights, as this reader may have them."""

    def inside(read: Any) -> Any:
        return lambda row: read(row) if is_insider(user, row.team_id) else ""

    return {
        "id": lambda row: row.pk,
        "quote": lambda row: row.quote_for(user),
        "note": inside(lambda row: row.note),
        "feedback": lambda row: row.feedback_id or "",
        "conversation": lambda row: row.conversation_id or "",
        "part": Highlight.get_part_display,
        "speaker": inside(lambda row: row.speaker),
        "product": lambda row: row.piece.product.name,
        "said on": lambda row: row.piece.said_on,
        "person": inside(lambda row: person_ids(row.piece)),
        "account": inside(lambda row: account_ids(row.piece)),
        "words are in the text": lambda row: "no" if row.is_lost else "yes",
        "highlighted by": lambda row: str(row.created_by or ""),
        "highlighted": lambda row: row.created_at,
    }
