"""What other rooms may use of highlights."""

from insights.voice.highlights.access import get_highlight
from insights.voice.highlights.actions import add_highlight
from insights.voice.highlights.models import Highlight
from insights.voice.highlights.registered import highlights_of

__all__ = ["Highlight", "add_highlight", "get_highlight", "highlights_of"]
