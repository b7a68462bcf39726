"""What other rooms may use of highlights."""

from insights.voice.highlights.access import get_highlight
from insights.voice.highlights.actions import add_highlight
from insights.voice.highlights.contracts import HighlightUser
from insights.voice.highlights.forms import PartField
from insights.voice.highlights.models import Highlight, Piece, one_piece, piece_field
from insights.voice.highlights.registered import highlights_of
from insights.voice.highlights.showing import account_ids, person_ids, show_pieces
from insights.voice.highlights.speaking import SAID

__all__ = [
    "SAID",
    "Highlight",
    "HighlightUser",
    "PartField",
    "Piece",
    "account_ids",
    "add_highlight",
    "get_highlight",
    "highlights_of",
    "one_piece",
    "person_ids",
    "piece_field",
    "show_pieces",
]
